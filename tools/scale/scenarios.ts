import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';

import { CONCURRENCY } from '../../nodes/HighLevelAssociations/transport/queue';
import {
	accept,
	deletable,
	deleted,
	endsOf,
	privateIntegration,
	readRuns,
	startDeletions,
	workerOf,
	type Deletions,
} from '../../test/n8n/harness/deletions';
import { NODES } from '../../test/n8n/harness/deleteWorkflow';
import { ONCE, publishEachOnce } from '../../test/n8n/harness/eachOnce';
import { oauthSignIn } from '../../test/n8n/harness/oauthSignIn';
import type { QueueMode } from '../../test/n8n/harness/queueMode';
import { CREDENTIAL_TYPE, OAUTH_TYPE } from '../../test/n8n/harness/sharedN8n';
import { namedDeleted, namedInLog, tally, type Tally } from '../../test/n8n/harness/tally';
import {
	chain,
	HIGHLEVEL,
	node,
	to,
	type WorkflowFile,
	type WorkflowRun,
} from '../../test/n8n/harness/workflow';
import type { Settings } from '../../test/simulator/settings';
import type { StartedSimulator } from '../../test/simulator/start';
import { event } from '../../test/simulator/webhooks';
import { floorOf } from '../bench/floor';
import { mebibytes, seconds } from '../bench/table';

/** An n8n in queue mode and a simulated HighLevel. */
interface Setup {
	n8n: QueueMode;
	simulator: StartedSimulator;
}

/** What a scenario has come to. */
export interface Outcome {
	deletions?: Figures;
	/** What else was seen. */
	notes: string[];
	/** What was expected and is not so. */
	misses: string[];
}

/** What became of deletions. */
interface Figures extends Tally {
	items: number;
	/** From the start of the first execution to the end of the last, in ms. */
	time: number;
	/** What the limit dictates, in ms. */
	floor?: number;
}

/** Something that is done to an n8n in queue mode of its own. */
export interface Scenario {
	name: string;
	title: string;
	workers: number;
	/** Variables of n8n. */
	variables?: Record<string, string>;
	/** What HighLevel is like. */
	settings: Partial<Settings>;
	run(setup: Setup): Promise<Outcome>;
}

/** The longest that executions are waited for, in ms. */
const LONGEST_RUN = 1_800_000;

const LIMIT = { limit: 100, window: 10_000 };

/** Tokens, each of which has the limit for itself. */
const TEN = Array.from({ length: 10 }, (_, index) => `pit-demo-${index}`);

const HOLDS_OUT = { QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD: '60000' };

/** Stores a credential, and gives it as a node names it. */
async function signIn(
	{ n8n, simulator }: Setup,
	token = 'pit-demo',
): Promise<NonNullable<INode['credentials']>> {
	const credential = await n8n.main.createCredential(privateIntegration(simulator, token));
	return { [CREDENTIAL_TYPE]: credential };
}

/** What is expected of deletions at most; nothing lost in any case. */
interface Bounds {
	unaccounted?: number;
	/** Of all requests. */
	turnedAway?: number;
	/** Time over the floor. */
	over?: number;
}

function findMisses(
	{ lost, unaccounted, requests, turnedAway, time, floor = Infinity }: Figures,
	bounds: Bounds,
): string[] {
	const { unaccounted: mayBeUnaccounted = 0, turnedAway: part = 1, over = Infinity } = bounds;
	return [
		lost > 0 && `${lost} lost`,
		unaccounted > mayBeUnaccounted &&
			`${unaccounted} unaccounted for (at most ${mayBeUnaccounted})`,
		turnedAway > part * requests &&
			`${((100 * turnedAway) / requests).toFixed(1)} % of the requests answered 429 (at most ${100 * part} %)`,
		time > over * floor && `${(time / floor).toFixed(2)} × the floor (at most ${over} ×)`,
	].filter((miss) => miss !== false);
}

const endOf = (runs: WorkflowRun[]) =>
	Math.max(...runs.map(({ raw }) => Date.parse(raw.stoppedAt)));

/** What has become of these associations, as reports of runs and other accounts name them. */
async function count(
	{ simulator }: Setup,
	{ ids, began, runs, accounts = [] }: Counted,
): Promise<Figures> {
	const named = new Set([
		...runs.flatMap((run) => [...namedDeleted(run, NODES.delete)]),
		...accounts.flatMap((account) => [...account]),
	]);
	const left = new Set(await deletable(simulator));
	const requests = (await simulator.requests()).filter(({ method }) => method === 'DELETE');
	return {
		items: ids.length,
		...tally(ids, left, requests, named),
		time: endOf(runs) - began,
	};
}

