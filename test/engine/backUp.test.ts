import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { RateLimit } from '../../nodes/HighLevelAssociations/transport/rateLimit';
import { scopes } from '../simulator/contract';
import type { FaultRule } from '../simulator/faults';
import type { Association, Relation } from '../simulator/state';
import { describeAssociation } from '../simulator/describeAssociation';
import type { StateReport } from '../simulator/start';
import { byId, byKey, respond, TOKEN, useSimulator } from './useSimulator';

const sim = useSimulator();

const PETS = 'custom_objects.pets';

/** An association of pets and their owners, of a few pets and many contacts unless a test says otherwise. */
const PET_OWNER: Partial<Association> = {
	id: 'petOwner',
	key: 'pet_owner',
	firstObjectKey: 'contact',
	firstObjectLabel: 'Owner',
	secondObjectKey: PETS,
	secondObjectLabel: 'Pet',
};

const seed = async (settings: Parameters<typeof sim.simulator.reset>[0] = {}) =>
	await sim.simulator.reset({
		associations: [PET_OWNER],
		system: 0,
		records: { contact: 60, [PETS]: 12 },
		relations: 40,
		...settings,
	});

beforeEach(async () => await seed());

const run = async (parameters: object, settings: object = {}) =>
	await sim.run({ parameters: parameters as never, ...settings });

const backUp = async (id = 'petOwner', options: object = {}) =>
	await run({ resource: 'association', operation: 'backUp', associationId: byId(id), options });

const remove = async (options: object = {}, id = 'petOwner') =>
	await run({ resource: 'association', operation: 'delete', associationId: byId(id), options });

const removeByRecords = async (pair: object, options: object = {}, settings: object = {}) =>
	await run(
		{
			...{ resource: 'relation', operation: 'delete', deleteBy: 'records' },
			...{ associationId: byId('petOwner'), ...pair, options },
		},
		settings,
	);

/** The backup of an association that is deleted then. */
const backUpAndRemove = async () => {
	const backup = json(await backUp());
	await remove();
	await sim.simulator.clearRequests();
	return backup;
};

const retry = { node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } };

const restore = async (backup: unknown, settings: object = {}) =>
	await run({ resource: 'association', operation: 'restore', backup, options: {} }, settings);

const json = ({ output }: Awaited<ReturnType<typeof run>>) => output[0]?.json as IDataObject;

const relationsOf = ({ relations }: StateReport, id: string) =>
	relations.filter(({ associationId }) => associationId === id);

/** A rule by which the creation of a relation is refused or lost. */
const failCreation = (rule: Partial<FaultRule>): FaultRule => ({
	...{ kind: 'status', path: 'relations$', method: 'POST', ...rule },
});

const sorted = (relations: unknown) =>
	[...(relations as Relation[])].sort((one, other) => one.id.localeCompare(other.id));

