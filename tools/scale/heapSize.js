/** Loaded into the n8n's that are measured: a worker prints every ten seconds how much its heap holds after a collection. */
const { writeSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const INTERVAL = 10_000;

if (process.argv.includes('worker') && process.argv[1]?.endsWith('n8n')) {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc');
	setInterval(() => {
		collect();
		writeSync(2, `heap after collection: ${process.memoryUsage().heapUsed} bytes\n`);
	}, INTERVAL).unref();
}