interface Counted {
	ids: string[];
	/** In ms since 1970. */
	began: number;
	runs: WorkflowRun[];
	/** The IDs that others than the runs name as deleted. */
	accounts?: Array<Set<string>>;
}

/** Deletes all that there is, does something meanwhile, and counts; all executions must succeed. */
async function deleteAll(
	setup: Setup,
	{ executions, credentials, parameters }: Pick<Deletions, 'executions'> & Partial<Deletions>,
	meanwhile: (executionIds: string[]) => Promise<void> = async () => {},
	bounds: Bounds = {},
): Promise<Outcome & { deletions: Figures }> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const used = credentials ?? (await signIn(setup));
	const began = Date.now();
	const deletions = { ids, executions, credentials: used, parameters };
	const executionIds = await startDeletions(n8n.main, deletions);
	await meanwhile(executionIds);
	const ends = await endsOf(n8n.main, executionIds, LONGEST_RUN);
	return await judge(setup, { ids, began, ends, executionIds }, bounds);
}

async function judge(
	setup: Setup,
	{ ids, began, ends, executionIds }: Started,
	bounds: Bounds,
): Promise<Outcome & { deletions: Figures }> {
	const runs = await readRuns(setup.n8n.main, executionIds);
	const { settings } = await setup.simulator.state();
	const floor = settings.limit
		? floorOf({ items: ids.length, hasLimit: true, highLevel: settings })
		: undefined;
	const deletions = { ...(await count(setup, { ids, began, runs })), ...(floor && { floor }) };
	return {
		deletions,
		notes: [await describeSharing(setup, executionIds)],
		misses: [...findMisses(deletions, bounds), ...findFailures(ends)],
	};
}

interface Started {
	ids: string[];
	began: number;
	executionIds: string[];
	ends: string[];
}

const findFailures = (ends: string[]) =>
	ends.every((end) => end === 'success') ? [] : [`executions ended as ${ends.join(', ')}`];

/** How many executions each worker has had. */
async function describeSharing({ n8n }: Setup, executionIds: string[]): Promise<string> {
	const used = await Promise.all(executionIds.map(async (id) => await workerOf(n8n.workers, id)));
	const counts = n8n.workers.map((worker) => used.filter((one) => one === worker).length);
	return `Executions by worker: ${counts.join(' : ')}.`;
}

const limitScenario = (
	workers: number,
	windowKind: Settings['windowKind'],
	more: Partial<Settings> = {},
	bounds: Bounds = { turnedAway: 0.05, over: 1.15 },
): Omit<Scenario, 'name' | 'title'> => ({
	workers,
	settings: { ...LIMIT, windowKind, associations: 2_000, ...more },
	run: async (setup) => await deleteAll(setup, { executions: 4 }, undefined, bounds),
});

/** Deletes some thousand in one execution, without a limit. */
const largeScenario = (items: number): Scenario => ({
	name: `large-${items}`,
	title: `one execution of ${items} items, no limit`,
	workers: 2,
	settings: { limit: 0, associations: items },
	run: async (setup) => await deleteAll(setup, { executions: 1 }),
});