describe('Back Up', () => {
	test('gives the association and each of its relations once, from the side with fewer records', async () => {
		const state = await sim.simulator.state();
		const { output } = await backUp();
		const backup = {
			association: { id: 'petOwner', key: 'pet_owner' },
			counts: { records: 12, relations: 40 },
			takenAt: expect.stringMatching(/^2\d{3}-.+Z$/),
		};
		expect(output).toMatchObject([{ json: backup }]);
		expect(sorted(output[0]!.json.relations)).toEqual(sorted(relationsOf(state, 'petOwner')));
		expect(await sim.requested('GET /associations/relations/')).toHaveLength(12);
		expect(await sim.requested('POST')).toHaveLength(3);
	});

	test('reads both sides of an object that is related to itself', async () => {
		await seed({
			associations: [{ ...PET_OWNER, secondObjectKey: 'contact' }],
			records: { contact: 15 },
			ignoreAssociationIds: true,
		});
		const state = await sim.simulator.state();
		const { relations, counts } = json(await backUp());
		expect(sorted(relations)).toEqual(sorted(relationsOf(state, 'petOwner')));
		expect(counts).toEqual({ records: 15, relations: 40 });
	});

	test('reads on where a record has more relations than a page, some of them under other associations', async () => {
		await seed({
			associations: [PET_OWNER, { ...PET_OWNER, id: 'other', key: 'other' }],
			records: { contact: 300, [PETS]: 1 },
			relations: 250,
			ignoreAssociationIds: true,
		});
		const state = await sim.simulator.state();
		const { relations } = json(await backUp());
		expect(sorted(relations)).toEqual(sorted(relationsOf(state, 'petOwner')));
	});

	test.each([
		['contact', false],
		['opportunity', false],
		['business', false],
		['contact', true],
		['business', true],
	])(
		'misses no %s while others come and go, without searchAfter: %s',
		async (object, ignoreSearchAfter) => {
			await seed({
				associations: [{ ...PET_OWNER, firstObjectKey: object }],
				records: { [object]: 62, [PETS]: 90 },
				relations: 90,
				maximumLimit: 20,
				ignoreSearchAfter,
				recordChanges: [
					{ object, afterPage: 2, remove: 3 },
					{ object, afterPage: 2, remove: 2, at: 'end' },
					{ object, afterPage: 2, add: 7 },
					{ object, afterPage: 3, add: 1, at: 'end' },
				],
			});
			const { relations, counts } = json(await backUp());
			const left = relationsOf(await sim.simulator.state(), 'petOwner').map(({ id }) => id);
			const ids = (relations as Relation[]).map(({ id }) => id);
			expect(ids).toEqual(expect.arrayContaining(left));
			expect(new Set(ids).size).toBe(ids.length);
			expect((counts as IDataObject).records).toBeGreaterThanOrEqual(62);
		},
	);

	describe('where relations are removed while those of a record are listed', () => {
		/** The first page of 150 relations, before one on it was removed. */
		const removeOne = async () => {
			await seed({ records: { contact: 300, [PETS]: 1 }, relations: 150 });
			const { relations } = await sim.simulator.state();
			await sim.simulator.removeRecord(relations[0]!.firstRecordId);
			const body = { relations: relations.slice(0, 100), total: 150 };
			await sim.fail(respond(200, body, { path: '/associations/relations/', times: 1 }));
			return (await sim.simulator.state()).relations;
		};

		test('none of the others is missed', async () => {
			const left = await removeOne();
			expect(sorted(json(await backUp()).relations)).toEqual(sorted(left));
		});

		test('none of the others is taken for missing', async () => {
			const { id, firstRecordId, secondRecordId } = (await removeOne())[99]!;
			const pair = { firstRecordId: secondRecordId, secondRecordId: firstRecordId };
			const result = await removeByRecords(pair, { ifNotFound: 'succeed' });
			expect(json(result)).toMatchObject({ deleted: true, id });
		});
	});

	test('reads on after a full page whose total is its own', async () => {
		await seed({ records: { contact: 300, [PETS]: 1 }, relations: 150 });
		const { relations } = await sim.simulator.state();
		const body = { relations: relations.slice(0, 100), total: 100 };
		await sim.fail(respond(200, body, { path: '/associations/relations/', times: 1 }));
		expect(sorted(json(await backUp()).relations)).toEqual(sorted(relations));
	});

	test('reads on after a full page of records whose total is its own', async () => {
		await seed({ records: { contact: 900, [PETS]: 510 }, relations: 20 });
		const { records, relations } = await sim.simulator.state();
		const first = records[PETS]!.slice(0, 500).map((id, index) => ({
			id,
			searchAfter: [Date.UTC(2025, 0, 1) + index * 1_000, id],
		}));
		const search = { path: '/records/search', times: 1 };
		await sim.fail(
			respond(200, { records: first.slice(0, 1), total: 1 }, search),
			respond(200, { records: first, total: 500 }, search),
		);
		const backup = json(await backUp());
		expect(backup.counts).toMatchObject({ records: 510 });
		expect(sorted(backup.relations)).toEqual(sorted(relations));
	});

	test('fails if HighLevel says no more how many relations a record has', async () => {
		await seed({ records: { contact: 300, [PETS]: 1 }, relations: 150 });
		const { relations } = await sim.simulator.state();
		const path = '/associations/relations/';
		const first = respond(
			200,
			{ relations: relations.slice(0, 100), total: 150 },
			{ path, times: 1 },
		);
		const page = [first, respond(200, { relations: [] }, { path, times: 1 })];
		await sim.fail(...Array.from({ length: 5 }, () => page).flat());
		expect((await backUp()).error?.message).toBe('HighLevel listed only 100 of 150 relations');
	});

	test.each([
		['contacts.readonly', 12],
		['objects/record.readonly', 60],
	] as const)('without the scope %s it reads the other side', async (missing, records) => {
		await seed({ tokens: [{ name: TOKEN, scopes: scopes.filter((scope) => scope !== missing) }] });
		expect(json(await backUp()).counts).toEqual({ records, relations: 40 });
	});

	test('names the scope that is missing', async () => {
		await seed({ tokens: [{ name: TOKEN, scopes: ['associations.readonly'] }] });
		const { error } = await backUp();
		expect(error?.description).toMatch(
			/lacks the scope contacts\.readonly.+Only what reads all relations of an association needs it/,
		);
	});

	test('fails if the relations of one record could not be read', async () => {
		await sim.fail({ kind: 'status', status: 500, path: '/associations/relations/', times: 1 });
		const { error, output } = await backUp();
		expect(error?.message).toMatch(/^HighLevel returned 500/);
		expect(output).toEqual([]);
	});

	test.each([
		['too few records', '/records/search', { records: [], total: 12 }, 'only 0 of 12 records'],
		['12 as a text', '/records/search', { records: [], total: '12' }, 'only 0 of 12 records'],
		['too few relations', '/relations/', { relations: [], total: 3 }, 'only 0 of 3 relations'],
	])('fails if HighLevel lists %s, and is not called not sent', async (_, path, body, message) => {
		await sim.fail(respond(200, body, { path }));
		expect((await backUp()).error).toMatchObject({
			message: expect.stringContaining(message),
			context: { failed: ['petOwner'], notSent: [] },
		});
	});

	test('sends a search again like any other reading', async () => {
		await sim.fail({ kind: 'reset', path: 'search', times: 3 });
		expect(json(await backUp()).counts).toEqual({ records: 12, relations: 40 });
	});
});

