/** `npm start`: makes a fresh clone ready and shows the node in the real n8n. */
require('../../test/program/runTool').runTool(() => require('./demo').demo);
