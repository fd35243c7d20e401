import { location } from './testClient';
import { useServer } from './useServer';

const pets = 'custom_objects.pets';

const { send, reset, state } = useServer();

const post = async (path: string, body: object) =>
	await send('POST', path, { body: { locationId: location, ...body } });
const ids = (things: Array<{ id: string }>) => things.map(({ id }) => id);

const additionalDetails = {
	notes: false,
	tasks: false,
	calendarEvents: false,
	unReadConversations: false,
};
const searches: Array<[string, string, string, (page: number) => object]> = [
	['contact', '/contacts/search', 'contacts', (page) => ({ page, pageLimit: 4 })],
	[
		'opportunity',
		'/opportunities/search',
		'opportunities',
		(page) => ({ page, limit: 4, query: '', searchAfter: [], additionalDetails }),
	],
	['business', '/objects/business/records/search', 'records', (page) => ({ page, pageLimit: 4 })],
	[
		pets,
		`/objects/${pets}/records/search`,
		'records',
		(page) => ({ page, pageLimit: 4, query: '', searchAfter: [] }),
	],
];

describe.each(searches)('%s', (object, path, name, body) => {
	test('pages cover the list once, and each has the total', async () => {
		await reset({ records: { [object]: 10 } });
		const read: string[] = [];
		for (const page of [1, 2, 3, 4]) {
			const response = await post(path, body(page));
			expect(response).toMatchObject({ status: 200, body: { total: 10 } });
			expect(response.body[name]).toHaveLength([4, 4, 2, 0][page - 1]!);
			read.push(...ids(response.body[name]));
		}
		expect(read).toEqual((await state()).records[object]);
		expect(new Set(read).size).toBe(10);
	});

	test('where none are seeded, those are listed that are related, each once', async () => {
		const given = { associationId: 'one', firstRecordId: 'first', secondRecordId: 'second' };
		const association = { id: 'one', firstObjectKey: object, secondObjectKey: 'else' };
		await reset({ associations: [association], relations: 0 });
		expect((await post(path, body(1))).body).toMatchObject({ [name]: [], total: 0 });
		const relations = [given, { ...given, secondRecordId: 'another' }];
		await reset({ associations: [association], relations });
		const listed = { [name]: [{ id: 'first' }], total: 1 };
		expect((await post(path, body(1))).body).toMatchObject(listed);
	});
});

test.each<[string, object, string[]]>([
	['/contacts/search', {}, ['pageLimit should not be empty']],
	['/contacts/search', { pageLimit: 501 }, ['pageLimit must not be greater than 500']],
	['/contacts/search', { pageLimit: 1, page: 0 }, ['page must not be less than 1']],
	['/opportunities/search', { limit: 501 }, ['limit must not be greater than 500']],
	['/objects/business/records/search', { page: 1 }, ['pageLimit should not be empty']],
	[
		'/objects/business/records/search',
		{ page: 1, pageLimit: 1, limit: 1 },
		['property limit should not exist'],
	],
])('%s with %j is invalid', async (path, body, message) => {
	expect(await post(path, body)).toMatchObject({ status: 422, body: { message } });
});

test('an object that is not listed here is refused', async () => {
	for (const key of ['contact', 'opportunity', 'custom_objects.unknown']) {
		const response = await post(`/objects/${key}/records/search`, { page: 1, pageLimit: 1 });
		expect(response.status).toBe(400);
	}
});

test.each([
	['contact', '/contacts/search', 'contacts', 'pageLimit'],
	['opportunity', '/opportunities/search', 'opportunities', 'limit'],
])(
	'%s: 10,000 are read by page, and the rest by searchAfter',
	async (object, path, name, limit) => {
		await reset({ records: { [object]: 10_100 } });
		const search = async (body: object) => await post(path, { [limit]: 500, ...body });
		expect(await search({ page: 21 })).toMatchObject({ status: 400 });
		const last = (await search({ page: 20 })).body[name].at(-1);
		const rest = (await search({ searchAfter: last.searchAfter })).body[name];
		expect(ids(rest)).toEqual((await state()).records[object]!.slice(10_000));
		expect((await search({ searchAfter: rest.at(-1).searchAfter })).body[name]).toEqual([]);
	},
);

test('contacts are read by page or by searchAfter, not by both', async () => {
	const body = { pageLimit: 1, page: 1, searchAfter: [1, 'x'] };
	expect(await post('/contacts/search', body)).toMatchObject({ status: 400 });
});

test('records come and go while pages are read', async () => {
	await reset({
		records: { contact: 10 },
		relations: 1,
		recordChanges: [
			{ object: 'contact', afterPage: 1, remove: 2 },
			{ object: 'contact', afterPage: 2, add: 1 },
			{ object: 'contact', afterPage: 2, add: 1, at: 'end' },
		],
	});
	const before = (await state()).records.contact!;
	const read = async (page: number) =>
		(await post('/contacts/search', { pageLimit: 4, page })).body;
	expect(ids((await read(1)).contacts)).toEqual(before.slice(0, 4));
	const second = await read(2);
	expect(ids(second.contacts)).toEqual(before.slice(6, 10));
	expect(second.total).toBe(8);
	const after = (await state()).records.contact!;
	expect(after.slice(1, -1)).toEqual(before.slice(2));
	expect(ids((await read(3)).contacts)).toEqual(after.slice(8));
});

test('relations are of records that exist, each pair once', async () => {
	await reset({
		associations: [
			{ firstObjectKey: pets, secondObjectKey: 'contact' },
			{ firstObjectKey: 'contact', secondObjectKey: 'contact' },
		],
		system: 0,
		records: { contact: 6, [pets]: 4 },
		relations: 20,
	});
	const { records, relations } = await state();
	expect(relations).toHaveLength(40);
	for (const relation of relations) {
		expect(records[relation.firstObjectKey]).toContain(relation.firstRecordId);
		expect(records[relation.secondObjectKey]).toContain(relation.secondRecordId);
		expect(relation.firstRecordId).not.toBe(relation.secondRecordId);
	}
});