test('keeps nothing of a request that was answered, however many there are', async () => {
	await seed({ records: { contact: 600, [PETS]: 400 }, limit: 0 });
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const { send } = RateLimit.prototype;
	const sent: Array<WeakRef<object>> = [];
	let kept = Infinity;
	jest.spyOn(RateLimit.prototype, 'send').mockImplementation(function (this: RateLimit, now) {
		const request = send.call(this, now);
		sent.push(new WeakRef(request));
		if (sent.length === 350) {
			collectGarbage();
			kept = sent.filter((one) => one.deref()).length;
		}
		// What the spy itself would keep.
		(this.send as jest.Mock).mockClear();
		return request;
	});
	try {
		expect((await backUp()).error).toBeUndefined();
	} finally {
		jest.restoreAllMocks();
	}
	expect(kept).toBeLessThan(50);
});

/** What Back Up says in the browser's console while each look at the clock takes so many milliseconds. */
async function readConsole(step: number): Promise<string[]> {
	const lines: string[] = [];
	const start = performance.now();
	let calls = 0;
	jest.spyOn(performance, 'now').mockImplementation(() => start + step * ++calls);
	try {
		await run(
			{ resource: 'association', operation: 'backUp', associationId: byId('petOwner') },
			{
				sendDataToUI: (_: string, { messages }: { messages: string[] }) => lines.push(...messages),
			},
		);
	} finally {
		jest.restoreAllMocks();
	}
	return lines;
}

test("says in the browser's console how many requests it takes, and how far it has come", async () => {
	await seed({ records: { contact: 60, [PETS]: 30 } });
	// A second, so that a line is due now and then.
	const lines = await readConsole(1_000);
	expect(lines[0]).toBe(
		'HighLevel: reads the relations of 30 records of custom_objects.pets: about 30 requests, 3 s',
	);
	expect(lines.length).toBeGreaterThan(1);
	expect(lines[1]).toMatch(
		/^HighLevel: \d+ of 30 records read, \d+ relations found, about \d+ (s|min) left$/,
	);
});

test('names no number of records where HighLevel says none', async () => {
	const body = { contacts: [{ id: 'recordA' }], records: [{ id: 'recordA' }] };
	await sim.fail(respond(200, body, { path: '/search$' }));
	// Half a minute, so that each record has a line.
	expect(await readConsole(30_000)).toEqual([
		expect.stringMatching(/^HighLevel: reads the relations of all records of \S+$/),
		'HighLevel: 1 records read, 0 relations found',
	]);
});

const unrelated = { id: 'r', firstRecordId: 'a', secondRecordId: 'b' };
const noList = 'HighLevel returned no list of relations';

describe.each([
	['a refusal of every page size', 400, { message: 'limit must not be greater than 10' }],
	['that the day is spent', 400, { message: 'Daily request limit exceeded' }],
	['an association, as its contract says', 200, { ...PET_OWNER, associationType: 'USER_DEFINED' }],
	['relations that name no association', 200, { relations: [unrelated], total: 1 }],
	['relations without records', 200, { relations: [{ id: 'r', associationId: 'petOwner' }] }],
	['a queued job', 200, { id: 'job', status: 'queued' }],
	['no objects', 200, { relations: [null, 'a'] }],
])('where HighLevel returns, for the relations of a record, %s', (_, status, body) => {
	const message = 'message' in body ? `HighLevel returned 400: ${body.message}` : noList;
	beforeEach(async () => {
		await sim.fail(respond(status, body, { path: '/associations/relations/' }));
	});

	test('nothing is taken for the whole of a backup', async () => {
		expect((await backUp()).error).toMatchObject({ message });
	});

	test('nothing is deleted for want of relations', async () => {
		expect((await remove({ ifRelated: 'refuse' })).error).toMatchObject({ message });
		expect((await sim.simulator.state()).associations).toHaveLength(1);
	});

	test('no relation is taken for missing', async () => {
		const [{ firstRecordId, secondRecordId } = {}] = (await sim.simulator.state()).relations;
		const options = { ifNotFound: 'succeed' };
		const { error } = await removeByRecords({ firstRecordId, secondRecordId }, options);
		expect(error).toMatchObject({ message });
	});

	test('a list of those under an association fails', async () => {
		const filters = { associationIds: ['petOwner'] };
		const parameters = { resource: 'relation', operation: 'getMany', recordId: 'any' };
		const { error } = await run({ ...parameters, filters, returnAll: true });
		expect(error).toMatchObject({ message });
	});
});

