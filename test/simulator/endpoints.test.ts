import Ajv from 'ajv';

import {
	agencyScopes,
	endpoints,
	errorBody,
	scopes,
	validationErrorBody,
	versions,
	type Endpoint,
	type EndpointName,
	type Schema,
} from './contract';
import { companyId } from './oauth';
import type { Settings } from './settings';
import type { StateReport } from './start';
import type { Relation } from './state';
import { location, type ClientResponse, type ClientRequest } from './testClient';
import { useServer } from './useServer';

const other = 'anotherLocation00000';
const association = '6d6f6e676f5f000000000001';
const foreignAssociation = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const relation = '72656c617465000000000001';
const foreignRelation = 'bbbbbbbbbbbbbbbbbbbbbbbb';
const shared = 'FunXWMbqqVSQaw3UuPaE';
const page = `locationId=${location}&skip=0&limit=20`;

const labels = { firstObjectLabel: 'Pupil', secondObjectLabel: 'Tutor' };
const newAssociation = {
	locationId: location,
	key: 'pupil_tutor',
	firstObjectKey: 'contact',
	secondObjectKey: 'custom_objects.pupils',
	...labels,
};
const newRelation = {
	locationId: location,
	associationId: association,
	firstRecordId: 'one',
	secondRecordId: 'two',
};

interface Sample {
	path: string;
	body?: unknown;
}

const allRecords = { query: '', page: 1, searchAfter: [] };
const agencyRequest = { companyId, locationId: location };

/** A request of each endpoint that succeeds. */
const samples: Record<EndpointName, Sample> = {
	createAssociation: { path: '/associations/', body: newAssociation },
	findAssociations: { path: `/associations/?${page}` },
	getAssociation: { path: `/associations/${association}` },
	getAssociationByKey: { path: `/associations/key/student_teacher?locationId=${location}` },
	getAssociationsByObjectKey: { path: '/associations/objectKey/custom_objects.students' },
	updateAssociation: { path: `/associations/${association}`, body: labels },
	deleteAssociation: { path: `/associations/${association}` },
	createRelation: { path: '/associations/relations', body: newRelation },
	getRelations: { path: `/associations/relations/${shared}?${page}` },
	deleteRelation: { path: `/associations/relations/${relation}?locationId=${location}` },
	searchContacts: { path: '/contacts/search', body: { locationId: location, pageLimit: 10 } },
	searchOpportunities: {
		path: '/opportunities/search',
		body: {
			...allRecords,
			locationId: location,
			limit: 10,
			additionalDetails: {
				notes: false,
				tasks: false,
				calendarEvents: false,
				unReadConversations: false,
			},
		},
	},
	searchRecords: {
		path: '/objects/custom_objects.pets/records/search',
		body: { ...allRecords, locationId: location, pageLimit: 10 },
	},
	findObjects: { path: `/objects/?locationId=${location}` },
	getLocationToken: { path: '/oauth/locationToken', body: agencyRequest },
	getLocationTokenV3: { path: '/oauth/location-token', body: agencyRequest },
};

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const complaints = (schema: Schema, body: unknown): string => {
	ajv.validate(schema, body);
	return ajv.errorsText();
};

const { send, reset, set, state, requests } = useServer({
	tokens: [
		{ name: 'pit-demo', scopes: [...scopes] },
		{ name: 'pit-agency', scopes: [...scopes, ...agencyScopes], agency: 'authClass' },
		...scopes.map((scope) => ({
			name: `pit-without-${scope}`,
			scopes: scopes.filter((one) => one !== scope),
		})),
		...agencyScopes.map((scope) => ({
			name: `pit-without-${scope}`,
			scopes: agencyScopes.filter((one) => one !== scope),
			agency: 'authClass' as const,
		})),
	],
});
const ids = (things: Array<{ id: string }>) => things.map(({ id }) => id);
const sendSample = async (endpoint: Endpoint, options: ClientRequest = {}) => {
	const { path, body } = samples[endpoint.name];
	const token = endpoint.agency ? 'pit-agency' : 'pit-demo';
	return await send(endpoint.method, path, { token, body, ...options });
};

