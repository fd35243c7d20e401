import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { controlPrefix } from './control';
import type { RequestEntry } from './log';
import type { OAuthSummary } from './oauth';
import type { Settings } from './settings';
import type { Association, Relation } from './state';

/** What the simulator holds. */
export interface StateReport {
	associations: Association[];
	relations: Relation[];
	/** The IDs of the records that were seeded, by object key. */
	records: Record<string, string[]>;
	oauth: OAuthSummary;
	settings: Settings;
}

/** A simulator in a process of its own. */
export type StartedSimulator = Awaited<ReturnType<typeof startSimulator>>;

/** Starts the simulator as a program; it ends with the process that started it. */
export async function startSimulator(settings: Partial<Settings> = {}) {
	const flags = ['--exit-with-stdin', '--settings', JSON.stringify(settings)];
	const args = [join(__dirname, 'index.js'), ...flags];
	const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
	let complaint = '';
	child.stderr.on('data', (text) => (complaint += text));
	const ended = once(child, 'close');
	const line = await Promise.race([
		once(createInterface(child.stdout), 'line'),
		ended.then(() => undefined),
	]);
	if (!line) throw new Error(`The simulator did not start: ${complaint.trim()}`);
	const { url } = JSON.parse(line[0]) as { url: string };

	const control = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
		const response = await fetch(`${url}${controlPrefix}${path}`, {
			method,
			...(body !== undefined && {
				body: JSON.stringify(body),
				headers: { 'content-type': 'application/json' },
			}),
		});
		const result = await response.json();
		if (!response.ok) throw new Error((result as { message: string }).message);
		return result as Body;
	};

	return {
		url,
		pid: child.pid!,
		/** What it received, oldest first. */
		requests: async () => await control<RequestEntry[]>('GET', '/requests'),
		/** Forgets what it received. */
		clearRequests: async () => await control<void>('DELETE', '/requests'),
		state: async () => await control<StateReport>('GET', '/state'),
		/** Starts anew, with the settings of the start and these. */
		reset: async (changes: Partial<Settings> = {}) =>
			await control<void>('POST', '/reset', changes),
		/** Changes settings and leaves the state as it is. */
		set: async (changes: Partial<Settings>) => await control<void>('PUT', '/settings', changes),
		/** Ends all OAuth access tokens. */
		expireTokens: async () => await control<void>('POST', '/oauth/expire'),
		/** Removes a record and its relations. */
		removeRecord: async (id: string) => await control<void>('DELETE', `/records/${id}`),
		/** Ends the process and waits for its end. */
		async stop() {
			child.kill('SIGTERM');
			await ended;
		},
	};
}
