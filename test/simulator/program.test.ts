import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { Problem } from '../program/problem';
import { readCommand } from './arguments';
import { scopes } from './contract';
import { knobs } from './settings';
import { startSimulator, type StartedSimulator } from './start';
import { call } from './testClient';

const folder = __dirname;

const started: StartedSimulator[] = [];
const start = async (...settings: Parameters<typeof startSimulator>) => {
	const simulator = await startSimulator(...settings);
	started.push(simulator);
	return simulator;
};
afterEach(async () => {
	for (const simulator of started.splice(0)) await simulator.stop();
});

function launch(...args: string[]) {
	const child = spawn(process.execPath, [folder, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
	const output = { stdout: '', stderr: '' };
	child.stdout.on('data', (text) => (output.stdout += text));
	child.stderr.on('data', (text) => (output.stderr += text));
	const ended = once(child, 'close').then(([exitCode]) => ({ ...output, exitCode }));
	return { child, output, ended };
}

async function launchReady(...args: string[]) {
	const launched = launch(...args);
	await once(launched.child.stdout, 'data');
	return launched;
}

const isGone = async (url: string) =>
	await call(url, 'GET', '/').then(
		() => false,
		() => true,
	);

test.each(['SIGTERM', 'SIGINT'] as const)(
	'prints its URL alone and ends cleanly on %s',
	async (signal) => {
		const settings = '{"faults":[{"kind":"hang"}]}';
		const { child, output, ended } = await launchReady('--settings', settings);
		expect(output.stdout).toMatch(/^\{"url":"http:\/\/127\.0\.0\.1:\d+"\}\n$/);
		const { url } = JSON.parse(output.stdout);
		const hanging = call(url, 'GET', '/associations/x').catch((error) => error.code);
		while ((await call(url, 'GET', '/__simulator/requests')).body.length === 0);
		child.kill(signal);
		expect(await ended).toMatchObject({ exitCode: 0, stderr: '' });
		expect(await hanging).toBe('ECONNRESET');
		expect(await isGone(url)).toBe(true);
	},
);

test('ends with its standard input where that is asked for', async () => {
	const { child, ended } = await launchReady('--exit-with-stdin');
	child.stdin.end();
	expect(await ended).toMatchObject({ exitCode: 0 });
});

test.each([
	[['--unknown'], "Unknown option '--unknown'. --help lists the flags."],
	[['--limit', 'many'], '--limit must be a number, not "many".'],
	[['--limit=-1'], 'limit must be >= 0.'],
	[
		['--token', '=associations.write'],
		'--token needs a name, e.g. pit-demo=associations.readonly.',
	],
	[['--settings', '{'], '--settings must be JSON, not "{".'],
	[['--settings', '{"limits":1}'], 'There is no setting "limits".'],
	[
		['--settings', '{"windowKind":"round"}'],
		'windowKind must be equal to one of the allowed values: sliding, fixed.',
	],
])('%j is refused in one sentence', (args, sentence) => {
	expect(() => readCommand(args)).toThrow(new Problem(sentence));
});

test('what is wrong is one sentence: exit code 2 for bad arguments, 1 for a port in use', async () => {
	expect(await launch('--limit', 'many').ended).toMatchObject({
		...{ exitCode: 2, stdout: '', stderr: '--limit must be a number, not "many".\n' },
	});
	const { port } = new URL((await start()).url);
	expect(await launch('--port', port).ended).toMatchObject({
		...{ exitCode: 1, stdout: '', stderr: 'The port is in use; --port 0 takes a free one.\n' },
	});
});

test('--help names every flag and setting', async () => {
	const { exitCode, stdout } = await launch('--help').ended;
	expect(exitCode).toBe(0);
	for (const key of Object.keys(knobs)) expect(stdout).toContain(`  ${key}: `);
	for (const flag of ['port', 'limit', 'window', 'token', 'settings']) {
		expect(stdout).toContain(`  --${flag}: `);
	}
});

test('flags become settings, and go before --settings', () => {
	const text =
		'--port 1 --limit 7 --window 500 --token pit-all --token pit-none= --token pit-one=associations.write --settings {"limit":8,"system":0}';
	expect(readCommand(text.split(' ')).settings).toEqual({
		...{ port: 1, limit: 7, window: 500, system: 0 },
		tokens: [
			{ name: 'pit-all', scopes: [...scopes] },
			{ name: 'pit-none', scopes: [] },
			{ name: 'pit-one', scopes: ['associations.write'] },
		],
	});
});

test('a start with bad settings says why', async () => {
	await expect(startSimulator({ limit: -1 })).rejects.toThrow(
		'The simulator did not start: limit must be >= 0.',
	);
});
