/** `npm run test:compat`: tests the packed node in each n8n that the README names. */
require('../../test/program/runTool').runTool(() => require('./compat').testCompatibility);
