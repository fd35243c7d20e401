import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import { CONCURRENCY } from '../../nodes/HighLevelAssociations/transport/queue';
import { cloudflare } from '../simulator/cloudflare';
import type { FaultRule } from '../simulator/faults';
import type { Settings } from '../simulator/settings';
import { ASSOCIATION, KEY } from './operations';
import type { RunSettings } from './runWorkflow';
import { signIn } from './signIn';
import {
	accept,
	byId,
	byKey,
	deleteById,
	hastenClock,
	itemsOf,
	respond,
	TOKEN,
	useSimulator,
} from './useSimulator';

const sim = useSimulator();

const json = (output: INodeExecutionData[]) => output.map((item) => item.json);
const retryOnFail = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
const batches = {
	requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 20 } } },
};

const createByKey: INodeParameters = {
	resource: 'association',
	operation: 'create',
	key: '={{ $json.id }}',
	firstObjectKey: 'contact',
	firstObjectLabel: 'Owner',
	secondObjectKey: 'custom_objects.pets',
	secondObjectLabel: 'Pet',
};

const update = (associationId: INodeParameters, first: string, second: string) => ({
	resource: 'association',
	operation: 'update',
	associationId,
	firstObjectLabel: first,
	secondObjectLabel: second,
});

describe('with Retry On Fail', () => {
	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'a second try sends only what is not done: %s',
		async (onError) => {
			const all = (await sim.associations()).slice(0, 6);
			// The engine tries again under Continue only where the first item has failed.
			const failing = onError === 'stopWorkflow' ? 4 : 0;
			const { id } = all[failing]!;
			await sim.fail({ kind: 'status', status: 500, method: 'DELETE', path: id, times: 1 });
			const { output } = await sim.succeed({
				items: all.map((association) => ({ json: { ...association } })),
				onError,
				node: retryOnFail,
				parameters: deleteById('={{ $json.id }}', {
					options: { expectedKey: '={{ $json.key }}' },
				}),
			});
			expect(json(output)).toMatchObject(all.map(({ id }) => ({ deleted: true, id })));
			const deletions = await sim.requested('DELETE');
			expect(deletions.filter((request) => request.endsWith(id))).toHaveLength(2);
			expect(deletions).toHaveLength(7);
			expect(await sim.requested('GET')).toHaveLength(6);
		},
	);

	test('names what both tries have done where the second fails too', async () => {
		const ids = (await sim.ids()).slice(0, 6);
		await sim.fail({ kind: 'status', status: 400, method: 'DELETE', path: ids[4] });
		const { error } = await sim.run({ items: itemsOf(ids), node: retryOnFail });
		const { context, description } = error!;
		const done = ids.filter((id) => id !== ids[4]);
		expect([...context.deleted!].sort()).toEqual(done);
		expect(context.failed).toEqual([ids[4]]);
		expect(description).toContain(`5 deleted: `);
	});

	test('a credential that could not be read is read again', async () => {
		const credentials = sim.credentials();
		const { token } = credentials;
		let reads = 0;
		Object.defineProperty(credentials, 'token', {
			enumerable: true,
			get() {
				// The engine has read it, and the node has looked for expressions in it.
				if (++reads === 3) throw new Error('The vault is closed');
				return token;
			},
		});
		const [id] = await sim.ids();
		const { output } = await sim.succeed({ items: itemsOf([id!]), credentials, node: retryOnFail });
		expect(json(output)).toMatchObject([{ deleted: true, id }]);
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'nothing is created twice: %s',
		async (onError) => {
			await sim.fail(respond(400, { message: 'Not now' }, { method: 'POST', times: 1 }));
			const { output } = await sim.succeed({
				items: itemsOf(['fresh_0', 'fresh_1', 'fresh_2']),
				onError,
				node: retryOnFail,
				parameters: createByKey,
			});
			expect(json(output).map(({ key }) => key)).toEqual(['fresh_0', 'fresh_1', 'fresh_2']);
			const statuses = (await sim.simulator.requests()).map(({ status }) => status);
			expect(statuses.sort()).toEqual([201, 201, 201, 400]);
		},
	);

	test('what may have been deleted is still unknown where the next try does not send it', async () => {
		const [first, second, third] = await sim.ids();
		// Only where a token is known to work are several requests under way at once; after a 429 it is one.
		await sim.run({ items: itemsOf(['unknown', 'unheard']), onError: 'continueRegularOutput' });
		await sim.simulator.clearRequests();
		await sim.fail(
			{ kind: 'status', status: 400, path: first, delay: 60 },
			{ kind: 'status', status: 500, path: second, stage: 'after' },
			{ kind: 'status', status: 429, path: third, delay: 120, times: 1 },
		);
		const { error } = await sim.run({ items: itemsOf([first, second, third]), node: retryOnFail });
		expect(error?.context).toMatchObject({
			deleted: [],
			failed: [first],
			unknown: [second],
			notSent: [third],
		});
		expect(await sim.requested()).toHaveLength(4);
	});

	test('what failed in the first try and may have been deleted in the second is unknown', async () => {
		const { id, key } = (await sim.associations())[0]!;
		await sim.fail(
			{ kind: 'status', status: 400, method: 'GET', times: 1 },
			{ kind: 'status', status: 500, method: 'DELETE', stage: 'after', times: 1 },
		);
		const { error } = await sim.run({
			items: itemsOf([id]),
			node: retryOnFail,
			parameters: deleteById('={{ $json.id }}', { options: { expectedKey: key } }),
		});
		expect(error?.context).toMatchObject({ deleted: [], failed: [], unknown: [id] });
	});

	test('what may have been deleted in the first try is still unknown where the second fails before', async () => {
		const [id] = await sim.ids();
		const parameters = deleteById('={{ $json.id }}', { options: { ifRelated: 'refuse' } });
		const searches = { method: 'POST', path: '/search$' };
		await sim.simulator.reset({ relations: 0 });
		await sim.fail(
			{ kind: 'slow', delay: 1, ...searches, times: 3 },
			{ kind: 'status', status: 400, ...searches },
			{ kind: 'status', status: 500, method: 'DELETE', stage: 'after' },
		);
		const { error } = await sim.run({ items: itemsOf([id]), node: retryOnFail, parameters });
		expect(await sim.requested('DELETE')).toHaveLength(1);
		expect(error?.context).toMatchObject({ deleted: [], failed: [], unknown: [id] });
		expect(error?.description).not.toContain('Nothing was deleted');
	});

	test('what was not sent in the first try and fails in the second has failed', async () => {
		const [first, second] = await sim.ids();
		// Nothing is known yet of this token's rate limit, so that its first request goes alone.
		const token = 'pit-first-alone';
		await sim.simulator.set(accept(token));
		await sim.fail(
			{ kind: 'status', status: 400, path: first, times: 1 },
			{ kind: 'status', status: 400, path: second },
		);
		const { error } = await sim.run({
			items: itemsOf([first, second]),
			node: retryOnFail,
			credentials: sim.credentials({ token }),
		});
		expect(await sim.requested()).toHaveLength(3);
		expect(error?.context).toMatchObject({ deleted: [first], failed: [second], notSent: [] });
	});

	test('what fails in both tries has the error of the second', async () => {
		const [id] = await sim.ids();
		await sim.fail(respond(400, 'First', { times: 1 }), respond(403, 'Second'));
		const onError = 'continueRegularOutput';
		const { output } = await sim.run({ items: itemsOf([id]), node: retryOnFail, onError });
		expect(json(output)).toMatchObject([{ error: expect.stringContaining('403') }]);
	});

	test('a deletion whose response was lost in the first try is not confirmed by the second', async () => {
		const [id] = await sim.ids();
		await sim.fail({ kind: 'status', status: 500, method: 'DELETE', stage: 'after', times: 1 });
		const { output } = await sim.run({ items: itemsOf([id]), node: retryOnFail });
		expect(json(output)).toMatchObject([{ deleted: true, confirmed: false, id }]);
	});

	test.each([
		['', {}],
		[' and the association is read first', { expectedKey: 'student_teacher' }],
	])(
		'nor is it said to have been missing where the token was changed before%s',
		async (_, more) => {
			const credentials = sim.credentials();
			await sim.fail(
				{ kind: 'status', status: 500, method: 'DELETE', stage: 'after', times: 1 },
				{ kind: 'slow', delay: 50 },
			);
			let isChanged = false;
			Object.defineProperty(credentials, 'token', {
				enumerable: true,
				get: () => (isChanged ? TOKEN : 'pit-old'),
			});
			const [id] = await sim.ids();
			const running = sim.run({
				items: itemsOf([id!]),
				credentials,
				parameters: deleteById('={{ $json.id }}', { options: { ifNotFound: 'succeed', ...more } }),
				node: retryOnFail,
			});
			while ((await sim.requested()).length < 1) await sleep(5);
			isChanged = true;
			expect(json((await running).output)).toMatchObject([{ deleted: true, confirmed: false, id }]);
		},
	);
});

