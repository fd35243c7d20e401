import fc from 'fast-check';

import { startSimulator, type StartedSimulator } from '../simulator/start';
import { judge } from './account/judge';
import { observe } from './account/observe';
import { scenarios, type Scenario, type ScenarioItem } from './account/scenario';

/** How often a run is made up; the long form sets it. */
const RUNS = Number(process.env.ACCOUNT_RUNS ?? 100);
/** Without a number of runs, the same ones each time: a test that is green stays green. */
const SEED = process.env.ACCOUNT_RUNS ? {} : { seed: 20261125 };

/** A thousand times as fast: five minutes, the longest wait, last 0.3 s. */
jest.mock('n8n-workflow', () => {
	const actual = jest.requireActual<typeof import('n8n-workflow')>('n8n-workflow');
	return {
		...actual,
		sleep: async (milliseconds: number) => await actual.sleep(milliseconds / 1_000),
	};
});

let simulator: StartedSimulator;
beforeAll(async () => {
	simulator = await startSimulator();
	const now = performance.now.bind(performance);
	jest.spyOn(performance, 'now').mockImplementation(() => now() * 1_000);
});
afterAll(async () => {
	jest.restoreAllMocks();
	await simulator?.stop();
});

const item: ScenarioItem = {
	token: 'one',
	target: 0,
	location: 'own',
	dryRun: false,
	expectedKey: 'right',
	succeeds: false,
	rateLimit: 1_000,
	labels: 'both',
};
const run: Scenario = {
	operation: 'delete',
	byKey: false,
	onError: 'continueRegularOutput',
	tries: 1,
	executeOnce: false,
	options: [],
	items: [item],
	faults: [],
	deletion: 'usual',
	latency: 0,
};

/** Runs that failed once. */
const examples: Scenario[] = [
	// A response tells a token of one sub-account the ID that a key has in another, as the item asked.
	{
		...run,
		byKey: true,
		options: ['locationId'],
		items: [{ ...item, location: 'other' }],
		faults: [{ fault: 'anotherSubAccount', method: 'GET' }],
	},
];

test(
	'what the node says of a run is what happened',
	async () => {
		await fc.assert(
			fc.asyncProperty(scenarios, async (scenario) => {
				const seen = await observe(simulator, scenario);
				expect(judge(scenario, seen)).toEqual([]);
			}),
			{ numRuns: RUNS, examples: examples.map((example) => [example]), ...SEED },
		);
	},
	RUNS * 500 + 60_000,
);