test.each(['limit must not be greater than 10', 'Daily request limit exceeded'])(
	'a list of all relations of a record fails where HighLevel refuses every page with "%s"',
	async (words) => {
		await sim.fail(respond(400, { message: words }, { path: '/associations/relations/' }));
		const parameters = { resource: 'relation', operation: 'getMany', recordId: 'any' };
		const { error } = await run({ ...parameters, returnAll: true });
		expect(error).toMatchObject({ message: `HighLevel returned 400: ${words}` });
	},
);

describe.each([
	['records without IDs', { contacts: [{}], records: [{}], total: 1 }],
	['no records', { contacts: ['a'], records: [null], total: 1 }],
	['none, without their number', { contacts: [], records: [] }],
	['a queued job', { id: 'job', status: 'queued' }],
])('where HighLevel lists, as the records of an object, %s', (_, body) => {
	const message = expect.stringMatching(/^HighLevel returned no list of (contacts|records)$/);
	beforeEach(async () => await sim.fail(respond(200, body, { path: '/search$' })));

	test('they are not taken for records without relations in a backup', async () => {
		expect((await backUp()).error).toMatchObject({ message });
	});

	test('nothing is deleted for want of relations', async () => {
		expect((await remove({ ifRelated: 'refuse' })).error).toMatchObject({ message });
		expect((await sim.simulator.state()).associations).toHaveLength(1);
	});
});

describe('Delete', () => {
	test('with If Related = Refuse deletes nothing that has a relation, and stops reading at the first', async () => {
		await seed({ records: { contact: 300, [PETS]: 200 }, relations: 400 });
		const { error } = await remove({ ifRelated: 'refuse' });
		expect(error?.message).toBe("Not deleted: 'pet_owner' has relations");
		expect((await sim.simulator.state()).associations).toHaveLength(1);
		expect((await sim.requested()).length).toBeLessThan(30);
	});

	test('with If Related = Refuse deletes what has none', async () => {
		await seed({ relations: 0 });
		expect(json(await remove({ ifRelated: 'refuse' }))).toMatchObject({ deleted: true });
		expect((await sim.simulator.state()).associations).toEqual([]);
	});

	test.each([
		['ifRelated', { ifRelated: 'refuse' }],
		['nothing else', {}],
	])('checks the Location ID of all items before the first request, with %s', async (_, more) => {
		await seed({ relations: 0 });
		const items = [{ json: { location: sim.location } }, { json: {} }];
		const { error } = await run(
			{
				...{ resource: 'association', operation: 'delete', associationId: byId('petOwner') },
				options: { ...more, locationId: '={{ $json.location }}' },
			},
			{ items },
		);
		expect(error?.message).toBe("'Location ID' is missing");
		expect(await sim.requested()).toEqual([]);
	});

	test('checks that there is a Location ID before the first request, where relations are read', async () => {
		const { error } = await run(
			{
				...{ resource: 'association', operation: 'delete', associationId: byId('petOwner') },
				options: { ifRelated: 'refuse' },
			},
			{ credentials: sim.credentials({ locationId: '' }) },
		);
		expect(error?.message).toBe("'Location ID' is missing");
		expect(await sim.requested()).toEqual([]);
	});

	test('takes If Related for Refuse where its expression finds nothing', async () => {
		const { error } = await remove({ ifRelated: '={{ $json.missing }}' });
		expect(error?.message).toMatch(/^Not deleted/);
	});

	test('in a dry run counts the relations that would go', async () => {
		expect(json(await remove({ dryRun: true, countRelations: true }))).toMatchObject({
			dryRun: true,
			relations: 40,
			message: "Would delete 'pet_owner' (Owner ↔ Pet) and its 40 relations",
		});
		expect((await sim.simulator.state()).relations).toHaveLength(40);
	});
});

