/** Entry for plain Node: `node test/simulator --port 0`. */
// @ts-expect-error -- "moduleResolution": "node" does not read the exports of tsx; Node does
require('tsx/cjs');
require('./cli');
