/** Loaded into the n8n that is measured: at its end it prints the most memory that it ever held, as the system counts it. */
const { writeSync } = require('node:fs');

const KILOBYTES = 1024;

process.once('exit', () => {
	writeSync(2, `peak memory: ${process.resourceUsage().maxRSS * KILOBYTES} bytes\n`);
});