describe('relations', () => {
	test.each([1, 25, Infinity])('Get Many by association gives %d at most', async (limit) => {
		await seed({ records: { contact: 300, [PETS]: 200 }, relations: 400 });
		const { output } = await run({
			...{ resource: 'relation', operation: 'getMany', listBy: 'association' },
			associationId: byKey('pet_owner'),
			returnAll: limit === Infinity,
			...(limit < Infinity && { limit }),
		});
		expect(new Set(output.map(({ json }) => json.id)).size).toBe(Math.min(limit, 400));
		if (limit === 1) expect((await sim.requested()).length).toBeLessThan(30);
	});

	test.each([false, true])('Delete by its records, reversed: %s', async (isReversed) => {
		const [, relation] = (await sim.simulator.state()).relations as [Relation, Relation];
		const { firstRecordId, secondRecordId } = relation;
		const result = await removeByRecords(
			isReversed
				? { firstRecordId: secondRecordId, secondRecordId: firstRecordId }
				: { firstRecordId, secondRecordId },
		);
		expect(json(result)).toMatchObject({ deleted: true, id: relation.id });
		expect((await sim.simulator.state()).relations).toHaveLength(39);
	});

	test('Delete by records sends the same deletion once, and never takes the other order for it', async () => {
		const [a, b] = ['recordA', 'recordB'];
		await seed({
			associations: [{ ...PET_OWNER, secondObjectKey: 'contact' }],
			records: { contact: [a, b] },
			relations: [
				{ id: 'ab', associationId: 'petOwner', firstRecordId: a, secondRecordId: b },
				{ id: 'ba', associationId: 'petOwner', firstRecordId: b, secondRecordId: a },
			],
		});
		const pair = { firstRecordId: a, secondRecordId: b };
		const items = Array.from({ length: 3 }, () => ({ json: {} }));
		const { output } = await run(
			{
				...{ resource: 'relation', operation: 'delete', deleteBy: 'records' },
				...{ associationId: byId('petOwner'), ...pair },
				requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 400 } } },
			},
			{ items, onError: 'continueRegularOutput' },
		);
		expect(output.map(({ json }) => json.id)).toEqual(items.map(() => 'ab'));
		expect(await sim.requested('DELETE')).toHaveLength(1);
		expect((await sim.simulator.state()).relations).toMatchObject([{ id: 'ba' }]);
	});

	test('Delete by records that are not related', async () => {
		const pair = { firstRecordId: 'a', secondRecordId: 'b' };
		expect((await removeByRecords(pair)).error?.message).toMatch(/^HighLevel found no relation/);
		const missing = await removeByRecords(pair, { ifNotFound: 'succeed' });
		expect(json(missing)).toMatchObject({ deleted: false, ...pair });
		const { error } = await removeByRecords({ ...pair, secondRecordId: '={{ $json.missing }}' });
		expect(error?.message).toBe("'Second Record ID' is missing");
	});
});

describe('with If Not Found = Succeed', () => {
	const options = { ifNotFound: 'succeed' };

	test.each(['stopWorkflow', 'continueRegularOutput'])(
		'a relation that the first try may have deleted is not said to have been missing: %s',
		async (onError) => {
			const lost = { method: 'DELETE', stage: 'after', times: 1 } as const;
			await seed({ faults: [respond(500, { message: 'Oops' }, lost)] });
			const [relation] = (await sim.simulator.state()).relations as [Relation];
			const { firstRecordId, secondRecordId } = relation;
			const result = await removeByRecords({ firstRecordId, secondRecordId }, options, {
				onError,
				...retry,
			});
			expect(json(result)).toMatchObject({ deleted: true, confirmed: false, id: relation.id });
		},
	);

	test.each([
		['without a body', respond(204)],
		['of null', respond(200, 'null')],
	])('no relation is said to be missing after a response %s', async (_, rule) => {
		await sim.fail({ ...rule, method: 'GET', path: '^/associations/relations' });
		const [relation] = (await sim.simulator.state()).relations as [Relation];
		const { firstRecordId, secondRecordId } = relation;
		for (const associationId of [byId('petOwner'), byKey('pet_owner')]) {
			const pair = { associationId, firstRecordId, secondRecordId };
			const { error, output } = await removeByRecords(pair, options);
			expect(output).toEqual([]);
			expect(error?.message).toMatch(/^HighLevel returned 20\d: an empty response/);
		}
	});

	test('an association is not said to be missing where the relations of a record are', async () => {
		const rule = { method: 'GET', path: '^/associations/relations' };
		await seed({ faults: [respond(404, { message: 'Relation not found' }, rule)] });
		const { error } = await remove({ ...options, ifRelated: 'refuse' });
		expect(error?.message).toBe('HighLevel returned 404: Relation not found');
		expect((await sim.simulator.state()).associations).toHaveLength(1);
	});
});

