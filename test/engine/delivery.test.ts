import { setTimeout as wait } from 'node:timers/promises';

import { WorkflowExecute } from 'n8n-core';
import { NodeApiError, type INodeExecutionData } from 'n8n-workflow';

import type { Settings } from '../simulator/settings';
import { startWorkflow } from './runWorkflow';
import { accept, deleteById, itemsOf, useSimulator } from './useSimulator';

const sim = useSimulator();
afterEach(() => jest.restoreAllMocks());

/** Makes the engine that of n8n up to 2.34.4: of a failed item's data it knows the keys `error` and `message` only. */
function takeDetailsForNoFailure(): void {
	const engine = WorkflowExecute.prototype as unknown as Record<
		'handleNodeErrorOutput',
		(...parameters: [unknown, unknown, INodeExecutionData[][], number]) => void
	>;
	const sort = engine.handleNodeErrorOutput;
	jest.spyOn(engine, 'handleNodeErrorOutput').mockImplementation(function (
		this: unknown,
		...parameters
	) {
		const [, , outputs] = parameters;
		for (const { json } of outputs.flat()) json.unknownKey = true;
		sort.apply(this, parameters);
		for (const { json } of outputs.flat()) delete json.unknownKey;
	});
}

/** Makes the engine that of n8n 1.104 to 2.33, whose errors lose what they were caused by. */
function loseCauses(): void {
	const error = NodeApiError.prototype as unknown as Record<'addToMessages', () => void>;
	jest.spyOn(error, 'addToMessages').mockImplementation(function (this: { cause?: unknown }) {
		this.cause = undefined;
	});
}

/** IDs that the simulator deleted, oldest first. */
const deletedIds = async () =>
	(await sim.simulator.requests())
		.filter(({ method, status }) => method === 'DELETE' && status === 200)
		.map(({ path }) => path.split('/').at(-1));

test('a request that was rate-limited is sent again before those that wait', async () => {
	// Nothing is known yet of this token's rate limit, so that its first request goes alone.
	const token = 'pit-sent-again-first';
	await sim.simulator.set({ ...accept(token), limit: 1, window: 100 });
	const ids = (await sim.ids()).slice(0, 3);
	await sim.fail({ kind: 'status', status: 429, path: ids[0], times: 1 });
	await sim.succeed({ items: itemsOf(ids), credentials: sim.credentials({ token }) });
	const sent = (await sim.requested()).map((request) => request.split('/').at(-1));
	expect(sent[1]).toBe(ids[0]);
	expect([...new Set(sent)]).toEqual(ids);
});

// What is not announced is taken for the documented 10 seconds.
const unknown = { associations: 60, announce: false };
const unknownToFew = { ...unknown, associations: 8, limit: 4 };
test.each<[string, Partial<Settings>]>([
	['sliding window', { windowKind: 'sliding' }],
	['fixed window', { windowKind: 'fixed' }],
	['sliding window, 20 foreign requests a second', { windowKind: 'sliding', foreign: 20 }],
	['fixed window, 20 foreign requests a second', { windowKind: 'fixed', foreign: 20 }],
	['not announced', unknown],
	['Retry-After in seconds', { ...unknownToFew, retryAfter: 'seconds' }],
	['Retry-After as a date', { ...unknownToFew, retryAfter: 'date' }],
])('loses none through a limit: %s', async (_, settings) => {
	const defaults = { associations: 120, relations: 0, limit: 40, window: 1_000 };
	await sim.simulator.reset({ ...defaults, ...settings });
	const ids = await sim.ids();
	const { output } = await sim.succeed({ items: itemsOf(ids) });
	expect(output.filter(({ json }) => json.deleted)).toHaveLength(ids.length);
});

