import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { end, start } from '../../program/processes';
import type { N8nProgram } from './commandLine';
import { n8nEnvironment, type N8nSettings } from './environment';
import { createClient, type N8nClient } from './n8nClient';
import { freePort } from './ports';

/** What n8n prints when it takes requests, its nodes are loaded and its workflows are active. */
const READY = 'Editor is now accessible via';

/** A free port, log level `info` and no pages unless told. */
export type ServerSettings = Pick<
	N8nSettings,
	'port' | 'logLevel' | 'pages' | 'credentialOverwrites'
>;

/** A started n8n server. */
export interface Server {
	/** Without a slash at the end. */
	url: string;
	/** The ID of its process group: all processes of this n8n are in it. */
	pid: number;
	/** Everything that n8n has printed up to now. */
	log(): string;
	/** Fulfilled when n8n has ended, by `stop` or by itself. */
	ended: Promise<void>;
	/** Ends n8n and all processes that it started. */
	stop(): Promise<void>;
}

/** Starts n8n's server in a home that has no owner yet, and makes one (`OWNER`), who is logged in. */
export async function startN8n(
	program: N8nProgram,
	settings: ServerSettings = {},
): Promise<Server & N8nClient> {
	const server = await startServer(program, settings);
	const client = createClient(server.url);
	try {
		await client.setUpOwner();
	} catch (error) {
		await server.stop();
		throw error;
	}
	return { ...client, ...server };
}

/** Starts `n8n start` and waits until it takes requests. Throws with what n8n printed where it ends before. */
export async function startServer(
	{ node, n8n, ...program }: N8nProgram,
	settings: ServerSettings,
): Promise<Server> {
	const [port, brokerPort] = [settings.port ?? (await freePort()), await freePort()];
	const env = n8nEnvironment({ node, n8n }, { ...settings, ...program, port, brokerPort });
	const child = start(node, [n8n, 'start'], { cwd: program.home, env });
	const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
	let printed = '';
	await new Promise<void>((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8').on('data', (text) => {
				appendFileSync(logIn(program.home), text);
				printed += text;
				if (printed.includes(READY)) resolve();
			});
		}
		void ended.then(() => reject(new Error(`n8n did not start:\n${printed}`)));
	});
	return {
		url: `http://127.0.0.1:${port}`,
		pid: child.pid!,
		log: () => readLog(program.home),
		ended,
		stop: async () => await end(child),
	};
}

const logIn = (home: string) => join(home, 'n8n.log');

/** Everything that an n8n in this home has printed up to now. */
export const readLog = (home: string) => readFileSync(logIn(home), 'utf8');
