import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import type { INodeExecutionData } from 'n8n-workflow';

import type { RequestEntry } from '../../simulator/log';
import type { StartedSimulator, StateReport } from '../../simulator/start';
import { requireOfEngine } from '../once/ofEngine';
import { startWorkflow } from '../runWorkflow';
import {
	locationOf,
	toItems,
	toParameters,
	toSettings,
	TOKENS,
	type Scenario,
	type TokenName,
} from './scenario';

/** A request as this process sent it. */
export interface Sent {
	method: string;
	path: string;
	/** When its response had come, or the connection was lost, in the order of all events. */
	settledAt?: number;
	startedAt: number;
}

/** What a run has done, as HighLevel saw it, and what the node says of it. */
export interface Observation {
	error?: Error & { description?: string; context?: Record<string, unknown> };
	outputs: INodeExecutionData[];
	output: INodeExecutionData[];
	errorOutput: INodeExecutionData[];
	/** Lines of n8n's log, without the name of the node. */
	log: string[];
	requests: Array<RequestEntry & { token?: TokenName }>;
	before: StateReport;
	after: StateReport;
	/** All requests of this process in the order in which they started, and events counted. */
	sent: Sent[];
}

const { Logger } = requireOfEngine<{
	Logger: { prototype: Record<'info' | 'warn', (text: string) => void> };
}>('@n8n/backend-common');

let runs = 0;

/** Runs a scenario against the simulator. */
export async function observe(
	simulator: StartedSimulator,
	scenario: Scenario,
): Promise<Observation> {
	runs += 1;
	// The simulator's log shows the first eight characters of a token; no run inherits another's rate limit.
	const short = (token: TokenName) =>
		`pit-${'abcdef'[TOKENS.indexOf(token)]}${runs.toString(36).padStart(3, '0')}`;
	const tokens = Object.fromEntries(
		TOKENS.map((token) => [token, `${short(token)}-not-real${token === 'flawed' ? '-ö' : ''}`]),
	) as Record<TokenName, string>;
	await simulator.reset(toSettings(scenario, tokens));
	const before = await simulator.state();

	const log: string[] = [];
	const note = (text: string) => void log.push(text.replace(/^HighLevel(: | )/, ''));
	const spies = [
		jest.spyOn(Logger.prototype, 'info').mockImplementation(note),
		jest.spyOn(Logger.prototype, 'warn').mockImplementation(note),
	];
	const client = watchClient(simulator.url);
	const credentialsFor = (index: number) => {
		const { token } = scenario.items[index]!;
		return {
			token: tokens[token],
			locationId: locationOf(token),
			baseUrl: token === 'unreachable' ? 'http://127.0.0.1:9' : simulator.url,
		};
	};
	const isSame = scenario.items.every(({ token }) => token === scenario.items[0]!.token);
	const retry = { retryOnFail: true, maxTries: scenario.tries, waitBetweenTries: 1 };
	const running = startWorkflow({
		parameters: toParameters(scenario),
		credentials: credentialsFor(0),
		...(!isSame && { credentialsFor }),
		items: toItems(scenario),
		onError: scenario.onError,
		node: { ...(scenario.tries > 1 && retry), executeOnce: scenario.executeOnce },
	});
	if (scenario.cancelAfter !== undefined) {
		await Promise.race([running, wait(scenario.cancelAfter)]);
		running.cancel();
	}
	const run = await running;
	if (scenario.cancelAfter !== undefined) await wait(20);
	const { error, runData } = run.data.resultData;
	const [output = [], errorOutput = []] = (runData.HighLevel?.at(0)?.data?.main ?? []).map(
		(items) => items ?? [],
	);
	await client.whenSettled();
	client.stop();
	spies.forEach((spy) => spy.mockRestore());
	return {
		error: error as Observation['error'],
		outputs: [...output, ...errorOutput],
		output,
		errorOutput,
		log,
		requests: (await simulator.requests()).map((request) => ({
			...request,
			token: TOKENS.find((token) => request.headers.authorization?.includes(`${short(token)}…`)),
		})),
		before,
		after: await simulator.state(),
		sent: client.sent,
	};
}

/** Watches the requests that this process makes. */
function watchClient(url: string) {
	const sent: Sent[] = [];
	const byRequest = new Map<object, Sent>();
	let events = 0;
	const isOurs = (request: ClientRequest) =>
		`http://${String(request.getHeader('host'))}` === url && !request.path.startsWith('/__');
	const start = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		if (!isOurs(request)) return;
		const entry: Sent = { method: request.method, path: request.path, startedAt: ++events };
		sent.push(entry);
		byRequest.set(request, entry);
	};
	const settle = (message: unknown) => {
		const entry = byRequest.get((message as { request: ClientRequest }).request);
		if (entry) entry.settledAt ??= ++events;
	};
	const channels = [
		['http.client.request.start', start],
		['http.client.response.finish', settle],
		['http.client.request.error', settle],
	] as const;
	for (const [name, listener] of channels) subscribe(name, listener);
	return {
		sent,
		stop: () => {
			for (const [name, listener] of channels) unsubscribe(name, listener);
		},
		/** Waits for what is under way, at most a moment: a response that is cut off is not announced. */
		whenSettled: async () => {
			for (let turn = 0; turn < 5 && sent.some(({ settledAt }) => !settledAt); turn++) {
				await wait(5);
			}
		},
	};
}
