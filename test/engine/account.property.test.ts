import fc from 'fast-check';

import { startSimulator, type StartedSimulator } from '../simulator/start';
import { judge } from './account/judge';
import { observe } from './account/observe';
import {
	scenarios,
	type FaultName,
	type Scenario,
	type ScenarioFault,
	type ScenarioItem,
} from './account/scenario';

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
	ifRelated: 'refuse',
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

const once = (fault: FaultName, method: 'DELETE' | 'POST'): ScenarioFault => ({
	...{ fault, method, times: 1 },
});
const succeeding = [{ ...item, succeeds: true }];
const lostDeletion: Partial<Scenario> = {
	...{ tries: 2, options: ['ifNotFound'], items: succeeding },
	faults: [once('failedAfter', 'DELETE')],
};

/** Runs that failed once, or that few made-up ones are like. */
const examples: Array<Partial<Scenario>> = [
	// A response tells a token of one sub-account the ID that a key has in another, as the item asked.
	{
		...{ byKey: true, options: ['locationId'], items: [{ ...item, location: 'other' }] },
		faults: [{ fault: 'anotherSubAccount', method: 'GET' }],
	},
	// It shows a token an association of another sub-account, whose relations are not in the token's own.
	{
		...{ options: ['ifRelated'], items: [{ ...item, target: 5 }] },
		faults: [{ fault: 'anotherSubAccount', method: 'GET' }],
	},
	// The next try finds no more what the one before may have deleted.
	lostDeletion,
	{ ...lostDeletion, operation: 'relationDelete', byRecords: true },
	// What a lost attempt has created is a duplicate to the next.
	{
		...{ operation: 'create', options: ['ifExists'], items: succeeding },
		faults: [once('badGatewayAfter', 'POST')],
	},
	// The day ends before the items that wait.
	{
		items: [0, 1, 2, 3, 4].map((target) => ({ ...item, target })),
		faults: [once('dayIsOver', 'DELETE')],
	},
	// Another item deletes the association, with its relations, before this one has read them.
	{
		...{ byKey: true, options: ['ifRelated'] },
		items: [
			{ ...item, target: 1 },
			{ ...item, token: 'same', target: 1, ifRelated: 'delete' },
		],
	},
	// The same deletion in another sub-account is another deletion.
	{
		...{ operation: 'relationDelete', options: ['locationId'] },
		items: [item, { ...item, location: 'other' }],
	},
];

test(
	'what the node says of a run is what happened',
	async () => {
		await fc.assert(
			fc.asyncProperty(scenarios, async (scenario) => {
				judge(scenario, await observe(simulator, scenario));
			}),
			{ numRuns: RUNS, examples: examples.map((example) => [{ ...run, ...example }]), ...SEED },
		);
	},
	RUNS * 500 + 60_000,
);