test.each([
	['503 of a proxy that lost the connection', 503, 'upstream connect error or disconnect/reset'],
	['408 of a server that gave up its own work', 408, { statusCode: 408, message: 'Timeout' }],
])('nothing is said to have been missing after the %s', async (_, status, body) => {
	const [id] = await sim.ids();
	await sim.fail(respond(status, body, { method: 'DELETE', stage: 'after', times: 1 }));
	const parameters = deleteById('={{ $json.id }}', { options: { ifNotFound: 'succeed' } });
	const { output } = await sim.run({ items: itemsOf([id]), parameters });
	expect(json(output)).toMatchObject([{ deleted: true, confirmed: false, id }]);
});

describe('several sub-accounts in one run', () => {
	const names = ['ours', 'theirs'] as const;
	const ids = { ours: '6d6f6e676f5f0000000000aa', theirs: '6d6f6e676f5f0000000000bb' };

	beforeEach(async () => {
		await sim.simulator.reset({
			tokens: names.map((name) => ({ ...accept(`pit-${name}`).tokens[0]!, location: name })),
			associations: names.map((name) => ({
				id: ids[name],
				key: 'same',
				locationId: name,
				firstObjectLabel: `First of ${name}`,
				secondObjectLabel: `Second of ${name}`,
			})),
			system: 0,
			relations: 0,
		});
	});
	const credentialsFor: RunSettings['credentialsFor'] = (index) => ({
		token: `pit-${names[index % 2]}`,
		locationId: names[index % 2]!,
	});

	test('each item is sent under the token and the location that its credential has', async () => {
		const { output } = await sim.succeed({
			parameters: { associationId: byKey('same') },
			items: [{ json: {} }, { json: {} }],
			credentialsFor,
		});
		expect(json(output)).toMatchObject(names.map((name) => ({ deleted: true, id: ids[name] })));
		const requests = await sim.simulator.requests();
		expect(new Set(requests.map(({ headers }) => headers.authorization)).size).toBe(2);
	});

	test('what is created is created in the sub-account of its item', async () => {
		const { output } = await sim.succeed({
			parameters: createByKey,
			items: itemsOf(['fresh', 'fresh']),
			credentialsFor,
		});
		expect(json(output).map(({ locationId }) => locationId)).toEqual(names);
	});

	test('the same key is looked up in the location of each item', async () => {
		const { output } = await sim.run({
			parameters: { associationId: byKey('same'), options: { locationId: '={{ $json.id }}' } },
			credentials: sim.credentials({ token: 'pit-ours' }),
			items: itemsOf(names as never),
			onError: 'continueRegularOutput',
		});
		expect(json(output)).toMatchObject([
			{ deleted: true, id: ids.ours },
			{ error: expect.stringContaining('does not have access to this location') },
		]);
	});

	test('a label that is kept is the one of the item’s own association', async () => {
		const { output } = await sim.run({
			parameters: update(byKey('same'), 'New', ''),
			items: [{ json: {} }, { json: {} }],
			credentialsFor,
		});
		expect(json(output)).toMatchObject(
			names.map((name) => ({ firstObjectLabel: 'New', secondObjectLabel: `Second of ${name}` })),
		);
	});
});

