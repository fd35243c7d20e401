import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { installN8n } from '../install/install';
import { createHome, type Home } from './home';
import type { N8nClient } from './n8nClient';
import { startN8n, startServer, type Server } from './n8nServer';
import { freePort } from './ports';

/** n8n may have to be installed first, where a file is run without `npm test`. */
const LONGEST_START = 900_000;

/** An n8n for a test file alone, which can be killed and started again. */
export function useOwnN8n() {
	const started = {} as { home: Home; server: Server; client: N8nClient; port: number };

	beforeAll(async () => {
		started.home = await createHome(await installN8n());
		// n8n reads it when it starts. Its newer engine makes two V8 isolates for each delivery to any trigger but its own
		// Webhook node, which take ten times as long as all the rest.
		await writeFile(join(started.home.home, '.env'), 'N8N_EXPRESSION_ENGINE=legacy\n');
		started.port = await freePort();
		const n8n = await startN8n(started.home, { port: started.port });
		started.server = n8n;
		started.client = n8n;
	}, LONGEST_START);
	afterAll(async () => {
		await started.server?.stop();
		await started.home?.remove();
	});

	return {
		get client() {
			return started.client;
		},
		/** Everything that n8n has printed up to now, before it was killed and after. */
		log: () => started.server.log(),
		/** Kills n8n, without a chance to save anything. */
		kill: async () => await started.server.kill(),
		/** Starts n8n again with what it had stored, after `kill`, at the same URL. */
		async restart(): Promise<void> {
			started.server = await startServer(started.home, { port: started.port });
			await started.client.logIn();
		},
	};
}
