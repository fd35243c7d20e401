import { installN8n } from '../install/install';
import type { N8nProgram } from './commandLine';
import { overwriteTokenUrl } from './credentials';
import { createHome, type Home } from './home';
import { startN8n, type Server } from './n8nServer';
import { freePort } from './ports';

/** Where the tests find the one n8n that all files share which need no settings of their own. */
export interface SharedN8n {
	url: string;
	program: N8nProgram;
	/** Where n8n looks for the authorization server of HighLevel: a test that signs in starts its simulator there. */
	oauthPort: number;
}

const VARIABLE = 'SHARED_N8N';

let running: { server: Server; home: Home } | undefined;

/** Starts it, once in a run of Jest. It is whole: it serves the editor's pages and logs all it can. */
export async function startShared(): Promise<void> {
	const home = await createHome(await installN8n());
	const oauthPort = await freePort();
	const server = await startN8n(home, {
		pages: true,
		logLevel: 'debug',
		credentialOverwrites: overwriteTokenUrl(`http://127.0.0.1:${oauthPort}`),
	});
	running = { server, home };
	const { node, n8n } = home;
	const program = { node, n8n, home: home.home };
	const shared: SharedN8n = { url: server.url, program, oauthPort };
	process.env[VARIABLE] = JSON.stringify(shared);
}

/** Ends it. */
export async function stopShared(): Promise<void> {
	await running?.server.stop();
	await running?.home.remove();
}

/** Finds it from within a test file. */
export const findShared = (): SharedN8n => JSON.parse(process.env[VARIABLE]!);