test.each([
	['', () => {}],
	[', in an n8n that loses causes', loseCauses],
])(
	'loses none, deletes none twice and counts tries, with resets and 503s about%s',
	async (_, prepare) => {
		prepare();
		await sim.simulator.reset({
			associations: 200,
			relations: 0,
			faults: [
				// Eight attempts in a row fail so seldom that no run of the tests sees it.
				{ kind: 'reset', probability: 0.05 },
				{ kind: 'reset', probability: 0.05, stage: 'after' },
				{ kind: 'status', status: 503, probability: 0.05 },
			],
		});
		const ids = await sim.ids();
		const { output } = await sim.succeed({ items: itemsOf(ids) });
		expect(output.map(({ json }) => [json.deleted, json.id])).toEqual(ids.map((id) => [true, id]));
		const requests = await sim.simulator.requests();
		for (const [index, { json }] of output.entries()) {
			const tries = requests.filter(({ path }) => path.endsWith(ids[index]!)).length;
			expect(json.attempts).toBe(tries > 1 ? tries : undefined);
		}
		expect(output.map(({ json }) => json.message)).toContain(
			'HighLevel no longer finds it, after an attempt whose response was lost',
		);
		expect(new Set(await deletedIds()).size).toBe((await deletedIds()).length);
	},
);

test('does not try a 500 again', async () => {
	await sim.fail({ kind: 'status', status: 500 });
	await sim.run({ items: itemsOf(['abc']), onError: 'continueRegularOutput' });
	expect(await sim.requested()).toHaveLength(1);
});

test.each([404, 400] as const)(
	'takes not found (%d) for failed where no try was lost',
	async (notFoundStatus) => {
		await sim.simulator.set({ notFoundStatus });
		const { error } = await sim.run({ items: itemsOf(['abc']) });
		expect(error?.message).toBe(`HighLevel returned ${notFoundStatus}: Association not found`);
	},
);

test('sends the same ID once, blanks around it or not, and gives both items the answer', async () => {
	const [first, second] = await sim.ids();
	const { output } = await sim.run({ items: itemsOf([first, second, `  ${first}\n`]) });
	expect(output.map(({ json, pairedItem }) => [json.deleted, json.id, pairedItem])).toEqual([
		[true, first, { item: 0 }],
		[true, second, { item: 1 }],
		[true, first, { item: 2 }],
	]);
	expect(await sim.requested()).toHaveLength(2);
});

describe('On Error = Stop', () => {
	test('sends nothing more after the first failure and accounts for all', async () => {
		await sim.simulator.reset({ associations: 500, relations: 0, latency: 5 });
		const ids: unknown[] = await sim.ids();
		ids[3] = 'unknown';
		const { error, output } = await sim.run({ items: itemsOf(ids) });
		expect(output).toEqual([]);
		expect((await sim.requested()).length).toBeLessThanOrEqual(14);
		const deleted = await deletedIds();
		expect(error).toMatchObject({
			message: 'HighLevel returned 404: Association not found',
			description: expect.stringMatching(
				new RegExp(
					`Item 3 \\(unknown\\) stopped the run\\. ${deleted.length} deleted: .* 1 failed: unknown\\. ${499 - deleted.length} not sent\\. All are listed under Error details\\. To go on from here, set the option 'If Not Found' to Succeed`,
				),
			),
			context: { itemIndex: 3, associationId: 'unknown', status: 404, failed: ['unknown'] },
		});
		expect(error!.context.deleted!.sort()).toEqual(deleted.sort());
		expect(error!.context.notSent).toHaveLength(499 - deleted.length);
	});

	test('sends nothing at all if an expression fails on the way', async () => {
		const { error } = await sim.run({
			items: itemsOf(await sim.ids()),
			parameters: deleteById("={{ $itemIndex === 5 ? $('Nowhere').item.json.id : $json.id }}"),
		});
		expect(error?.message).toBeDefined();
		await wait(200);
		expect(await sim.requested()).toEqual([]);
	});
});