const expectError = (response: ClientResponse, status: number, message: unknown) => {
	expect(response).toMatchObject({ status, body: { statusCode: status, message } });
	expect(complaints(errorBody, response.body)).toBe('No errors');
};

/** A body with the ID that HighLevel gives each request. */
const named = (body: object) => ({ ...body, traceId: expect.any(String) });

/** The things of the simulator's own location are seeded, those of another one are made to fit. */
const withAnotherLocation = (seeded: StateReport): Partial<Settings> => ({
	associations: [
		...seeded.associations,
		{ id: foreignAssociation, locationId: other, key: 'theirs' },
	],
	system: 0,
	relations: [...seeded.relations, { id: foreignRelation, associationId: foreignAssociation }],
});

beforeEach(async () => await reset());

describe.each(endpoints)('$name', (endpoint) => {
	test('responds as the contract says, under both versions', async () => {
		for (const version of versions) {
			await reset();
			const { status, body } = await sendSample(endpoint, { version });
			expect(status).toBe(endpoint.success);
			expect(complaints(endpoint.response, body)).toBe('No errors');
		}
	});

	test('needs its scope, and changes nothing without it', async () => {
		const before = await state();
		const response = await sendSample(endpoint, { token: `pit-without-${endpoint.scope}` });
		expectError(response, 401, 'The token is not authorized for this scope.');
		expect(await state()).toEqual(before);
	});
});

describe('what every endpoint refuses', () => {
	test.each([
		[{ version: null }, 'version header was not found.'],
		[{ version: '2020-01-01' }, 'version header is invalid'],
		[{ token: null }, 'Invalid Private Integration token'],
		[{ token: 'pit-unknown' }, 'Invalid Private Integration token'],
	])('%j', async (options, message) => {
		expectError(await send('GET', `/associations/${association}`, options), 401, message);
	});

	test.each([
		['GET', `/associations/?locationId=${other}&skip=0&limit=20`, undefined],
		['POST', '/associations/', { ...newAssociation, locationId: other }],
		['GET', `/associations/${foreignAssociation}`, undefined],
		['POST', '/associations/relations', { ...newRelation, associationId: foreignAssociation }],
		['DELETE', `/associations/relations/${foreignRelation}?locationId=${location}`, undefined],
	])("another location's: %s %s", async (method, path, body) => {
		await reset(withAnotherLocation(await state()));
		const response = await send(method, path, { body });
		expectError(response, 403, 'The token does not have access to this location.');
	});

	test.each<[string, string, unknown, string[]]>([
		[
			'POST',
			'/associations/',
			{ ...newAssociation, key: 5, firstObjectKey: '', secondObjectKey: undefined },
			[
				'secondObjectKey should not be empty',
				'key must be a string',
				'firstObjectKey should not be empty',
			],
		],
		[
			'GET',
			'/associations/?locationId=&skip=a',
			undefined,
			[
				'limit should not be empty',
				'locationId should not be empty',
				'skip must be a number string',
			],
		],
		[
			'GET',
			`/associations/relations/${shared}?locationId=${location}&skip=-1&limit=`,
			undefined,
			['skip must not be less than 0', 'limit must be a number string'],
		],
		['DELETE', '/associations/%20', undefined, ['associationId should not be empty']],
	])('what is invalid, with all that is wrong: %s %s', async (method, path, body, messages) => {
		const before = await state();
		const response = await send(method, path, { body });
		expect(response).toMatchObject({ status: 422, body: { message: messages } });
		expect(complaints(validationErrorBody, response.body)).toBe('No errors');
		expect(await state()).toEqual(before);
	});

	test.each([
		['GET', '/associations/%zz', undefined],
		['DELETE', '/associations/%zz', undefined],
		['PUT', `/associations/${association}`, '{"firstObjectLabel":'],
	])('what cannot be read, and logs it: %s %s', async (method, path, body) => {
		expectError(await send(method, path, { body }), 400, expect.any(String));
		expect(await requests()).toMatchObject([{ method, path, status: 400 }]);
	});
});

