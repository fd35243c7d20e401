import type { RequestEntry } from './log';
import { createSimulator, type Simulator } from './server';
import type { Settings } from './settings';
import type { StateReport } from './start';
import { call, type ClientRequest } from './testClient';

/** One simulator for a test file, in its process and without a limit unless told, and what is sent to it. */
export function useServer(settings: Partial<Settings> = {}, now?: () => number) {
	let simulator: Simulator;
	beforeAll(async () => (simulator = await createSimulator({ limit: 0, ...settings }, now)));
	afterAll(async () => await simulator.close());

	const send = async (method: string, path: string, options?: ClientRequest) =>
		await call(simulator.url, method, path, options);
	const read = async (what: string) => (await send('GET', `/__simulator/${what}`)).body;
	return {
		send,
		url: () => simulator.url,
		reset: async (body: Partial<Settings> = {}) =>
			expect((await send('POST', '/__simulator/reset', { body })).status).toBe(200),
		set: async (body: unknown) => await send('PUT', '/__simulator/settings', { body }),
		state: async (): Promise<StateReport> => await read('state'),
		requests: async (): Promise<RequestEntry[]> => await read('requests'),
	};
}