/** All scenarios, in the order in which they are run. */
export const scenarios: Scenario[] = [
	{
		name: 'limit-1-sliding',
		title: 'one worker, for comparison',
		...limitScenario(1, 'sliding'),
	},
	{
		name: 'limit-2-sliding',
		title: 'two workers, 2,000 deletions, 100 per 10 s, sliding window',
		...limitScenario(2, 'sliding'),
	},
	{
		name: 'limit-2-fixed',
		title: 'two workers, fixed window',
		...limitScenario(2, 'fixed'),
	},
	{
		name: 'limit-4-sliding',
		title: 'four workers, sliding window',
		...limitScenario(4, 'sliding'),
	},
	{
		name: 'limit-4-fixed',
		title: 'four workers, fixed window',
		...limitScenario(4, 'fixed'),
	},
	{
		name: 'limit-2-foreign',
		title: 'two workers, others send two requests a second',
		...limitScenario(2, 'sliding', { foreign: 2 }, {}),
	},
	{
		name: 'limit-2-unannounced',
		title: 'two workers, no headers announce the limit',
		...limitScenario(2, 'sliding', { announce: false }, {}),
	},
	{
		name: 'kill',
		title: "a worker is killed and its workflow repeated, n8n's defaults",
		workers: 2,
		settings: { ...LIMIT, associations: 600 },
		run: killWorker,
	},
	{
		name: 'redis',
		title: 'Redis is away for 12 seconds, QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD=60000',
		workers: 2,
		variables: HOLDS_OUT,
		settings: { ...LIMIT, associations: 800 },
		run: async (setup) =>
			await deleteAll(setup, { executions: 4 }, async () => {
				await deleted(setup.simulator, 150);
				await setup.n8n.redis.stop();
				await sleep(12_000);
				await setup.n8n.redis.restart();
			}),
	},
	{
		name: 'unreachable',
		title: 'HighLevel breaks all connections for 30 seconds',
		workers: 2,
		settings: { ...LIMIT, associations: 600 },
		run: async (setup) =>
			await deleteAll(setup, { executions: 2 }, async () => {
				await deleted(setup.simulator, 150);
				await setup.simulator.set({ faults: [{ kind: 'reset' }] });
				await sleep(30_000);
				await setup.simulator.set({ faults: [] });
			}),
	},
	{
		name: 'token',
		title: 'the token is changed, and the old one refused',
		workers: 2,
		settings: { ...LIMIT, associations: 600, ...accept('pit-old') },
		run: changeToken,
	},
	{
		name: 'oauth',
		title: 'an OAuth2 token ends every 20 seconds',
		workers: 2,
		settings: { ...LIMIT, associations: 600, tokenLifetime: 20 },
		run: renewTokens,
	},
	{
		name: 'many-one',
		title: 'ten workflows at once on one credential',
		workers: 2,
		settings: { ...LIMIT, associations: 1_000 },
		run: async (setup) => await deleteAll(setup, { executions: 10 }),
	},
	{
		name: 'many-ten',
		title: 'ten workflows at once on ten credentials',
		workers: 2,
		settings: { ...LIMIT, associations: 2_000, ...accept(...TEN) },
		run: deleteWithTen,
	},
	largeScenario(4_000),
	largeScenario(10_000),
	{
		name: 'batches',
		title: '50,000 items, 1,000 to each sub-workflow, no limit',
		workers: 2,
		settings: { limit: 0, associations: 50_000 },
		run: deleteInBatches,
	},
	{
		name: 'trigger',
		title: 'deliveries that come to the main and the webhook process',
		workers: 2,
		settings: {},
		run: repeatDeliveries,
	},
	{
		name: 'soak',
		title: 'five minutes of workflows, each round with a token of its own',
		workers: 2,
		variables: { NODE_OPTIONS: `--require=${join(__dirname, 'heapSize.js')}` },
		settings: { limit: 100, window: 2_000 },
		run: soak,
	},
];

/** Kills one of two workers in the middle, waits until n8n has given its execution up, and repeats all. */
async function killWorker(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const credentials = await signIn(setup);
	const parameters = { options: { ifNotFound: 'succeed' } };
	const deletions: Deletions = { ids, executions: 2, credentials, parameters };
	const began = Date.now();
	const executionIds = await startDeletions(n8n.main, deletions);
	await deleted(simulator, 150);
	const [killedId = '', otherId = ''] = executionIds;
	const worker = await workerOf(n8n.workers, killedId);
	const isAlone = (await workerOf(n8n.workers, otherId)) !== worker;
	await worker.kill();
	const killedAt = Date.now();
	const [killed, other] = await endsOf(n8n.main, executionIds, LONGEST_RUN);
	const givenUpIn = Date.now() - killedAt;

	const repeated = await startDeletions(n8n.main, deletions);
	const ends = await endsOf(n8n.main, repeated, LONGEST_RUN);
	const runs = await readRuns(n8n.main, [...(isAlone ? [otherId] : []), ...repeated]);
	const account = namedInLog(worker.log(), NODES.delete);
	const figures = await count(setup, { ids, began, runs, accounts: [account] });
	const answered = runs
		.slice(-repeated.length)
		.flatMap(({ outputs }) => outputs(NODES.delete)[0] ?? []);
	return {
		deletions: figures,
		notes: [
			`The killed worker's log names ${account.size} deletions; n8n called its execution ${killed} after ${seconds(givenUpIn)}.`,
		],
		misses: [
			// What was under way when it was killed, nobody could log.
			...findMisses(figures, { unaccounted: CONCURRENCY }),
			...findFailures([...(isAlone ? [other!] : []), ...ends]),
			...(answered.length === ids.length ? [] : [`the repeated runs name ${answered.length}`]),
		],
	};
}

/** Changes the token of a stored credential in the middle, and has the old one refused ten seconds later. */
async function changeToken(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const credentials = await signIn(setup, 'pit-old');
	const { id } = credentials[CREDENTIAL_TYPE]!;
	return await deleteAll(setup, { executions: 4, credentials }, async () => {
		await deleted(simulator, 150);
		const changed = privateIntegration(simulator, 'pit-new');
		await n8n.main.rest('PATCH', `/credentials/${id}`, changed);
		await simulator.set(accept('pit-old', 'pit-new'));
		await sleep(10_000);
		await simulator.set(accept('pit-new'));
	});
}

