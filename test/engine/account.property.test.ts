import fc from 'fast-check';

import { startSimulator, type StartedSimulator } from '../simulator/start';
import { judge } from './account/judge';
import { observe } from './account/observe';
import { scenarios, type Scenario } from './account/scenario';

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

/** Runs that failed once. */
const examples: Scenario[] = [];

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
