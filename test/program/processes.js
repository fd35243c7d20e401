const { spawn } = require('node:child_process');
const { join } = require('node:path');

/** @type {Map<import('node:child_process').ChildProcess, Promise<number>>} */
const running = new Map();

let stopping = false;

/**
 * Starts a program in a process group of its own, under keeper.js: the whole group ends with `end`, and with the
 * process that called this, however that one ends.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, output?: 'pipe' | 'inherit', stdout?: number }} [options] `output` is
 * where stdout and stderr go, `stdout` an open file that the former goes to instead
 */
function start(command, args, { cwd, env, output = 'pipe', stdout } = {}) {
	if (stopping) throw new Error(`Stopping: ${command} is not started.`);
	const child = spawn(process.execPath, [join(__dirname, 'keeper.js'), command, ...args], {
		cwd,
		env,
		detached: true,
		stdio: ['pipe', stdout ?? output, output],
	});
	child.stdin?.on('error', () => {});
	const closed = new Promise((resolve) => {
		child.once('error', () => resolve(1));
		child.once('close', (code) => resolve(code ?? 1));
	}).finally(() => running.delete(child));
	running.set(child, closed);
	return child;
}

/**
 * Runs a program to its end and gives its exit code and what it printed (nothing of what goes elsewhere).
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof start>[2]} [options]
 */
async function run(command, args, options) {
	const child = start(command, args, options);
	const printed = { stdout: '', stderr: '' };
	for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
		child[name]?.setEncoding('utf8').on('data', (text) => (printed[name] += text));
	}
	return { code: await running.get(child), ...printed };
}

/**
 * Ends a program and all that it started, and waits until they are gone. It is asked first, and killed after ten seconds.
 * @param {import('node:child_process').ChildProcess} child from `start`
 */
async function end(child) {
	child.stdin?.end();
	await running.get(child);
}

/** Ends all programs that this process has started and lets no new one start. */
async function endAll() {
	stopping = true;
	await Promise.all([...running.keys()].map(end));
}

module.exports = { start, run, end, endAll };
