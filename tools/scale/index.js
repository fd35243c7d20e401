/** `npm run test:scale`: measures the node in n8n's queue mode, in large runs and for long. */
require('../../test/program/runTool').runTool(() => require('./scale').testScale);
