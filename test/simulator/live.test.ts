/** What live accounts show, and HighLevel's documentation does not. */
import type { Settings } from './settings';
import { location } from './testClient';
import { useServer } from './useServer';

const { send, reset } = useServer();
beforeEach(async () => await reset());

const create = async (body: object) => await send('POST', '/associations/', { body });
const relate = async (associationId: string, firstRecordId: string, secondRecordId: string) =>
	await send('POST', '/associations/relations', {
		body: { locationId: location, associationId, firstRecordId, secondRecordId },
	});

const association = '6d6f6e676f5f000000000001';
const pets = {
	locationId: location,
	key: 'Pet_Owner_2',
	firstObjectLabel: 'Pet',
	firstObjectKey: 'custom_objects.pets',
	secondObjectLabel: 'Owner',
	secondObjectKey: 'contact',
};

describe('create', () => {
	test('stores the key in lower case and the objects in the order of their keys', async () => {
		expect(await create(pets)).toMatchObject({
			status: 201,
			body: {
				key: 'pet_owner_2',
				firstObjectLabel: 'Owner',
				firstObjectKey: 'contact',
				secondObjectLabel: 'Pet',
				secondObjectKey: 'custom_objects.pets',
				firstObjectToSecondObjectCardinality: 'MANY_TO_MANY',
				secondObjectToFirstObjectCardinality: 'MANY_TO_MANY',
				firstObjectToSecondObjectMaxLimit: 1000,
				secondObjectToFirstObjectMaxLimit: 1000,
				traceId: expect.any(String),
			},
		});
	});

	test.each<[Partial<Settings>, string, string]>([
		[{ labelsMove: false }, 'Pet', 'contact'],
		[{ objectOrder: 'given' }, 'Pet', 'custom_objects.pets'],
	])('with %j', async (settings, firstObjectLabel, firstObjectKey) => {
		await reset(settings);
		expect((await create(pets)).body).toMatchObject({ firstObjectLabel, firstObjectKey });
	});

	test.each<[object, number, unknown]>([
		[{ color: 'red' }, 422, ['property color should not exist']],
		[{ secondObjectLabel: 'Pet' }, 422, ['Both object labels can not be same']],
		[{ key: 'STUDENT_teacher' }, 400, 'Duplicate Association key'],
	])('refuses %j', async (changes, status, message) => {
		expect(await create({ ...pets, ...changes })).toMatchObject({ status, body: { message } });
	});
});

describe('relation limits', () => {
	test.each([
		[{ firstObjectToSecondObjectMaxLimit: 1 }, 'a', 'c', 'a'],
		[{ secondObjectToFirstObjectMaxLimit: 1 }, 'c', 'b', 'b'],
	])('%j', async (limits, first, second, full) => {
		await reset({ associations: [limits], system: 0, relations: 0 });
		expect((await relate(association, 'a', 'b')).status).toBe(201);
		expect((await relate(association, 'c', 'd')).status).toBe(201);
		expect(await relate(association, first, second)).toMatchObject({
			status: 400,
			body: {
				message: `Max relation limit[1] reached for record[${full}] for association[${association}]`,
			},
		});
		expect((await relate(association, 'a', 'b')).body.message).toContain('duplicate relation');
	});

	test('count on each side of its own where both are of one object', async () => {
		const objects = { firstObjectKey: 'contact', secondObjectKey: 'contact' };
		const associations = [{ ...objects, firstObjectToSecondObjectMaxLimit: 1 }];
		await reset({ associations, system: 0, relations: 0 });
		expect((await relate(association, 'a', 'b')).status).toBe(201);
		expect((await relate(association, 'b', 'a')).status).toBe(201);
		expect((await relate(association, 'b', 'c')).status).toBe(400);
	});
});

describe("HighLevel's own associations", () => {
	const list = async (key: string, query = '') =>
		(await send('GET', `/associations/objectKey/${key}?${query}`)).body.associations;

	test('have words as IDs, and two say that they are user-defined', async () => {
		await reset({ builtIn: true, associations: 0, system: 0, relations: 0 });
		expect(await list('opportunity')).toMatchObject([
			{
				id: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
				associationType: 'SYSTEM_DEFINED',
				firstObjectKey: 'opportunity',
			},
			{ key: 'BUSINESSES_OPPORTUNITIES_ASSOCIATION', associationType: 'USER_DEFINED' },
			{ key: 'OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION', associationType: 'USER_DEFINED' },
		]);
		const path = '/associations/OPPORTUNITIES_CONTACTS_ASSOCIATION';
		expect((await send('GET', path)).status).toBe(200);
		expect((await send('DELETE', path)).status).toBe(400);
	});

	test('are internal where they are of tasks: without key and labels, and only on demand', async () => {
		await reset({ associations: [{ firstObjectKey: 'custom_objects.properties' }] });
		const id = 'TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION';
		const internal = {
			id,
			associationType: 'SYSTEM_DEFINED',
			firstObjectKey: 'task',
			secondObjectKey: 'custom_objects.properties',
			firstObjectToSecondObjectMaxLimit: 10,
			secondObjectToFirstObjectMaxLimit: 1000,
		};
		expect(await list('task')).toEqual([]);
		for (const key of ['task', 'custom_objects.properties']) {
			expect(await list(key, 'includeInternalAssociations=true')).toContainEqual(internal);
		}
		expect((await send('GET', `/associations/${id}`)).body).toMatchObject(internal);
		expect((await send('DELETE', `/associations/${id}`)).status).toBe(400);
		expect((await relate(id, 'task', 'property')).status).toBe(201);
		const path = `/associations/relations/task?locationId=${location}&skip=0&limit=9`;
		expect((await send('GET', path)).body.relations).toMatchObject([
			{ associationId: id, firstObjectKey: 'task' },
		]);
	});
});

test('the scope is checked before the location', async () => {
	await reset({ tokens: [{ name: 'pit-there', scopes: [], location: 'another' }] });
	const response = await send('GET', `/associations/${association}`, { token: 'pit-there' });
	expect(response.body.message).toBe('The token is not authorized for this scope.');
});

test('the filter associationIds can be ignored', async () => {
	const path = `/associations/relations/FunXWMbqqVSQaw3UuPaE?locationId=${location}&skip=0&limit=20&associationIds=${association}`;
	expect((await send('GET', path)).body.total).toBe(1);
	await reset({ ignoreAssociationIds: true });
	expect((await send('GET', path)).body.total).toBe(4);
});
