import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../n8n/harness/ports';
import { ROOT } from './bootstrap';
import { leftOf, processTree } from './processTree';

jest.setTimeout(240_000);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'start-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = [process.execPath, join(ROOT, 'tools', 'demo')];
const NPM = ['npm', 'start', '--'];

/** Starts what `npm start` starts, or npm itself, and keeps what it prints. */
function start(args: string[], env: NodeJS.ProcessEnv = {}, [command = '', ...first] = PROGRAM) {
	const child = spawn(command, [...first, ...args], {
		cwd: ROOT,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let printed = '';
	const listeners = new Set<() => void>();
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text) => {
			printed += text;
			for (const listener of listeners) listener();
		});
	}
	const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, printed }));
	return {
		child,
		ended,
		/** Fulfilled when it has printed this. Throws with what it printed where it ends before. */
		async printed(text: string) {
			const found = new Promise<void>((resolve) =>
				listeners.add(() => {
					if (printed.includes(text)) resolve();
				}),
			);
			await Promise.race([found, ended.then(() => Promise.reject(new Error(printed)))]);
		},
	};
}

/** Waits until a program has started a process whose command holds this text. */
async function started(child: ChildProcess, text: string) {
	for (;;) {
		const tree = processTree(child.pid!);
		if (child.exitCode !== null || tree.some(({ command }) => command.includes(text))) return tree;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

test('--once shows the deletion, and ends with code 0 and no process left', async () => {
	const program = start(['--once']);
	const tree = await started(program.child, 'n8n start');
	const { code, printed } = await program.ended;
	expect(printed).toMatch(
		/Deleted the association \S+\. HighLevel says: Association deleted successfully/,
	);
	expect(printed).toMatch(
		/received: DELETE, \/associations\/\w+, Bearer pit-demo…?, Version 2021-07-28\n/,
	);
	expect(code).toBe(0);
	expect(await leftOf(tree)).toEqual([]);
});

test("keeps n8n's editor up, and Ctrl-C ends every process", async () => {
	const port = await freePort();
	const program = start(['--port', String(port)]);
	await program.printed('Ctrl-C ends both');
	const page = await fetch(`http://127.0.0.1:${port}/`);
	expect(await page.text()).toContain('<title>n8n');
	const icon = await fetch(
		`http://127.0.0.1:${port}/icons/n8n-nodes-highlevel-associations/dist/nodes/HighLevelAssociations/highLevelAssociations.svg`,
	);
	expect(await icon.text()).toMatch(/^<svg/);
	const tree = processTree(program.child.pid!);
	expect(tree.map(({ command }) => command).join('\n')).toMatch(/task-runner/);
	program.child.kill('SIGINT');
	expect(await program.ended).toMatchObject({
		code: 130,
		printed: expect.stringContaining(`http://127.0.0.1:${port}`),
	});
	expect(await leftOf(tree)).toEqual([]);
});

test.each([
	['SIGKILL', PROGRAM],
	['SIGINT', NPM],
	['SIGTERM', NPM],
] as const)('%s while n8n starts leaves no process: %j', async (signal, command) => {
	const program = start(['--once'], {}, [...command]);
	const tree = await started(program.child, 'n8n start');
	program.child.kill(signal);
	const { printed } = await program.ended;
	expect(printed).not.toMatch(/^\s+at /m);
	expect(await leftOf(tree)).toEqual([]);
});

test('Ctrl-C during the installation leaves no process', async () => {
	const npm = join(folder, 'npm-cli.js');
	writeFileSync(npm, "require('node:child_process').spawnSync('sleep', ['600'])");
	const program = start(['--once'], { N8N_CACHE: folder, npm_execpath: npm });
	const tree = await started(program.child, 'sleep 600');
	program.child.kill('SIGINT');
	const { code, printed } = await program.ended;
	expect(code).toBe(130);
	expect(printed).not.toMatch(/^\s+at /m);
	expect(await leftOf(tree)).toEqual([]);
});

test('says in a sentence that the port is in use', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as { port: number };
	const { code, printed } = await start(['--port', String(port)]).ended;
	server.close();
	expect(code).toBe(1);
	expect(printed).toMatch(
		new RegExp(`^Port ${port} is in use\\. .*npm start -- --port ${port + 1}\\n$`),
	);
});

test.each([
	[['--port', 'x'], /^The port must be a number from 1 to 65535, not x\. Usage: npm start/],
	[['--twice'], /^Unknown option '--twice'\. Usage: npm start/],
])('says how to call it: %j', async (args, sentence) => {
	const { code, printed } = await start(args).ended;
	expect(code).toBe(1);
	expect(printed).toMatch(sentence);
});

test('says in a sentence that n8n is missing and there is no network', async () => {
	const { code, printed } = await start(['--once'], {
		N8N_CACHE: folder,
		npm_config_cache: join(folder, 'npm'),
		npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
	}).ended;
	expect(code).toBe(1);
	expect(printed).toMatch(
		/is missing and could not be installed, because the package registry cannot be reached/,
	);
	expect(printed).not.toMatch(/^\s+at /m);
});
