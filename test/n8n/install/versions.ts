import { homedir } from 'node:os';
import { join } from 'node:path';

/** The n8n that the tests and the demo run, and the Node that it runs on: n8n 2.41 needs Node 24 or newer. */
export const N8N_VERSION = '2.41.1';
export const NODE_VERSION = '24.21.0';

/** The folder that keeps the installed n8n, outside the checkout and under a name that holds the pinned versions. */
export function cacheFolder(): string {
	const { N8N_CACHE, XDG_CACHE_HOME } = process.env;
	return join(
		N8N_CACHE || XDG_CACHE_HOME || join(homedir(), '.cache'),
		'n8n-nodes-highlevel-associations',
		`n8n-${N8N_VERSION}-node-${NODE_VERSION}-${process.platform}-${process.arch}`,
	);
}
