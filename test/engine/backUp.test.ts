import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { RateLimit } from '../../nodes/HighLevelAssociations/transport/rateLimit';
import { scopes } from '../simulator/contract';
import type { Association, Relation } from '../simulator/state';
import { describeAssociation } from '../simulator/describeAssociation';
import type { StateReport } from '../simulator/start';
import { byId, byKey, TOKEN, useSimulator } from './useSimulator';

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

const run = async (parameters: object, settings: object = {}) =>
	await sim.run({
		parameters: parameters as never,
		credentials: sim.credentials({ locationId: sim.location }),
		...settings,
	});

const backUp = async (id = 'petOwner', options: object = {}) =>
	await run({ resource: 'association', operation: 'backUp', associationId: byId(id), options });

const remove = async (options: object = {}, id = 'petOwner') =>
	await run({ resource: 'association', operation: 'delete', associationId: byId(id), options });

const restore = async (backup: unknown, settings: object = {}) =>
	await run(
		{ resource: 'association', operation: 'restore', backup: backup as never, options: {} },
		settings,
	);

const json = ({ output }: Awaited<ReturnType<typeof run>>) => output[0]?.json as IDataObject;

const relationsOf = ({ relations }: StateReport, id: string) =>
	relations.filter(({ associationId }) => associationId === id);

const requested = async () =>
	(await sim.simulator.requests()).map(({ method, path }) => `${method} ${path.split('?')[0]}`);

const sorted = (relations: unknown) =>
	[...(relations as Relation[])].sort((one, other) => one.id.localeCompare(other.id));