test('a credential without expressions is read once', async () => {
	const read = jest.fn();
	await sim.run({
		items: itemsOf(await sim.ids()),
		credentials: new Proxy(sim.credentials(), {
			get: (data, name) => {
				if (name === 'token') read();
				return Reflect.get(data, name) as unknown;
			},
		}),
	});
	// As it is stored, and as it is used.
	expect(read.mock.calls.length).toBeLessThanOrEqual(3);
});

test.each<[string, string, FaultRule[]]>([
	['the same token', TOKEN, []],
	['another token of the sub-account', 'pit-another', []],
	[
		'the response to the first was lost',
		TOKEN,
		[{ kind: 'status', status: 500, method: 'PUT', stage: 'after', times: 1 }],
	],
])(
	'two items that change one label each of an association keep what the other has changed: %s',
	async (_, token, faults) => {
		await sim.simulator.set({ ...accept(TOKEN, token), faults });
		const [id] = await sim.ids();
		await sim.run({
			parameters: update(byId(id!), '={{ $json.first }}', '={{ $json.second }}'),
			credentialsFor: (index) => ({ token: index === 0 ? TOKEN : token }),
			items: [{ json: { first: 'One', second: '' } }, { json: { first: '', second: 'Two' } }],
			onError: 'continueRegularOutput',
		});
		const after = (await sim.associations()).find((association) => association.id === id);
		expect(after).toMatchObject({ firstObjectLabel: 'One', secondObjectLabel: 'Two' });
	},
);