describe('associations', () => {
	const list = async (skip: number, limit: number) =>
		(await send('GET', `/associations/?locationId=${location}&skip=${skip}&limit=${limit}`)).body;

	test('a delete takes its relations along and leaves the others', async () => {
		const before = await state();
		const response = await send('DELETE', `/associations/${association}`);
		const message = 'Association deleted successfully';
		expect(response.body).toEqual(named({ deleted: true, id: association, message }));
		const after = await state();
		expect(ids(after.associations)).toEqual(
			ids(before.associations).filter((id) => id !== association),
		);
		expect(before.relations).toHaveLength(8);
		expect(after.relations).toEqual(
			before.relations.filter((one: Relation) => one.associationId !== association),
		);
		expect(after.relations).toHaveLength(6);
		expectError(await send('DELETE', `/associations/${association}`), 404, 'Association not found');
	});

	test('a system-defined association is not deleted', async () => {
		const response = await send('DELETE', '/associations/6d6f6e676f5f000000000004');
		expectError(response, 400, 'System defined associations cannot be deleted');
		expect((await state()).associations).toHaveLength(4);
	});

	test('a created association can be read by ID, key and object key, changed, and made once only', async () => {
		const create = async () => await send('POST', '/associations', { body: newAssociation });
		const { body: created } = await create();
		expect(created).toMatchObject({ ...newAssociation, associationType: 'USER_DEFINED' });
		const [stored] = (await state()).associations.filter(({ id }) => id === created.id);
		const byId = `/associations/${created.id}`;
		const byKey = `/associations/key/pupil_tutor?locationId=${location}`;
		expect((await send('GET', byId)).body).toEqual(named(created));
		expect((await send('GET', byKey)).body).toEqual(named(created));
		expect((await send('GET', '/associations/objectKey/custom_objects.pupils')).body).toEqual(
			named({ associations: [stored] }),
		);
		const body = { firstObjectLabel: 'Novice', secondObjectLabel: 'Master' };
		expect((await send('PUT', byId, { body })).body).toEqual(named({ ...created, ...body }));
		expect((await create()).status).toBe(400);
		await send('DELETE', byId);
		expect((await send('GET', byKey)).status).toBe(404);
		expect((await create()).status).toBe(201);
	});

	test('pages cover the list once, in a stable order', async () => {
		await reset({ associations: 7, system: 2 });
		const pages = [];
		for (const skip of [0, 4, 8, 12]) pages.push((await list(skip, 4)).associations);
		expect(pages.map((one) => one.length)).toEqual([4, 4, 1, 0]);
		expect(pages.flat()).toEqual((await state()).associations);
		const keys = pages.flat().map((one) => one.key);
		expect(new Set(keys).size).toBe(9);
	});
});

describe('relations', () => {
	test('a relation is made once only and can be deleted', async () => {
		const create = async () => await send('POST', '/associations/relations', { body: newRelation });
		const { body: created } = await create();
		expect(created).toMatchObject({ ...newRelation, firstObjectKey: 'custom_objects.students' });
		const duplicate = 'duplicate relation of object Ids for given association';
		expectError(await create(), 400, `Could not create relation: ${duplicate}`);
		const path = `/associations/relations/${created.id}?locationId=${location}`;
		expect((await send('DELETE', path)).body).toMatchObject({ deleted: true, id: created.id });
		expectError(await send('DELETE', path), 404, 'Relation not found');
		expect((await create()).status).toBe(201);
	});

	test('a relation needs an association that exists', async () => {
		const body = { ...newRelation, associationId: 'unknown' };
		expect((await send('POST', '/associations/relations', { body })).status).toBe(404);
	});

	test.each([
		['associationIds', 'associationIds'],
		['associationIds[]', 'associationIds[]'],
		['associationIds%5B%5D', 'associationIds%5B%5D'],
		['associationIds[0]', 'associationIds[1]'],
	])('%s filters, once or with %s', async (name, again) => {
		const [, second, third] = ids((await state()).associations);
		const found = async (query: string) => {
			const response = await send('GET', `/associations/relations/${shared}?${page}&${query}`);
			return response.body.relations.map((one: Relation) => one.associationId);
		};
		expect(await found(`${name}=${second}`)).toEqual([second]);
		expect(await found(`${name}=${second}&${again}=${third}`)).toEqual([second, third]);
	});
});