/** Deletes with an app's credential, whose tokens each worker finds expired again and again. */
async function renewTokens(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const { url } = simulator;
	const credential = await n8n.main.createCredential({
		...{ name: 'App', type: OAUTH_TYPE },
		data: {
			...{ clientId: 'client', clientSecret: randomUUID(), baseUrl: url },
			authUrl: `${url}/v2/oauth/chooselocation`,
		},
	});
	await oauthSignIn(n8n.main.url, credential.id);
	const outcome = await deleteAll(setup, {
		executions: 6,
		credentials: { [OAUTH_TYPE]: credential },
		parameters: { authentication: 'oAuth2' },
	});
	const { refreshes, refused } = (await simulator.state()).oauth;
	return {
		...outcome,
		notes: [...outcome.notes, `${refreshes} refreshes, ${refused} refused.`],
		misses: [...outcome.misses, ...(refused > 0 ? [`${refused} refreshes refused`] : [])],
	};
}

async function deleteWithTen(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const all = await Promise.all(TEN.map(async (token) => await signIn(setup, token)));
	const size = ids.length / all.length;
	const began = Date.now();
	const started = await Promise.all(
		all.map(async (credentials, index) => {
			const share = ids.slice(index * size, (index + 1) * size);
			return await startDeletions(n8n.main, { ids: share, executions: 1, credentials });
		}),
	);
	const executionIds = started.flat();
	const ends = await endsOf(n8n.main, executionIds, LONGEST_RUN);
	const outcome = await judge(setup, { ids, began, executionIds, ends }, {});
	const floor = floorOf({ items: size, hasLimit: true, highLevel: LIMIT });
	return { ...outcome, deletions: { ...outcome.deletions, ...(floor && { floor }) } };
}

const BATCH = 1_000;

/** Deletes all by a workflow that hands batches to a sub-workflow. */
async function deleteInBatches(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const credentials = await signIn(setup);
	const associationId = { __rl: true as const, mode: 'id', value: '={{ $json.id }}' };
	const steps = [
		node(NODES.trigger, 'n8n-nodes-base.executeWorkflowTrigger', 1),
		node(NODES.delete, HIGHLEVEL, 1, { associationId }, { credentials }),
		// What goes back to the calling workflow.
		node('First', 'n8n-nodes-base.limit', 1, { maxItems: 1 }),
	];
	const part = await n8n.main.createWorkflow({
		...{ name: 'Delete a batch', nodes: steps, connections: chain(...steps) },
	});
	await n8n.main.activate(part);
	const whole = await n8n.main.createWorkflow(batchWorkflow(ids, part));
	const began = Date.now();
	const executionId = await n8n.main.start(whole, NODES.trigger);
	const ends = await endsOf(n8n.main, [executionId], LONGEST_RUN);

	const filter = encodeURIComponent(JSON.stringify({ workflowId: part }));
	const { results } = await n8n.main.rest<{ results: Array<{ id: string; status: string }> }>(
		...(['GET', `/executions?limit=100&filter=${filter}`] as const),
	);
	const runs = await readRuns(
		n8n.main,
		results.map(({ id }) => id),
	);
	const figures = await count(setup, { ids, began, runs });
	return {
		deletions: figures,
		notes: [`Sub-workflows: ${results.length}.`],
		misses: [
			...findMisses(figures, {}),
			...findFailures([...ends, ...results.map(({ status }) => status)]),
		],
	};
}

function batchWorkflow(ids: string[], workflowId: string): WorkflowFile {
	const nodes = [
		node(NODES.trigger, 'n8n-nodes-base.manualTrigger', 1),
		node('IDs', 'n8n-nodes-base.set', 3.4, {
			mode: 'raw',
			jsonOutput: JSON.stringify({ id: ids }),
		}),
		node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'id' }),
		node('Batches', 'n8n-nodes-base.splitInBatches', 3, { batchSize: BATCH, options: {} }),
		node('Delete a batch', 'n8n-nodes-base.executeWorkflow', 1.1, {
			...{ source: 'database', mode: 'once', options: {} },
			workflowId: { __rl: true, mode: 'id', value: workflowId },
		}),
	];
	return {
		name: 'Delete in batches',
		nodes,
		connections: {
			...chain(...nodes.slice(0, 4)),
			Batches: { main: [[], [to('Delete a batch')]] },
			'Delete a batch': { main: [[to('Batches')]] },
		},
	};
}