describe('a response', () => {
	const noRoute = { statusCode: 404, message: 'Cannot DELETE /associations/x', error: 'Not Found' };
	const wrongWords: Array<[string, FaultRule]> = [
		['a missing route', respond(404, noRoute)],
		['a web page with 404', respond(404, '<html>association not found</html>')],
		['a missing location', respond(400, { message: 'Location not found' })],
		['a missing version header', respond(400, { message: 'version header was not found.' })],
		["Cloudflare's block", cloudflare.blocked],
	];

	test.each(wrongWords)('%s is a failure, also with If Not Found = Succeed', async (_, rule) => {
		await sim.fail({ ...rule, method: 'DELETE' });
		const [id] = await sim.ids();
		const { output } = await sim.run({
			items: itemsOf([id]),
			onError: 'continueRegularOutput',
			parameters: deleteById('={{ $json.id }}', { options: { ifNotFound: 'succeed' } }),
		});
		expect(json(output)).toMatchObject([
			{ error: expect.stringMatching(/^HighLevel returned 40/), details: { associationId: id } },
		]);
	});

	test.each([
		[404, 'Association not found'],
		[400, 'association does not exist'],
		[404, "This association doesn't exist"],
		[404, 'No association with this ID'],
		[404, 'No such association'],
		[404, 'Association not found, so the server cannot DELETE it'],
	])('%d %s means that there is none', async (status, message) => {
		await sim.fail(respond(status, { message }, { method: 'DELETE' }));
		const [id] = await sim.ids();
		const { output } = await sim.succeed({
			items: itemsOf([id]),
			parameters: deleteById('={{ $json.id }}', { options: { ifNotFound: 'succeed' } }),
		});
		expect(json(output)).toMatchObject([{ deleted: false, id }]);
	});

	test.each(wrongWords)('%s after a lost one is not known to be a deletion', async (_, rule) => {
		await sim.fail({ kind: 'reset', method: 'DELETE', times: 1 }, { ...rule, method: 'DELETE' });
		const [id] = await sim.ids();
		const { error } = await sim.run({ items: itemsOf([id, id]) });
		expect(error?.context).toMatchObject({ deleted: [], unknown: [id], failed: [] });
	});

	test.each([
		[{ message: 'Service temporarily unavailable' }],
		[{ data: { association: { id: 'abc', key: 'fresh' } } }],
		[{ _id: 'abc', key: 'fresh' }],
	])('to a look-up by key of %j does not say that there is none', async (body) => {
		await sim.fail(respond(200, body, { method: 'GET' }));
		const { error } = await sim.run({
			parameters: { associationId: byKey('fresh'), options: { ifNotFound: 'succeed' } },
		});
		expect(error?.message).toBe('HighLevel returned no association');
	});

	test('that the day is over after a lost one leaves open whether it was deleted', async () => {
		const [id] = await sim.ids();
		await sim.fail(
			{ kind: 'status', status: 502, method: 'DELETE', times: 1 },
			{ kind: 'status', status: 429, headers: { 'x-ratelimit-daily-remaining': '0' } },
		);
		const { error } = await sim.run({ items: itemsOf([id, id]) });
		expect(error?.context).toMatchObject({ deleted: [], unknown: [id], notSent: [] });
	});

	test('after a lost one says that the request may have been processed, whatever it is', async () => {
		const [id] = await sim.ids();
		await sim.fail(
			{ kind: 'reset', stage: 'after', times: 1 },
			{ kind: 'status', status: 404, stage: 'after' },
		);
		const { output } = await sim.run({ items: itemsOf([id]), onError: 'continueRegularOutput' });
		expect(json(output)).toMatchObject([
			{ details: { description: expect.stringContaining('may already have processed') } },
		]);
	});

	test.each([
		['by its ID', (one: { id: string }) => byId(one.id)],
		['by its key', (one: { key: string }) => byKey(one.key)],
	])('with another association than the one named %s deletes nothing', async (_, name) => {
		const [one, another] = await sim.associations();
		await sim.fail({
			kind: 'status',
			status: 200,
			method: 'GET',
			body: { associations: [another] },
		});
		const { error } = await sim.run({
			parameters: { associationId: name(one!), options: { expectedKey: another!.key } },
		});
		expect(error?.message).toMatch(/^HighLevel returned a different association/);
		expect(await sim.requested('DELETE')).toEqual([]);
	});

	const changes = {
		deletion: ['DELETE', deleteById(), 'deleted'],
		creation: ['POST', createByKey, 'created'],
		update: ['PUT', update(byId('abc'), 'One', 'Two'), 'updated'],
	} as const;
	test.each<[keyof typeof changes, number, unknown, 'done' | 'failed' | 'unknown']>([
		['deletion', 200, { id: 'abc', success: true }, 'done'],
		['deletion', 200, '', 'done'],
		['deletion', 204, '', 'done'],
		['deletion', 200, { deleted: false }, 'failed'],
		['deletion', 200, { success: false }, 'failed'],
		['deletion', 200, { statusCode: 500 }, 'unknown'],
		['deletion', 200, { deleted: true, statusCode: 500 }, 'unknown'],
		['deletion', 200, { message: 'It was not deleted successfully' }, 'unknown'],
		['deletion', 200, {}, 'unknown'],
		['deletion', 200, [], 'unknown'],
		['deletion', 200, false, 'unknown'],
		['deletion', 200, 0, 'unknown'],
		['deletion', 200, null, 'unknown'],
		['deletion', 200, '<html>Welcome</html>', 'unknown'],
		['deletion', 202, '', 'unknown'],
		['creation', 201, '', 'done'],
		['creation', 200, { message: 'Accepted', traceId: 'x' }, 'unknown'],
		['creation', 200, { errors: ['No'] }, 'unknown'],
		['creation', 200, { status: 'queued', jobId: 'x' }, 'unknown'],
		['creation', 200, { data: null }, 'unknown'],
		['update', 200, { id: 'abc' }, 'done'],
		['update', 200, { association: { id: 'abc' } }, 'done'],
		['update', 200, { success: true }, 'done'],
		['update', 200, { errors: ['No'] }, 'unknown'],
		['update', 202, { jobId: 'x' }, 'unknown'],
		['update', 200, { status: 'error', message: 'No' }, 'unknown'],
	])('to a %s, %d with %j, leaves it %s', async (change, status, body, outcome) => {
		const [method, parameters, verb] = changes[change];
		await sim.fail({ kind: 'status', status, method, body });
		const { error, output } = await sim.run({ items: itemsOf(['abc']), parameters });
		expect(output).toHaveLength(outcome === 'done' ? 1 : 0);
		if (outcome === 'done') return;
		const lists = { [verb]: [], failed: [], unknown: [], notSent: [], [outcome]: ['abc'] };
		expect(error).toMatchObject({
			message: expect.stringMatching(`^HighLevel returned ${status}`),
			context: lists,
			description: expect.stringContaining(outcome === 'failed' ? 'Nothing was' : 'may have been'),
		});
	});

	test('whose body breaks off is a lost connection', async () => {
		const [id] = await sim.ids();
		await sim.fail({ kind: 'cut', stage: 'after', times: 1 });
		const { output } = await sim.succeed({
			parameters: { ...deleteById(id), operation: 'get' },
		});
		expect(json(output)).toMatchObject([{ id, attempts: 2 }]);
	});

	test('that dribbles is given up at the deadline', async () => {
		await sim.fail({ kind: 'dribble', delay: 50 });
		const { error } = await sim.run({
			items: itemsOf(['abc']),
			parameters: { ...deleteById(), requestOptions: { timeout: 300 } },
		});
		expect(error?.message).toMatch(/did not respond in time/);
	});
});

