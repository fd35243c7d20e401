/** `npm run bench`: measures the node in the real n8n beside n8n's HTTP Request node. */
require('../../test/program/runTool').runTool(() => require('./bench').bench);
