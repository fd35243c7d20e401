import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { N8nProgram } from './commandLine';
import { n8nEnvironment, type N8nSettings } from './environment';
import { createClient, type N8nClient } from './n8nClient';
import { freePort } from './ports';
import { startService, type Service } from './service';

/**
 * n8n's commands that run until they are ended, and what each prints when it is ready: `start` when it takes requests,
 * its nodes are loaded and its workflows are active.
 */
const READY = {
	start: 'Editor is now accessible via',
	webhook: 'Webhook listener waiting for requests',
	worker: 'n8n worker is now ready',
};

/** The command `start`, a free port, log level `info` and no pages unless told. */
export interface ServerSettings
	extends Pick<
		N8nSettings,
		'port' | 'logLevel' | 'pages' | 'credentialOverwrites' | 'queueMode' | 'env'
	> {
	command?: keyof typeof READY;
}

/** A started n8n server, or another process of an n8n. */
export interface Server extends Service {
	/** Without a slash at the end. A worker does not listen there. */
	url: string;
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

/** Starts an n8n process and waits until it is ready. Throws with what n8n printed where it ends before. */
export async function startServer(
	{ node, n8n, ...program }: N8nProgram,
	{ command = 'start', ...settings }: ServerSettings,
): Promise<Server> {
	const [port, brokerPort] = [settings.port ?? (await freePort()), await freePort()];
	const env = n8nEnvironment({ node, n8n }, { ...settings, ...program, port, brokerPort });
	const logFile = logIn(program.home);
	const options = { cwd: program.home, env, ready: READY[command], logFile };
	return {
		url: `http://127.0.0.1:${port}`,
		...(await startService(node, [n8n, command], options)),
	};
}

const logIn = (home: string) => join(home, 'n8n.log');

/** Everything that an n8n in this home has printed up to now. */
export const readLog = (home: string) => readFileSync(logIn(home), 'utf8');