describe('On Error = Stop', () => {
	test.each<[string, Partial<Settings>, object, number]>([
		['a failure is known', { faults: [{ kind: 'status', status: 403, times: 1 }] }, {}, 0],
		['the day is used up', { daily: 1 }, {}, 1],
		['the first item has a wrong key', {}, { expectedKey: 'another' }, 0],
	])('nothing is sent once %s', async (when, settings, options, deleted) => {
		// Nothing is known yet of this token's rate limit, so that its first request goes alone.
		const token = `pit-idle-until-${when.replaceAll(' ', '-')}`;
		await sim.simulator.set({ latency: 40, ...accept(token), ...settings });
		const { error } = await sim.run({
			items: itemsOf(await sim.ids()),
			credentials: sim.credentials({ token }),
			parameters: deleteById('={{ $json.id }}', { options: options as INodeParameters }),
		});
		expect(error?.context.deleted).toHaveLength(deleted);
		expect(await sim.requested()).toHaveLength(1);
	});

	test('a column of numbers instead of IDs is counted, in one error', async () => {
		const ids = Array.from({ length: 300 }, (_, index) => index);
		const { error } = await sim.run({ items: itemsOf(ids) });
		expect(error?.message).toBe("'Association' must be a string, not a number");
		expect(error?.description).toContain('Nothing was deleted. 300 not sent.');
		expect(await sim.requested()).toEqual([]);
	});

	test('what may have been created is named where the run stops before it can be looked up', async () => {
		const tokens = ['pit-first', 'pit-second'];
		await sim.simulator.set(accept(...tokens));
		await sim.fail(
			{ kind: 'slow', token: tokens[0], delay: 150 },
			{ kind: 'reset', token: tokens[0], stage: 'after', times: 1 },
			// The second item fails while the first waits for the response to its second attempt.
			{ kind: 'slow', token: tokens[1], delay: 230 },
		);
		const { error } = await sim.run({
			items: itemsOf(['fresh', (await sim.associations())[0]!.key]),
			parameters: createByKey,
			credentialsFor: (index) => ({ token: tokens[index]! }),
		});
		expect(error?.context).toMatchObject({ created: [], unknown: ['fresh'] });
	});

	test('what may have been deleted is named where n8n can not send it again', async () => {
		const [id] = await sim.ids();
		const credentials = await signIn(sim.simulator.url);
		const { oauthTokenData } = credentials;
		let isDown = false;
		const read = () => {
			if (isDown) throw new Error('The database is down');
			return oauthTokenData;
		};
		Object.defineProperty(credentials, 'oauthTokenData', { get: read, enumerable: true });
		await sim.fail({ kind: 'reset', stage: 'after', method: 'DELETE' });
		const parameters = deleteById('={{ $json.id }}', { authentication: 'oAuth2' });
		const running = sim.run({ items: itemsOf([id]), credentials, parameters });
		while ((await sim.ids()).includes(id!)) await sleep(5);
		isDown = true;
		expect((await running).error?.context).toMatchObject({ unknown: [id], notSent: [] });
	});

	test('a deletion that HighLevel did not confirm is marked', async () => {
		await sim.run({ items: itemsOf(['unknown', 'unheard']), onError: 'continueRegularOutput' });
		await sim.fail(
			{ kind: 'status', status: 502, path: 'lost', times: 1 },
			{ kind: 'slow', path: 'refused', delay: 1_500 },
		);
		const { error } = await sim.run({ items: itemsOf(['lost', 'refused']) });
		const { context, description } = error!;
		expect(context).toMatchObject({ deleted: ['lost'], unconfirmed: ['lost'] });
		expect(description).toContain('1 deleted: lost. HighLevel did not confirm 1 of them: lost.');
	});

	test('what was created is named', async () => {
		await sim.simulator.set({ latency: 40 });
		const { key } = (await sim.associations())[0]!;
		const { error } = await sim.run({
			items: itemsOf(['fresh_0', 'fresh_1', key]),
			parameters: createByKey,
		});
		const { context, description } = error!;
		expect(context.created).toHaveLength(2);
		expect(description).toContain('2 created: ');
		expect(description).toContain("set the option 'If Exists' to Succeed");
		expect(description).not.toContain('deleted');
	});

	test('with n8n’s batching, an expression that fails in a later batch leaves nothing done', async () => {
		const ids = (await sim.ids()).slice(0, 6);
		const { error } = await sim.run({
			items: itemsOf(ids),
			parameters: {
				...deleteById('={{ $itemIndex === 4 ? $jmespath(1) : $json.id }}'),
				...batches,
			},
		});
		expect(error).toBeDefined();
		expect(await sim.requested()).toEqual([]);
	});

	describe('a last item that can not be sent leaves nothing done', () => {
		const LAST = 69;
		const lacking = (value: string) => `={{ $itemIndex < ${LAST} ? '${value}' : undefined }}`;
		const relate = {
			...{ resource: 'relation', operation: 'create', associationId: byId(ASSOCIATION) },
			...{ firstRecordId: '={{ $json.id }}', secondRecordId: 'second' },
		};
		const labels = { firstObjectLabel: 'Student', secondObjectLabel: 'Teacher' };
		const objects = { firstObjectKey: 'custom_objects.students', secondObjectKey: 'contact' };
		const backup = {
			association: { id: ASSOCIATION, key: KEY, ...labels, ...objects },
			relations: [],
		};
		const own = `={{ $itemIndex < ${LAST} ? '${ASSOCIATION}' : 'OPPORTUNITIES_CONTACTS_ASSOCIATION' }}`;
		const credentialsFor: RunSettings['credentialsFor'] = (index) => ({
			token: index < LAST ? TOKEN : '',
		});
		test.each<[missing: RegExp, parameters: INodeParameters, settings?: Partial<RunSettings>]>([
			[/'Location ID' is missing/, { ...relate, options: { locationId: lacking(sim.location) } }],
			[
				/'First Object Key' is missing/,
				{ ...relate, options: { firstObjectKey: lacking('contact') } },
			],
			[/'First Object Label' is missing/, update(byId(ASSOCIATION), lacking('New'), 'Label')],
			[
				/'Expected Key' is empty/,
				deleteById(ASSOCIATION, { options: { expectedKey: lacking(KEY) } }),
			],
			[/HighLevel's own/, deleteById(own)],
			[
				/'Backup' contains no relations/,
				{ resource: 'association', operation: 'restore', backup: '={{ $json.backup }}' },
				{ items: [...Array<IDataObject>(LAST).fill({ backup }), {}].map((json) => ({ json })) },
			],
			[/token in the credential is empty/, deleteById(ASSOCIATION), { credentialsFor }],
		])('%s', async (...[missing, parameters, settings]) => {
			const ids = Array.from({ length: LAST + 1 }, (_, index) => `record${index}`);
			const { error } = await sim.run({ items: itemsOf(ids), parameters, ...settings });
			expect(error?.message).toMatch(missing);
			expect(error?.description).toContain('70 not sent.');
			expect(await sim.requested()).toEqual([]);
		});
	});

	test('a run that reads does not speak of deletions', async () => {
		const { error } = await sim.run({
			items: itemsOf(['unknown', 'unheard']),
			parameters: { ...deleteById(), operation: 'get' },
		});
		expect(error?.description).not.toContain('deleted.');
	});

	test('items without a name are counted', async () => {
		await sim.fail({ kind: 'status', status: 400 });
		const { error } = await sim.run({
			items: itemsOf(['a', 'b']),
			parameters: { resource: 'association', operation: 'getMany' },
		});
		expect(error?.description).toMatch(/ \d failed\./);
	});
});

test('the same ID twice with Expected Key and batching is deleted once, and all items get the response', async () => {
	const { id, key } = (await sim.associations())[0]!;
	const { output } = await sim.succeed({
		items: itemsOf([id, id, id, id, id, id]),
		parameters: {
			...deleteById('={{ $json.id }}', { options: { expectedKey: key } }),
			...batches,
		},
	});
	expect(json(output)).toMatchObject(Array(6).fill({ deleted: true, id }));
	const path = `/associations/${id}`;
	expect(await sim.requested()).toEqual([`GET ${path}`, `DELETE ${path}`]);
});

describe('where the credential can not be read again after its token is refused', () => {
	const refused = respond(401, { message: 'Invalid token' }, { method: 'DELETE' });
	/** The credential of an item at its first reading; the engine itself reads that of the first item before. */
	const readOnce = () => {
		const readings = new Map<number, number>();
		return (index: number) => {
			const reading = (readings.get(index) ?? 0) + 1;
			readings.set(index, reading);
			if (reading > (index === 0 ? 2 : 1)) throw new Error('The credential is gone');
			return { token: TOKEN };
		};
	};

	test('what may have been deleted before is unknown', async () => {
		await sim.fail({ kind: 'reset', method: 'DELETE', times: 1 }, refused);
		const { error } = await sim.run({ items: itemsOf(['abc']), credentialsFor: readOnce() });
		expect(error?.context).toMatchObject({ deleted: [], unknown: ['abc'], notSent: [] });
		expect(await sim.requested('DELETE')).toHaveLength(2);
	});

	test('the items that follow are not kept waiting', async () => {
		await sim.fail(refused);
		const { output } = await sim.run({
			items: itemsOf(Array.from({ length: 25 }, (_, index) => `id${index}`)),
			onError: 'continueRegularOutput',
			credentialsFor: readOnce(),
		});
		expect(output).toHaveLength(25);
	});
});

test('a token that was changed is read again when the old one is refused, and no item that waits is sent with it', async () => {
	await sim.simulator.reset({ associations: 60 });
	let token = TOKEN;
	const credentials = sim.credentials();
	Object.defineProperty(credentials, 'token', { get: () => token, enumerable: true });
	await sim.fail({ kind: 'slow', delay: 20 });
	const running = sim.succeed({ items: itemsOf(await sim.ids()), credentials });
	while ((await sim.requested()).length < 20) await sleep(5);
	token = 'pit-renewed';
	await sim.simulator.set(accept(token));
	expect((await running).output).toHaveLength(60);
	const refused = (await sim.simulator.requests()).filter(({ status }) => status === 401);
	expect(refused.length).toBeGreaterThan(0);
	expect(refused.length).toBeLessThanOrEqual(CONCURRENCY);
});

test('a credential that can not be read again leaves its token refused, and keeps no later run waiting', async () => {
	const token = 'pit-refused';
	const credentials = sim.credentials();
	let isGone = false;
	const read = () => {
		if (isGone) throw new Error('The vault is closed');
		return token;
	};
	Object.defineProperty(credentials, 'token', { get: read, enumerable: true });
	await sim.fail({ kind: 'slow', delay: 50 });
	const running = sim.run({ items: itemsOf(['abc']), credentials });
	while ((await sim.requested()).length < 1) await sleep(5);
	isGone = true;
	expect((await running).error?.message).toMatch(/^HighLevel returned 401/);
	const later = await sim.run({
		items: itemsOf(['abc']),
		credentials: sim.credentials({ token }),
	});
	expect(later.error?.message).toMatch(/^HighLevel returned 401/);
});

test("where the day's limit of a token is used up that the run began without, each item says so", async () => {
	await sim.simulator.reset({ associations: 30, relations: 0 });
	await sim.simulator.set({ ...accept('pit-renewed-late'), daily: 12 });
	await sim.fail({ kind: 'slow', delay: 50 });
	const credentials = sim.credentials();
	let token = 'pit-revoked';
	Object.defineProperty(credentials, 'token', { get: () => token, enumerable: true });
	const items = itemsOf(await sim.ids());
	const running = sim.run({ items, credentials, onError: 'continueRegularOutput' });
	while ((await sim.requested()).length < 1) await sleep(5);
	token = 'pit-renewed-late';
	const { output } = await running;
	expect(json(output).filter(({ deleted }) => deleted)).toHaveLength(12);
	const spent = /^Not sent: the sub-account's daily request limit/;
	expect(json(output).filter(({ error }) => spent.test(String(error)))).toHaveLength(18);
});

test.each([
	['a token with a letter beyond Latin', 'pit-tökén', /token in the credential contains/],
	['an empty token', ' ', /token in the credential is empty/],
])('%s is rejected in words, and nothing is sent', async (_, token, message) => {
	const credentials = sim.credentials({ token });
	const { error } = await sim.run({ items: itemsOf(['abc']), credentials });
	expect(error?.message).toMatch(message);
	expect(await sim.requested()).toEqual([]);
});

test.each(['={{ "abc" }}', 0, -1, '={{ NaN }}', '={{ undefined }}'])(
	'a Rate Limit of %s is rejected',
	async (rateLimit) => {
		const { error } = await sim.run({
			items: itemsOf(['abc']),
			parameters: deleteById('={{ $json.id }}', { options: { rateLimit } }),
		});
		expect(error?.message).toBe("'Rate Limit (per 10 Seconds)' must be a number of 1 or more");
		expect(await sim.requested()).toEqual([]);
	},
);

describe('the rate limit', () => {
	afterEach(() => jest.restoreAllMocks());

	test.each(['86400', '3000000'])(
		'Retry-After: %s ends the run at once and says until when',
		async (seconds) => {
			const token = `pit-asked-to-wait-${seconds}`;
			await sim.simulator.set({
				...accept(token),
				faults: [{ ...cloudflare.rateLimited, headers: { 'retry-after': seconds } }],
			});
			const { output } = await sim.run({
				items: itemsOf(await sim.ids()),
				credentials: sim.credentials({ token }),
				onError: 'continueRegularOutput',
			});
			const until = new Date(Date.now() + Number(seconds) * 1_000).toISOString().slice(0, 10);
			expect(output).toHaveLength(12);
			for (const { json: item } of output) {
				expect(item.error).toContain(`Not sent: HighLevel asked to wait until ${until}`);
			}
			expect(await sim.requested()).toHaveLength(1);
		},
	);

	test('a request is not sent again five minutes after its first attempt', async () => {
		hastenClock();
		// Each attempt takes three of them.
		await sim.fail({ kind: 'status', status: 502, delay: 300 });
		const { error } = await sim.run({ items: itemsOf(['abc']) });
		expect(error?.message).toMatch(/^HighLevel returned 502/);
		expect((await sim.requested()).length).toBeLessThan(8);
	});

	test('429 for ever costs a run five minutes, not each of its items', async () => {
		const token = 'pit-rate-limited-for-ever';
		hastenClock();
		await sim.simulator.set({
			...accept(token),
			faults: [{ kind: 'status', status: 429 }],
		});
		const { output } = await sim.run({
			items: itemsOf(Array.from({ length: 100 }, (_, index) => `id${index}`)),
			credentials: sim.credentials({ token }),
			onError: 'continueRegularOutput',
		});
		expect(output).toHaveLength(100);
		for (const { json: item } of output) expect(item.error).toMatch(/429|rate-limited/);
		// One patience is some 65 attempts, at most 5 s apart.
		expect((await sim.requested()).length).toBeLessThan(120);
	});
});
