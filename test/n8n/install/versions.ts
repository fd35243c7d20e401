import { homedir } from 'node:os';
import { join } from 'node:path';

import { OLDEST_N8N } from '../../../nodes/HighLevelAssociations/oldestN8n';

/** An n8n and the Node that it runs on. */
export interface Versions {
	n8n: string;
	node: string;
}

/** What the tests and the demo run: n8n 2.41 needs Node 24 or newer. */
export const CURRENT: Versions = { n8n: '2.41.1', node: '24.21.0' };

/** The n8n's that the package is tested with, newest first: the README names them. All of them run on Node 24. */
export const TESTED: Versions[] = ['2.41.1', '2.37.11', '2.30.8', '2.0.3', OLDEST_N8N].map(
	(n8n) => ({ ...CURRENT, n8n }),
);

/** The folder that keeps an installed n8n, outside the checkout and under a name that holds the pinned versions. */
export function cacheFolder({ n8n, node }: Versions): string {
	const { N8N_CACHE, XDG_CACHE_HOME } = process.env;
	return join(
		N8N_CACHE || XDG_CACHE_HOME || join(homedir(), '.cache'),
		'n8n-nodes-highlevel-associations',
		`n8n-${n8n}-node-${node}-${process.platform}-${process.arch}`,
	);
}
