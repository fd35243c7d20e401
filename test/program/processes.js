const { spawn } = require('node:child_process');
const { join } = require('node:path');

/** How long a group gets after keeper.js should have ended it, in ms. */
const LAST_RESORT = 15_000;

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
	running.set(
		child,
		new Promise((resolve) => {
			child.once('error', () => resolve(1));
			child.once('close', (code) => {
				running.delete(child);
				signalGroup(child, 'SIGKILL');
				resolve(code ?? 1);
			});
		}),
	);
	return child;
}

/**
 * Runs a program to its end and gives its exit code and what it printed (nothing of what goes elsewhere).
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof start>[2] & { onText?: (text: string) => void }} [options] `onText` sees each piece of output as it comes
 */
async function run(command, args, { onText = () => {}, ...options } = {}) {
	const child = start(command, args, options);
	const printed = { stdout: '', stderr: '' };
	for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
		child[name]?.setEncoding('utf8').on('data', (text) => {
			printed[name] += text;
			onText(text);
		});
	}
	const code = await running.get(child);
	return { code, ...printed };
}

/**
 * Ends a program and all that it started, and waits until they are gone. It first asks (SIGTERM), then kills.
 * @param {import('node:child_process').ChildProcess} child from `start`
 */
async function end(child) {
	const closed = running.get(child);
	if (!closed) return;
	child.stdin?.end();
	const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), LAST_RESORT);
	await closed;
	clearTimeout(timer);
}

/** Ends all programs that this process has started and lets no new one start. */
async function endAll() {
	stopping = true;
	await Promise.all([...running.keys()].map(end));
}

/** Kills at once what `endAll` is still waiting for. */
function killAll() {
	for (const child of running.keys()) signalGroup(child, 'SIGKILL');
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
	try {
		if (child.pid) process.kill(-child.pid, signal);
	} catch {
		// The group is gone.
	}
}

module.exports = { start, run, end, endAll, killAll };
