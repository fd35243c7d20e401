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
export interface StartedSimulator {
	url: string;
	pid: number;
	/** What it received, oldest first. */
	requests(): Promise<RequestEntry[]>;
	/** Forgets what it received. */
	clearRequests(): Promise<void>;
	state(): Promise<StateReport>;
	/** Starts anew, with the settings of the start and these. */
	reset(settings?: Partial<Settings>): Promise<void>;
	/** Changes settings and leaves the state as it is. */
	set(settings: Partial<Settings>): Promise<void>;
	/** Ends all OAuth access tokens. */
	expireTokens(): Promise<void>;
	/** Removes a record and its relations. */
	removeRecord(id: string): Promise<void>;
	/** Ends the process and waits for its end. */
	stop(): Promise<void>;
}

/** Starts the simulator as a program, with flags or with settings; it ends with the process that started it. */
export async function startSimulator(
	settings: string[] | Partial<Settings> = {},
): Promise<StartedSimulator> {
	const flags = Array.isArray(settings) ? settings : ['--settings', JSON.stringify(settings)];
	const args = [join(__dirname, 'index.js'), '--exit-with-stdin', ...flags];
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
		requests: async () => await control('GET', '/requests'),
		clearRequests: async () => await control('DELETE', '/requests'),
		state: async () => await control('GET', '/state'),
		reset: async (changes = {}) => await control('POST', '/reset', changes),
		set: async (changes) => await control('PUT', '/settings', changes),
		expireTokens: async () => await control('POST', '/oauth/expire'),
		removeRecord: async (id) => await control('DELETE', `/records/${id}`),
		stop: async () => {
			child.kill('SIGTERM');
			await ended;
		},
	};
}
