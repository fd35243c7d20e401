const { Problem } = require('./problem');
const { run } = require('./processes');

// Without a network npm would try for over a minute before it says so.
const FLAGS = [
	'--no-audit',
	'--no-fund',
	'--no-update-notifier',
	'--no-progress',
	'--loglevel=error',
	'--prefer-offline',
	'--fetch-retries=2',
	'--fetch-retry-mintimeout=1000',
	'--fetch-retry-maxtimeout=5000',
];

const NO_NETWORK =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|EIDLETIMEOUT|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Runs npm and gives what it printed on stdout.
 * @param {string[]} args
 * @param {{ what: string, cwd: string, env?: NodeJS.ProcessEnv, node?: string }} options `what` is being installed, for the
 * message; `node` is the binary that npm runs on
 * @throws {Problem} where npm fails, in a sentence: no network, no room, or npm's own words
 */
async function npm(args, { what, cwd, env = process.env, node = process.execPath }) {
	const { code, stdout, stderr } = await runNpm([...args, ...FLAGS], { cwd, env, node });
	if (code !== 0) throw new Problem(sentence(what, `${stderr}\n${stdout}`));
	return stdout;
}

/**
 * Runs npm as it is, and gives its exit code and what it printed.
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, node?: string }} options
 */
async function runNpm(args, { cwd, env = process.env, node = process.execPath }) {
	// npm names itself to what it runs; started in another way, npm is found on PATH.
	const script = env.npm_execpath;
	return script?.endsWith('npm-cli.js')
		? await run(node, [script, ...args], { cwd, env })
		: await run('npm', args, { cwd, env });
}

/**
 * @param {string} what
 * @param {string} output
 */
function sentence(what, output) {
	const code = NO_NETWORK.exec(output)?.[1];
	if (code) {
		return `${what} is missing and could not be installed, because the package registry cannot be reached (${code}). Connect to the network or set npm's registry or proxy, then run this again.`;
	}
	if (/\bENOSPC\b/.test(output))
		return `${what} could not be installed, because the disk is full. Free some space, then run this again.`;
	const words = output
		.split('\n')
		.filter(
			(line) => /^(npm (error|ERR!)|gyp ERR!)/.test(line) && !/A complete log|stack /.test(line),
		);
	return `${what} could not be installed. npm says:\n${(words.length > 0 ? words.slice(0, 15).join('\n') : output.slice(-2000)).trim()}`;
}

module.exports = { npm, runNpm };
