const { constants } = require('node:os');
const { Problem } = require('./problem');
const { endAll } = require('./processes');

/** @type {Array<() => void | Promise<void>>} */
const cleanups = [];

/**
 * Has something done when the program ends, by itself or by a signal, after all its processes have ended.
 * @param {() => void | Promise<void>} cleanup
 */
function onEnd(cleanup) {
	cleanups.unshift(cleanup);
}

/**
 * Runs a program: what it returns is the exit code, a `Problem` is printed as one sentence, and at its end and at Ctrl-C
 * or SIGTERM all processes that it started end. A second Ctrl-C does not wait for them.
 * @param {() => Promise<number | void>} program
 */
async function main(program) {
	let interrupted = false;
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
		process.on(signal, async () => {
			if (!interrupted) {
				interrupted = true;
				process.stderr.write('\nStopping...\n');
				await finish();
			}
			process.exit(128 + constants.signals[signal]);
		});
	}
	let code = 1;
	try {
		code = (await program()) ?? 0;
	} catch (error) {
		if (!interrupted) process.stderr.write(`${describe(error)}\n`);
	}
	// Whoever handles the signal ends the process.
	if (interrupted) return;
	await finish();
	process.exit(code);
}

async function finish() {
	await endAll();
	for (const cleanup of cleanups.splice(0)) await cleanup();
}

/** @param {unknown} error */
function describe(error) {
	if (error instanceof Problem) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

module.exports = { main, onEnd };