describe('paths', () => {
	const [message, cannot] = ['Association not found', 'Cannot DELETE'];

	test.each([
		['relations', message],
		['relations/', message],
		['key', message],
		['objectKey', message],
		['a%2Fb', message],
		['relations%2Fx', message],
		['..', message],
		['relations//', `${cannot} /associations/relations//`],
		['', `${cannot} /associations/`],
		['/', `${cannot} /associations//`],
		['key/x', `${cannot} /associations/key/x`],
		['a/b', `${cannot} /associations/a/b`],
	])('DELETE /associations/%s is logged as it came and deletes nothing', async (rest, expected) => {
		const before = await state();
		const response = await send('DELETE', `/associations/${rest}`);
		expect(response).toMatchObject({ status: 404, body: { statusCode: 404, message: expected } });
		const [entry] = await requests();
		expect(entry).toMatchObject({ method: 'DELETE', path: `/associations/${rest}`, status: 404 });
		expect(await state()).toEqual(before);
	});

	test('an ID with a percent-encoded slash arrives decoded at the route of one association', async () => {
		await reset({ associations: [{ id: 'relations/x', key: 'odd' }], system: 0, relations: 0 });
		expect((await send('DELETE', '/associations/relations%2Fx')).body).toMatchObject({
			deleted: true,
			id: 'relations/x',
		});
		expect((await state()).associations).toEqual([]);
	});
});

describe('request log', () => {
	test('shows what came, with the token shortened', async () => {
		const token = 'pit-demo-and-something-secret';
		await reset({ tokens: [{ name: token, scopes: [...scopes] }] });
		const from = Date.now();
		await send('POST', '/associations/', { token, body: newAssociation });
		await send('GET', '/nowhere?x=%2F', { token });
		const response = await send('GET', '/__simulator/requests');
		expect(response.body).toMatchObject([
			{ method: 'POST', path: '/associations/', status: 201, body: newAssociation },
			{ method: 'GET', path: '/nowhere?x=%2F', status: 404 },
		]);
		expect(response.body[0].headers).toMatchObject({
			authorization: 'Bearer pit-demo…',
			version: '2021-07-28',
		});
		expect(JSON.stringify(response.body)).not.toContain('secret');
		expect(response.body[0].time).toBeGreaterThanOrEqual(from);
		expect(response.body[0].time).toBeLessThanOrEqual(Date.now());
	});
});

describe('settings', () => {
	test('a change keeps the state, a reset starts anew with the settings of the start', async () => {
		await send('DELETE', `/associations/${association}`);
		await set({ listShape: 'array' });
		expect((await state()).associations).toHaveLength(3);
		expect((await state()).settings.listShape).toBe('array');
		await reset();
		expect((await state()).associations).toHaveLength(4);
		expect((await state()).settings).toMatchObject({ listShape: 'wrapped', limit: 0 });
	});

	test.each([
		[{ limit: -1 }, 'limit must be >= 0.'],
		[{ port: 1 }, 'The port cannot be changed.'],
		[{ faults: [{ kind: 'reset', path: '(' }] }, 'faults/0/path must match format "regex".'],
	])('%j is refused', async (body, message) => {
		const response = await send('PUT', '/__simulator/settings', { body });
		expect(response).toMatchObject({ status: 400, body: { message } });
	});
});