describe.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
	'On Error = %s',
	(onError) => {
		test('lets each item out once, in order, paired, a failed one with its ID, message and status', async () => {
			const ids: unknown[] = await sim.ids();
			ids[2] = 'unknown';
			ids[5] = '..';
			const expected = ids.map((id, item) => ({
				json: { deleted: true, id } as object,
				pairedItem: { item },
			}));
			expected[2]!.json = {
				error: 'HighLevel returned 404: Association not found',
				details: {
					associationId: 'unknown',
					status: 404,
					description: expect.stringContaining('Check the ID'),
				},
			};
			expected[5]!.json = {
				error: "'Association' can't be '..'",
				details: { associationId: '..' },
			};
			const { output, errorOutput } = await sim.succeed({ items: itemsOf(ids), onError });
			if (onError === 'continueErrorOutput') {
				expect(errorOutput).toMatchObject([expected[2], expected[5]]);
				expect(output).toMatchObject(expected.filter((_, item) => item !== 2 && item !== 5));
			} else {
				expect(output).toMatchObject(expected);
			}
			expect(await sim.requested()).toHaveLength(ids.length - 1);
		});

		test('does so in an n8n that takes an item with details for no failure', async () => {
			takeDetailsForNoFailure();
			const { output, errorOutput } = await sim.run({ items: itemsOf(['unknown', '..']), onError });
			const [failed, other] =
				onError === 'continueErrorOutput' ? [errorOutput, output] : [output, errorOutput];
			expect(failed).toMatchObject([
				{ json: { details: { associationId: 'unknown', status: 404 } }, pairedItem: { item: 0 } },
				{ json: { details: { associationId: '..' } }, pairedItem: { item: 1 } },
			]);
			expect(other).toEqual([]);
		});

		test('says for each item that was not sent that the day is spent', async () => {
			await sim.simulator.reset({ associations: 30, relations: 0, daily: 12 });
			const ids = await sim.ids();
			const { output, errorOutput } = await sim.run({ items: itemsOf(ids), onError });
			const failed = [...output, ...errorOutput].filter(({ json }) => json.error);
			expect(await deletedIds()).toHaveLength(12);
			expect(failed).toHaveLength(18);
			for (const { json } of failed)
				expect(json.error).toMatch(/^Not sent: the sub-account's daily request limit/);
		});
	},
);

test('sends nothing more when the execution is stopped, and awaits what is under way', async () => {
	await sim.simulator.reset({ associations: 100, relations: 0, latency: 300 });
	const execution = startWorkflow({
		parameters: deleteById(),
		credentials: sim.credentials(),
		items: itemsOf(await sim.ids()),
	});
	const underWay = async () => (await sim.simulator.state()).associations.length;
	const before = await underWay();
	while ((await underWay()) === before) await wait(20);
	execution.cancel();
	await execution;
	await wait(800);
	const requests = await sim.simulator.requests();
	expect(requests.length).toBeLessThanOrEqual(20);
	for (const { status } of requests) expect(status).toBe(200);
});

test('serves a small run while a large one of the same credential waits', async () => {
	await sim.simulator.reset({ associations: 150, relations: 0, limit: 50, window: 2_000 });
	const ids = await sim.ids();
	const order: string[] = [];
	const large = sim.run({ items: itemsOf(ids.slice(1)) }).then(() => order.push('large'));
	while ((await sim.requested()).length < 20) await wait(20);
	const small = sim.run({ items: itemsOf(ids.slice(0, 1)) }).then(() => order.push('small'));
	await Promise.all([large, small]);
	expect(order).toEqual(['small', 'large']);
});

test('keeps to a lower limit that the user sets', async () => {
	await sim.simulator.reset({ associations: 12, relations: 0 });
	await sim.run({
		items: itemsOf(await sim.ids()),
		parameters: deleteById('={{ $json.id }}', { options: { rateLimit: 10 } }),
	});
	const times = (await sim.simulator.requests()).map(({ time }) => time);
	expect(times).toHaveLength(12);
	expect(times[10]! - times[0]!).toBeGreaterThanOrEqual(9_990);
});