const DELIVERIES = 20;

/** Sends deliveries to both processes that serve webhooks: some at the same moment, some one after the other. */
async function repeatDeliveries({ n8n }: Setup): Promise<Outcome> {
	const events = (length: number) => Array.from({ length }, () => JSON.stringify(event()));
	const idOf = (body: string) => JSON.parse(body).webhookId as string;
	const { workflowId, send } = await publishEachOnce(n8n.main);
	await Promise.all([n8n.main, n8n.webhook].map(async (one) => await send(one, events(1)[0]!)));

	/** How many executions each of these deliveries has had, and in how many Remove Duplicates has let it through. */
	const seen = async (bodies: string[]) => {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const { results } = await n8n.main.rest<{ results: Array<{ id: string }> }>(
			...(['GET', `/executions?limit=100&filter=${filter}`] as const),
		);
		const executionIds = results.map(({ id }) => id);
		await endsOf(n8n.main, executionIds, LONGEST_RUN);
		const runs = await readRuns(n8n.main, executionIds);
		const named = (name: string) =>
			runs.flatMap(({ outputs }) =>
				(outputs(name)[0] ?? []).map(({ json }) => String(json.webhookId)),
			);
		const [started, passed] = [named(ONCE.trigger), named(ONCE.once)];
		return bodies.map(idOf).map((id) => ({
			started: started.filter((one) => one === id).length,
			passed: passed.filter((one) => one === id).length,
		}));
	};
	const describe = (what: string, all: Awaited<ReturnType<typeof seen>>) => {
		const twice = (key: 'started' | 'passed') => all.filter((one) => one[key] > 1).length;
		return `${what}: of ${all.length}, ${twice('started')} started twice, ${twice('passed')} passed Remove Duplicates twice.`;
	};

	const later = events(DELIVERIES);
	for (const body of later) await send(n8n.main, body);
	await seen(later);
	for (const body of later) await send(n8n.webhook, body);
	const atOnce = events(DELIVERIES);
	for (const body of atOnce) {
		await Promise.all([n8n.main, n8n.webhook].map(async (one) => await send(one, body)));
	}
	await sleep(5_000);
	const [repeated, simultaneous] = [await seen(later), await seen(atOnce)];
	const never = [...repeated, ...simultaneous].filter(({ passed }) => passed === 0).length;
	return {
		notes: [
			describe('Repeated to the other process later', repeated),
			describe('Sent to both processes at the same moment', simultaneous),
		],
		misses: never > 0 ? [`${never} deliveries did not pass`] : [],
	};
}

const MINUTE = 60_000;

/** Runs workflows for five minutes and compares the heap of each worker after the first minute and at the end. */
async function soak(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const heaps = () =>
		n8n.workers.map((worker) =>
			[...worker.log().matchAll(/heap after collection: (\d+) bytes/g)].map(([, size]) =>
				Number(size),
			),
		);
	const began = Date.now();
	let early: number[] | undefined;
	let sum: Figures | undefined;
	const misses: string[] = [];
	while (Date.now() - began < 5 * MINUTE) {
		const token = `pit-${randomUUID()}`;
		await simulator.reset({ associations: 400, ...accept(token) });
		const outcome = await deleteAll(setup, {
			executions: 4,
			credentials: await signIn(setup, token),
		});
		misses.push(...outcome.misses);
		sum = add(sum, outcome.deletions);
		if (Date.now() - began > 1.5 * MINUTE) early ??= heaps().map(middle);
	}
	const [before, after] = [early!, heaps().map(middle)];
	const growth = after.map((size, worker) => size / before[worker]! - 1);
	return {
		deletions: { ...sum!, time: Date.now() - began, floor: undefined },
		notes: before.map(
			(size, worker) =>
				`Worker ${worker + 1}: ${mebibytes(size)} after the first minute, ${mebibytes(after[worker]!)} at the end.`,
		),
		misses: [
			...new Set(misses),
			...growth
				.filter((part) => part > 0.05)
				.map((part) => `heap grown by ${(100 * part).toFixed(1)} % (at most 5 %)`),
		],
	};
}

/** The middle one of the last three samples. */
const middle = (samples: number[]) => samples.slice(-3).sort((a, b) => a - b)[1]!;

function add(sum: Figures | undefined, more: Figures): Figures {
	if (!sum) return more;
	const keys = ['items', 'lost', 'unaccounted', 'requests', 'turnedAway', 'again'] as const;
	return { ...sum, ...Object.fromEntries(keys.map((key) => [key, sum[key] + more[key]])) };
}
