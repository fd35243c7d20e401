import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { deleted } from '../../test/n8n/harness/deletions';
import { accept, type Settings } from '../../test/simulator/settings';
import { LIMIT } from '../bench/cases';
import { changeToken, interruptHighLevel, killWorker, renewTokens } from './faults';
import { deleteInBatches, deleteWithTen, soak, TEN } from './load';
import { deleteAll, type Bounds, type Outcome, type Setup } from './measure';
import { repeatDeliveries } from './repeatDeliveries';

/** Something that is done to an n8n in queue mode of its own. */
export interface Scenario {
	name: string;
	title: string;
	/** Two unless told. */
	workers?: number;
	/** Variables of n8n. */
	variables?: Record<string, string>;
	/** What HighLevel is like. */
	settings: Partial<Settings>;
	run(setup: Setup): Promise<Outcome>;
}

const HOLDS_OUT = { QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD: '60000' };

/** Deletes some thousand with workers that share the limit. */
const limitScenario = (
	name: string,
	title: string,
	workers: number,
	highLevel: Partial<Settings> = {},
	bounds: Bounds = { turnedAway: 0.05, over: 1.15 },
): Scenario => ({
	name,
	title,
	workers,
	settings: { ...LIMIT, associations: 2_000, ...highLevel },
	run: async (setup) => await deleteAll(setup, { executions: 4 }, undefined, bounds),
});

/** Deletes some thousand in one execution, without a limit. */
const largeScenario = (items: number): Scenario => ({
	name: `large-${items}`,
	title: `one execution of ${items} items, no limit`,
	settings: { limit: 0, associations: items },
	run: async (setup) => await deleteAll(setup, { executions: 1 }),
});

/** All scenarios, in the order in which they are run. */
export const scenarios: Scenario[] = [
	limitScenario('limit-1-sliding', 'one worker, for comparison', 1),
	limitScenario('limit-2-sliding', 'two workers, 2,000 deletions, 100 per 10 s, sliding window', 2),
	limitScenario('limit-2-fixed', 'two workers, fixed window', 2, { windowKind: 'fixed' }),
	limitScenario('limit-4-sliding', 'four workers, sliding window', 4),
	limitScenario('limit-4-fixed', 'four workers, fixed window', 4, { windowKind: 'fixed' }),
	limitScenario(
		'limit-2-foreign',
		'two workers, others send two requests a second',
		...([2, { foreign: 2 }, {}] as const),
	),
	limitScenario(
		'limit-2-unannounced',
		'two workers, no headers announce the limit',
		...([2, { announce: false }, {}] as const),
	),
	{
		name: 'kill',
		title: "a worker is killed and its workflow repeated, n8n's defaults",
		settings: { ...LIMIT, associations: 600 },
		run: killWorker,
	},
	{
		name: 'redis',
		title: 'Redis is away for 12 seconds, QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD=60000',
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
		settings: { ...LIMIT, associations: 600 },
		run: interruptHighLevel,
	},
	{
		name: 'token',
		title: 'the token is changed, and the old one refused',
		settings: { ...LIMIT, associations: 600, ...accept('pit-old') },
		run: changeToken,
	},
	{
		name: 'oauth',
		title: 'an OAuth2 token ends every 20 seconds',
		settings: { ...LIMIT, associations: 600, tokenLifetime: 20 },
		run: renewTokens,
	},
	{
		name: 'many-one',
		title: 'ten workflows at once on one credential',
		settings: { ...LIMIT, associations: 1_000 },
		run: async (setup) => await deleteAll(setup, { executions: 10 }),
	},
	{
		name: 'many-ten',
		title: 'ten workflows at once on ten credentials',
		settings: { ...LIMIT, associations: 2_000, ...accept(...TEN) },
		run: deleteWithTen,
	},
	largeScenario(4_000),
	largeScenario(10_000),
	{
		name: 'batches',
		title: '50,000 items, 1,000 to each sub-workflow, no limit',
		settings: { limit: 0, associations: 50_000 },
		run: deleteInBatches,
	},
	{
		name: 'trigger',
		title: 'deliveries that come to the main and the webhook process',
		settings: {},
		run: repeatDeliveries,
	},
	{
		name: 'soak',
		title: 'five minutes of workflows, each round with a token of its own',
		variables: { NODE_OPTIONS: `--require=${join(__dirname, 'heapSize.js')}` },
		settings: { limit: 100, window: 2_000 },
		run: soak,
	},
];
