/**
 * `node keeper.js COMMAND ARG...` runs a program and ends with its exit code. When standard input closes, which it does
 * however the process that holds its other end dies, the program and all of this process group are ended: asked first,
 * killed after ten seconds. A handler in the parent alone could not do that where the parent is killed.
 */
const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const PATIENCE = 10_000;

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
let ending = false;

child.once('error', (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(127);
});
child.once('exit', (code, signal) => {
	if (ending) process.kill(0, 'SIGKILL');
	process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
});

// The signal to the group reaches this process too, which has to stay until the others are gone.
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
	process.on(signal, endGroup);
process.stdin.once('end', endGroup).once('error', endGroup).resume();

function endGroup() {
	if (ending) return;
	ending = true;
	setTimeout(() => process.kill(0, 'SIGKILL'), PATIENCE);
	process.kill(0, 'SIGTERM');
}