describe('Restore', () => {
	test('brings back what was deleted, and names the old and the new association', async () => {
		const before = describeAssociation(await sim.simulator.state(), 'pet_owner');
		const backup = await backUpAndRemove();
		const result = await restore('={{ $json }}', { items: [{ json: backup }] });
		expect(result.error).toBeUndefined();
		expect(json(result)).toMatchObject({
			association: { key: 'pet_owner' },
			created: true,
			previousAssociationId: 'petOwner',
			relations: { restored: 40, existed: 0, failed: [] },
		});
		const state = await sim.simulator.state();
		expect(json(result).association).toMatchObject({ id: state.associations[0]!.id });
		expect(describeAssociation(state, 'pet_owner')).toEqual(before);

		expect(json(await restore(JSON.stringify(backup)))).toMatchObject({
			created: false,
			relations: { restored: 0, existed: 40, failed: [] },
		});
		expect(await sim.simulator.state()).toEqual(state);
	});

	test('brings back twice in one run what relates an object to itself, each relation once', async () => {
		const [a, b, c] = ['recordA', 'recordB', 'recordC'];
		const relate = (firstRecordId: string, secondRecordId: string) => ({
			...{ associationId: 'petOwner', firstRecordId, secondRecordId },
		});
		await seed({
			associations: [{ ...PET_OWNER, secondObjectKey: 'contact' }],
			records: { contact: [a, b, c] },
			relations: [relate(a, b), relate(b, a), relate(b, c)],
		});
		const before = describeAssociation(await sim.simulator.state(), 'pet_owner');
		const backup = await backUpAndRemove();
		const items = [{ json: backup }, { json: backup }];
		const { output, error } = await restore('={{ $json }}', { items });
		expect(error).toBeUndefined();
		expect(describeAssociation(await sim.simulator.state(), 'pet_owner')).toEqual(before);
		const counts = output.map(({ json }) => json.relations as IDataObject);
		expect(counts.map(({ failed }) => failed)).toEqual([[], []]);
		expect(Number(counts[0]!.restored) + Number(counts[1]!.restored)).toBe(3);
	});

	test('keeps the order of records under labels that are the same', async () => {
		const sibling = { secondObjectKey: 'contact', secondObjectLabel: 'Owner' };
		const [firstRecordId, secondRecordId] = ['recordA', 'recordB'];
		const records = { contact: [firstRecordId, secondRecordId] };
		await seed({
			...{ associations: [{ ...PET_OWNER, ...sibling }], records },
			relations: [{ associationId: 'petOwner', firstRecordId, secondRecordId }],
		});
		const backup = json(await backUp());
		// As its user creates it again in HighLevel.
		await seed({ associations: [{ ...PET_OWNER, ...sibling, id: 'new' }], records, relations: 0 });
		expect(json(await restore(backup))).toMatchObject({ relations: { restored: 1 } });
		const relation = { associationId: 'new', firstRecordId, secondRecordId };
		expect((await sim.simulator.state()).relations).toMatchObject([relation]);
	});

	test('run again gives the labels back that it could not correct before', async () => {
		const swapped = { firstObjectKey: PETS, firstObjectLabel: 'Pet', secondObjectKey: 'contact' };
		await seed({
			associations: [{ ...PET_OWNER, ...swapped, secondObjectLabel: 'Owner' }],
			...{ objectOrder: 'alphabetical', labelsMove: false },
		});
		const backup = await backUpAndRemove();
		await sim.fail(respond(403, { message: 'No' }, { method: 'PUT', times: 1 }));
		expect((await restore(backup)).error?.message).toMatch(/^HighLevel returned 403/);
		expect(json(await restore(backup))).toMatchObject({ created: false });
		expect((await sim.simulator.state()).associations).toMatchObject([
			{ firstObjectKey: 'contact', firstObjectLabel: 'Owner', secondObjectLabel: 'Pet' },
		]);
	});

	test('says which relations could not be restored, and why', async () => {
		const backup = await backUpAndRemove();
		const [{ firstRecordId }] = backup.relations as [Relation];
		await sim.simulator.removeRecord(firstRecordId);
		const { failed, restored } = json(await restore(backup)).relations as {
			failed: Array<Relation & { reason: string }>;
			restored: number;
		};
		expect(restored + failed.length).toBe(40);
		expect(failed).not.toHaveLength(0);
		for (const relation of failed) {
			expect(relation).toMatchObject({
				firstRecordId,
				reason: `HighLevel returned 400: Record with id ${firstRecordId} not found`,
			});
		}
	});

	const relation = { id: 'r', firstRecordId: 'a', secondRecordId: 'b' };
	const association = { ...PET_OWNER, id: 'gone', key: 'new_key' };
	/** A backup without relations of an association that is changed so. */
	const backupOf = (changes: object) => ({
		association: { ...association, ...changes },
		relations: [],
	});
	test.each([
		['no JSON', '{', /'Backup' is not valid JSON/],
		['no backup', {}, /contains no relations/],
		['a part of a backup', { ...backupOf({}), counts: { relations: 1 } }, /0 of 1/],
		['a relation without a record', { association, relations: [{ id: 'r' }] }, /is missing/],
		['nothing for a relation', { association, relations: [null] }, /is missing/],
		[
			'relations of other objects',
			{ association, relations: [{ ...relation, firstObjectKey: 'business' }] },
			/objects that its association does not connect/,
		],
		['another sub-account', backupOf({ locationId: 'elsewhere' }), /sub-account 'elsewhere'/],
		['equal labels', backupOf({ firstObjectLabel: 'Pet' }), /both labels are the same/],
		[
			'the key of another association',
			backupOf({ key: 'Pet_Owner', firstObjectKey: 'business' }),
			/the key 'pet_owner' belongs to another association/,
		],
		[
			'a cardinality',
			backupOf({ firstObjectToSecondObjectCardinality: 'ONE_TO_MANY' }),
			/Cardinality is ONE_TO_MANY/,
		],
		[
			"one of HighLevel's own",
			backupOf({ key: 'X_Y_ASSOCIATION' }),
			/HighLevel's own.*ask its support/,
		],
	])('refuses %s before anything is created', async (_, backup, message) => {
		const { error } = await restore(backup);
		expect(`${error?.message}. ${error?.description}`).toMatch(message);
		expect(await sim.requested()).toEqual(await sim.requested('GET'));
	});

	test.each([
		['ID', /petOwner$/],
		['key', /\/key\//],
	])(
		'restores nothing into another association that HighLevel returns by its %s',
		async (_, path) => {
			const backup = await backUpAndRemove();
			const other = { ...PET_OWNER, id: 'other', key: 'other' };
			await sim.fail(respond(200, other, { method: 'GET', path: path.source }));
			const { error } = await restore(backup);
			expect(error?.message).toMatch(/^HighLevel returned a different association than petOwner/);
			expect(await sim.requested('POST')).toEqual([]);
		},
	);

	test('restores nothing into another association that HighLevel returns as created', async () => {
		const backup = await backUpAndRemove();
		const other = { ...PET_OWNER, id: 'other', key: 'other' };
		await sim.fail(respond(201, other, { method: 'POST', path: '^/associations/$' }));
		const { error } = await restore(backup);
		const message = 'HighLevel did not return the association that it created';
		expect(error).toMatchObject({ message });
		expect(await sim.requested('POST')).toEqual(['POST /associations/']);
	});

	test('says of a relation that HighLevel may have created that it may exist', async () => {
		const backup = await backUpAndRemove();
		await sim.fail(failCreation({ status: 500, stage: 'after', times: 1 }));
		expect(json(await restore(backup))).toMatchObject({
			relations: {
				restored: 39,
				failed: [{ reason: expect.stringMatching(/ 500: .*\. It may have been created/) }],
			},
		});
		expect(json(await restore(backup))).toMatchObject({
			relations: { restored: 0, existed: 40, failed: [] },
		});
	});

	test('says how many relations it can not tell from those that existed', async () => {
		const backup = await backUpAndRemove();
		await sim.fail(failCreation({ kind: 'reset', stage: 'after', times: 3 }));
		expect(json(await restore(backup))).toMatchObject({
			relations: { restored: 37, existed: 0, unconfirmed: 3, failed: [] },
		});
	});

	test('says where a maximum number of relations is not that of the backup', async () => {
		const limited = backupOf({ secondObjectToFirstObjectMaxLimit: 3 });
		expect(json(await restore(limited))).toMatchObject({
			created: true,
			differences: [{ name: 'secondObjectToFirstObjectMaxLimit', backup: 3, restored: 1_000 }],
		});
		expect(json(await restore(limited))).not.toHaveProperty('differences');
	});

	test('that fails in the middle says how much is done, whether it or another item has stopped it', async () => {
		const backup = await backUpAndRemove();
		await sim.fail(failCreation({ status: 401, probability: 0.2 }));
		const { details } = json(await restore(backup, { node: { onError: 'continueRegularOutput' } }));
		const made = (await sim.simulator.state()).relations.length;
		expect(details).toMatchObject({ relations: { restored: made, existed: 0, failed: [] } });

		const two = ['petOwner', 'petSitter'];
		await seed({ associations: two.map((id) => ({ ...PET_OWNER, id, key: id })) });
		const backups = [json(await backUp(two[0])), json(await backUp(two[1]))];
		for (const id of two) await remove({}, id);
		await sim.fail(failCreation({ status: 401 }));
		const { error } = await restore('={{ $json }}', { items: backups.map((json) => ({ json })) });
		expect((await sim.simulator.state()).associations).toHaveLength(2);
		expect(error).toMatchObject({ context: { failed: expect.arrayContaining(two), notSent: [] } });
	});

	test('that has created the association is not called not sent where its labels can not be', async () => {
		const swapped = { firstObjectKey: PETS, secondObjectKey: 'contact' };
		await seed({
			...{ associations: [{ ...PET_OWNER, ...swapped }], labelsMove: false },
			objectOrder: 'alphabetical',
		});
		const backup = await backUpAndRemove();
		const headers = { 'x-ratelimit-daily-remaining': '0' };
		await sim.fail(respond(429, undefined, { method: 'PUT', headers }));
		const { error } = await restore(backup);
		const [{ id } = {}] = (await sim.simulator.state()).associations;
		expect(error).toMatchObject({
			message: expect.stringContaining('daily request limit is used up'),
			context: { restored: [id], failed: ['petOwner'], notSent: [] },
		});
	});

	test('goes on where it was cut off, and names what it had restored', async () => {
		const before = describeAssociation(await sim.simulator.state(), 'pet_owner');
		const backup = await backUpAndRemove();
		await sim.fail(failCreation({ status: 401, probability: 0.1 }));
		const { error } = await restore(backup);
		expect(error?.message).toMatch(/^HighLevel returned 401/);
		const state = await sim.simulator.state();
		expect(error!.context.restored!.sort()).toEqual(
			[...state.relations, ...state.associations].map(({ id }) => id).sort(),
		);
		await sim.fail();
		expect(json(await restore(backup))).toMatchObject({
			created: false,
			relations: { existed: state.relations.length, restored: 40 - state.relations.length },
		});
		expect(describeAssociation(await sim.simulator.state(), 'pet_owner')).toEqual(before);
	});

	const objects = fc.constantFrom(
		'contact',
		'opportunity',
		'business',
		PETS,
		'custom_objects.cars',
	);
	const word = fc.stringMatching(/^[A-Za-z][A-Za-z_]{0,8}$/);
	test('is the identity after Back Up and Delete but for IDs, or creates nothing', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.record({
					first: objects,
					second: objects,
					key: word.filter((key) => key.toUpperCase() !== 'RELATIONS'),
					labels: fc.tuple(word, word),
					cardinality: fc.constantFrom('MANY_TO_MANY', 'MANY_TO_MANY', 'ONE_TO_MANY'),
					relations: fc.integer({ min: 0, max: 25 }),
					records: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 9 })),
					objectOrder: fc.constantFrom('given' as const, 'alphabetical' as const),
					labelsMove: fc.boolean(),
					isFaulty: fc.boolean(),
					seed: fc.nat(),
				}),
				async ({ first, second, key, labels, cardinality, records, isFaulty, ...settings }) => {
					const association = {
						...{ id: 'A', key: key.toLowerCase() },
						...{ firstObjectKey: first, firstObjectLabel: labels[0] },
						...{ secondObjectKey: second, secondObjectLabel: labels[1] },
						firstObjectToSecondObjectCardinality: cardinality,
					};
					await seed({
						...settings,
						associations: [association],
						records: { [first]: records[0], [second]: records[1] },
					});
					const before = describeAssociation(await sim.simulator.state(), key);
					if (isFaulty) {
						await sim.fail(
							{ kind: 'reset', probability: 0.05 },
							{ kind: 'status', status: 503, probability: 0.05 },
							{ kind: 'reset', stage: 'after', probability: 0.05 },
						);
					}
					const backup = json(await backUp('A'));
					await remove({}, 'A');
					const { error } = await restore({
						...backup,
						association: { ...(backup.association as IDataObject), key },
					});
					const state = await sim.simulator.state();
					if (error) {
						expect(error.message).toMatch(/^Not restored/);
						expect(state.associations).toEqual([]);
					} else {
						expect(describeAssociation(state, key)).toEqual(before);
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});

describe('Restore with Retry On Fail', () => {
	test('sends nothing again that the first try has done, and counts it as restored', async () => {
		const backup = await backUpAndRemove();
		await sim.simulator.set({
			faults: [failCreation({ status: 403, times: 1 })],
			latency: 5,
		});
		expect(json(await restore(backup, retry))).toMatchObject({
			created: true,
			relations: { restored: 40, existed: 0, failed: [] },
		});
		const requests = await sim.simulator.requests();
		const statuses = requests.filter(({ method }) => method === 'POST').map(({ status }) => status);
		expect(statuses.sort()).toEqual([...Array(41).fill(201), 403]);
	});

	test('says of an association that the first try may have created that it was created', async () => {
		const backup = await backUpAndRemove();
		await sim.fail({ kind: 'status', status: 500, method: 'POST', stage: 'after', times: 1 });
		expect(json(await restore(backup, retry))).toMatchObject({ created: true });
	});

	test('what HighLevel created without saying so is not called not sent', async () => {
		const backup = await backUpAndRemove();
		await sim.fail(respond(201, '', { method: 'POST', path: 'associations/$' }));
		const { error } = await restore(backup);
		expect(error).toMatchObject({
			message: 'HighLevel did not return the association that it created',
			context: { unknown: ['petOwner'], notSent: [] },
		});
	});
});