describe('Back Up', () => {
	test('gives the association and each of its relations once, from the side with fewer records', async () => {
		await seed();
		const state = await sim.simulator.state();
		const { error, output } = await backUp();
		expect(error).toBeUndefined();
		expect(output).toHaveLength(1);
		const [{ json }] = output as [{ json: IDataObject }];
		expect(json).toMatchObject({
			association: { id: 'petOwner', key: 'pet_owner' },
			counts: { records: 12, relations: 40 },
			takenAt: expect.stringMatching(/^2\d{3}-.+Z$/),
		});
		expect(sorted(json.relations)).toEqual(sorted(relationsOf(state, 'petOwner')));
		const asked = await requested();
		expect(asked.filter((request) => request.includes('/relations/'))).toHaveLength(12);
		expect(asked.filter((request) => request.startsWith('POST'))).toHaveLength(3);
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
		async (firstObjectKey, ignoreSearchAfter) => {
			const object = firstObjectKey;
			await seed({
				associations: [{ ...PET_OWNER, firstObjectKey }],
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
			expect((relations as Relation[]).map(({ id }) => id)).toEqual(expect.arrayContaining(left));
			expect(new Set((relations as Relation[]).map(({ id }) => id)).size).toBe(
				(relations as Relation[]).length,
			);
			expect((counts as IDataObject).records).toBeGreaterThanOrEqual(62);
		},
	);

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
		expect(error).toMatchObject({
			description: expect.stringMatching(
				/lacks the scope contacts\.readonly.+Only what reads all relations of an association needs it/,
			),
		});
	});

	test('fails if the relations of one record could not be read', async () => {
		await seed();
		const fault = { kind: 'status', status: 500, path: '/associations/relations/', times: 1 };
		await sim.simulator.set({ faults: [fault as never] });
		const { error, output } = await backUp();
		expect(error?.message).toMatch(/^HighLevel returned 500/);
		expect(output).toEqual([]);
	});

	test.each([
		['too few records', '/records/search', { records: [], total: 12 }, 'only 0 of 12 records'],
		['too few relations', '/relations/', { relations: [], total: 3 }, 'only 0 of 3 relations'],
	])('fails if HighLevel lists %s', async (_, path, body, message) => {
		await seed();
		await sim.simulator.set({ faults: [{ kind: 'status', status: 200, path, body }] });
		expect((await backUp()).error?.message).toMatch(message);
	});

	test('sends a search again like any other reading', async () => {
		await seed();
		await sim.simulator.set({ faults: [{ kind: 'reset', path: 'search', times: 3 }] });
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

test("says in the browser's console how many requests it takes, and how far it has come", async () => {
	await seed({ records: { contact: 60, [PETS]: 30 } });
	const lines: unknown[] = [];
	const start = performance.now();
	let calls = 0;
	// Each look at the clock takes a second, so that a line is due now and then.
	jest.spyOn(performance, 'now').mockImplementation(() => start + 1_000 * ++calls);
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
	expect(lines[0]).toBe(
		'HighLevel: reads the relations of 30 records of custom_objects.pets: about 30 requests, 3 s',
	);
	expect(lines.length).toBeGreaterThan(1);
	expect(lines[1]).toMatch(
		/^HighLevel: \d+ of 30 records read, \d+ relations found, about \d+ (s|min) left$/,
	);
});

describe('Delete', () => {
	test('with If Related = Refuse deletes nothing that has a relation, and stops reading at the first', async () => {
		await seed({ records: { contact: 300, [PETS]: 200 }, relations: 400 });
		const { error } = await remove({ ifRelated: 'refuse' });
		expect(error?.message).toBe("Not deleted: 'pet_owner' has relations");
		expect((await sim.simulator.state()).associations).toHaveLength(1);
		expect((await requested()).length).toBeLessThan(30);
	});

	test('with If Related = Refuse deletes what has none', async () => {
		await seed({ relations: 0 });
		expect(json(await remove({ ifRelated: 'refuse' }))).toMatchObject({ deleted: true });
		expect((await sim.simulator.state()).associations).toEqual([]);
	});

	test('takes If Related for Refuse where its expression finds nothing', async () => {
		await seed();
		const { error } = await remove({ ifRelated: '={{ $json.missing }}' });
		expect(error?.message).toMatch(/^Not deleted/);
	});

	test('in a dry run counts the relations that would go', async () => {
		await seed();
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
		if (limit === 1) expect((await requested()).length).toBeLessThan(30);
	});

	const removeByRecords = async (pair: object, options: object = {}) =>
		await run({
			...{ resource: 'relation', operation: 'delete', deleteBy: 'records' },
			associationId: byId('petOwner'),
			...pair,
			options,
		});

	test.each([false, true])('Delete by its records, reversed: %s', async (isReversed) => {
		await seed();
		const [, relation] = (await sim.simulator.state()).relations as [Relation, Relation];
		const { firstRecordId, secondRecordId } = relation;
		const { output, error } = await removeByRecords(
			isReversed
				? { firstRecordId: secondRecordId, secondRecordId: firstRecordId }
				: { firstRecordId, secondRecordId },
		);
		expect(error).toBeUndefined();
		expect(output[0]?.json).toMatchObject({ deleted: true, id: relation.id });
		expect((await sim.simulator.state()).relations).toHaveLength(39);
	});

	test('Delete by records that are not related', async () => {
		await seed();
		const pair = { firstRecordId: 'a', secondRecordId: 'b' };
		expect((await removeByRecords(pair)).error?.message).toMatch(/^HighLevel found no relation/);
		const { output } = await removeByRecords(pair, { ifNotFound: 'succeed' });
		expect(output[0]?.json).toMatchObject({ deleted: false, ...pair });
		const { error } = await removeByRecords({ ...pair, secondRecordId: '={{ $json.missing }}' });
		expect(error?.message).toBe("'Second Record ID' is missing");
	});
});

describe('with If Not Found = Succeed', () => {
	const options = { ifNotFound: 'succeed' };
	const failing = (status: number, message: string, more: object) =>
		({ kind: 'status', status, body: { statusCode: status, message }, ...more }) as const;

	test.each(['stopWorkflow', 'continueRegularOutput'])(
		'a relation that the first try may have deleted is not said to have been missing: %s',
		async (onError) => {
			const fault = failing(500, 'Oops', { method: 'DELETE', stage: 'after', times: 1 });
			await seed({ faults: [fault] });
			const [{ id, firstRecordId, secondRecordId }] = (await sim.simulator.state()).relations as [
				Relation,
			];
			const { output } = await run(
				{
					...{ resource: 'relation', operation: 'delete', deleteBy: 'records' },
					...{ associationId: byId('petOwner'), firstRecordId, secondRecordId, options },
				},
				{ onError, node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } },
			);
			expect(output).toMatchObject([{ json: { deleted: true, confirmed: false, id } }]);
		},
	);

	test('an association is not said to be missing where the relations of a record are', async () => {
		const path = '^/associations/relations';
		await seed({ faults: [failing(404, 'Relation not found', { method: 'GET', path })] });
		const { error } = await remove({ ...options, ifRelated: 'refuse' });
		expect(error?.message).toBe('HighLevel returned 404: Relation not found');
		expect((await sim.simulator.state()).associations).toHaveLength(1);
	});
});

describe('Restore', () => {
	test('brings back what was deleted, and names the old and the new association', async () => {
		await seed();
		const before = describeAssociation(await sim.simulator.state(), 'pet_owner');
		const backup = json(await backUp());
		await remove();
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

	test('says which relations could not be restored, and why', async () => {
		await seed();
		const backup = json(await backUp());
		const [{ firstRecordId }] = backup.relations as [Relation];
		await remove();
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
	test.each([
		['no JSON', '{', /'Backup' is not valid JSON/],
		['no backup', {}, /contains no relations/],
		['a part of a backup', { association, relations: [], counts: { relations: 1 } }, /0 of 1/],
		['a relation without a record', { association, relations: [{ id: 'r' }] }, /is missing/],
		[
			'relations of other objects',
			{ association, relations: [{ ...relation, firstObjectKey: 'business' }] },
			/other objects/,
		],
		[
			'another sub-account',
			{ association: { ...association, locationId: 'elsewhere' }, relations: [] },
			/sub-account 'elsewhere'/,
		],
		[
			'equal labels',
			{ association: { ...association, firstObjectLabel: 'Pet' }, relations: [] },
			/both labels are the same/,
		],
		[
			'the key of another association',
			{
				association: { ...association, key: 'Pet_Owner', firstObjectKey: 'business' },
				relations: [],
			},
			/the key 'pet_owner' is that of another association/,
		],
		[
			'a cardinality',
			{
				association: { ...association, firstObjectToSecondObjectCardinality: 'ONE_TO_MANY' },
				relations: [],
			},
			/Cardinality is ONE_TO_MANY/,
		],
		[
			"one of HighLevel's own",
			{ association: { ...association, key: 'X_Y_ASSOCIATION' }, relations: [] },
			/HighLevel's own/,
		],
	])('refuses %s before anything is created', async (_, backup, message) => {
		await seed();
		const { error } = await restore(backup);
		expect(error?.message).toMatch(message);
		expect((await requested()).filter((request) => !request.startsWith('GET'))).toEqual([]);
	});

	test('says of a relation that HighLevel may have created that it may exist', async () => {
		await seed();
		const backup = json(await backUp());
		await remove();
		await sim.simulator.set({
			faults: [
				{
					...{ kind: 'status', status: 500, stage: 'after', times: 1 },
					...{ path: 'relations$', method: 'POST' },
				},
			],
		});
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
		await seed();
		const backup = json(await backUp());
		const lost = { kind: 'reset', stage: 'after', path: 'relations$', method: 'POST' } as const;
		await remove();
		await sim.simulator.set({ faults: [{ ...lost, times: 3 }] });
		expect(json(await restore(backup))).toMatchObject({
			relations: { restored: 37, existed: 0, unconfirmed: 3, failed: [] },
		});
	});

	test('says where a maximum number of relations is not that of the backup', async () => {
		await seed();
		const limited = { ...association, secondObjectToFirstObjectMaxLimit: 3 };
		const result = await restore({ association: limited, relations: [] });
		expect(json(result)).toMatchObject({
			created: true,
			differences: [{ name: 'secondObjectToFirstObjectMaxLimit', backup: 3, restored: 1_000 }],
		});
		expect(json(await restore({ association: limited, relations: [] }))).not.toHaveProperty(
			'differences',
		);
	});

	test('that fails in the middle says how much is done, whether it or another item has stopped it', async () => {
		await seed();
		const backup = json(await backUp());
		await remove();
		const refuse = { kind: 'status', status: 401, path: 'relations$', method: 'POST' } as const;
		await sim.simulator.set({ faults: [{ ...refuse, probability: 0.2 }] });
		const { details } = json(await restore(backup, { node: { onError: 'continueRegularOutput' } }));
		const made = (await sim.simulator.state()).relations.length;
		expect(details).toMatchObject({ relations: { restored: made, existed: 0, failed: [] } });

		const two = ['petOwner', 'petSitter'];
		await seed({ associations: two.map((id) => ({ ...PET_OWNER, id, key: id })) });
		const backups = [json(await backUp(two[0])), json(await backUp(two[1]))];
		for (const id of two) await remove({}, id);
		await sim.simulator.set({ faults: [refuse] });
		const { error } = await restore('={{ $json }}', { items: backups.map((json) => ({ json })) });
		expect((await sim.simulator.state()).associations).toHaveLength(2);
		expect(error).toMatchObject({ context: { failed: expect.arrayContaining(two), notSent: [] } });
	});

	test('goes on where it was cut off, and names what it had restored', async () => {
		await seed();
		const before = describeAssociation(await sim.simulator.state(), 'pet_owner');
		const backup = json(await backUp());
		await remove();
		const lost = { kind: 'status', status: 401, path: 'relations$', method: 'POST' } as const;
		await sim.simulator.set({ faults: [{ ...lost, probability: 0.1 }] });
		const { error } = await restore(backup);
		const { restored } = (error as unknown as { context: { restored: string[] } }).context;
		expect(error?.message).toMatch(/^HighLevel returned 401/);
		const state = await sim.simulator.state();
		expect([...restored].sort()).toEqual(
			[...state.relations, ...state.associations].map(({ id }) => id).sort(),
		);
		await sim.simulator.set({ faults: [] });
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
						await sim.simulator.set({
							faults: [
								{ kind: 'reset', probability: 0.05 },
								{ kind: 'status', status: 503, probability: 0.05 },
								{ kind: 'reset', stage: 'after', probability: 0.05 },
							],
						});
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
	const retry = { node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } };
	const prepare = async () => {
		await seed({ relations: 8 });
		const backup = json(await backUp());
		await remove();
		await sim.simulator.clearRequests();
		return backup;
	};
	const posted = async () =>
		(await sim.simulator.requests()).filter(({ method }) => method === 'POST');

	test('sends nothing again that the first try has done, and counts it as restored', async () => {
		const backup = await prepare();
		await sim.simulator.set({
			faults: [{ kind: 'status', status: 403, method: 'POST', path: 'relations', times: 1 }],
			latency: 5,
		});
		const result = await restore(backup, retry);
		expect(json(result)).toMatchObject({
			created: true,
			relations: { restored: 8, existed: 0, failed: [] },
		});
		expect((await posted()).filter(({ status }) => status === 201)).toHaveLength(9);
		expect((await posted()).filter(({ status }) => status === 400)).toEqual([]);
	});

	test('says of an association that the first try may have created that it was created', async () => {
		const backup = await prepare();
		await sim.simulator.set({
			faults: [{ kind: 'status', status: 500, method: 'POST', stage: 'after', times: 1 }],
		});
		expect(json(await restore(backup, retry))).toMatchObject({ created: true });
	});

	test('what HighLevel created without saying so is not called not sent', async () => {
		const backup = await prepare();
		await sim.simulator.set({
			faults: [{ kind: 'status', status: 201, body: '', method: 'POST', path: 'associations/$' }],
		});
		const { error } = await restore(backup);
		expect(error).toMatchObject({
			message: 'HighLevel did not return the association that it created',
			context: { unknown: ['petOwner'], notSent: [] },
		});
	});
});

test('a backup that is not complete has failed, and is not called not sent', async () => {
	await seed();
	const body = { relations: [], total: 3 };
	await sim.simulator.set({ faults: [{ kind: 'status', status: 200, path: 'relations', body }] });
	const { error } = await backUp();
	expect(error).toMatchObject({
		message: 'HighLevel listed only 0 of 3 relations',
		context: { failed: ['petOwner'], notSent: [] },
	});
});
