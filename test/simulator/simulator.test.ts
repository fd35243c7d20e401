/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a test of the simulator, not part of the published node */
import Ajv from 'ajv';
import { readFileSync } from 'node:fs';

import {
	endpoints,
	errorBody,
	scopes,
	validationErrorBody,
	type Endpoint,
	type Operation,
	type Schema,
} from './contract';
import { createSimulator, type Simulator } from './server';
import type { Settings } from './settings';
import type { StateReport } from './start';
import type { Relation } from './state';
import { call, location, type ClientAnswer, type ClientRequest } from './testClient';

const other = 'anotherLocation00000';
const association = '6d6f6e676f5f000000000001';
const foreignAssociation = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const relation = '72656c617465000000000001';
const foreignRelation = 'bbbbbbbbbbbbbbbbbbbbbbbb';
const page = `locationId=${location}&skip=0&limit=20`;

const labels = { firstObjectLabel: 'Pupil', secondObjectLabel: 'Tutor' };
const newAssociation = {
	locationId: location,
	key: 'pupil_tutor',
	firstObjectKey: 'custom_objects.pupils',
	secondObjectKey: 'contact',
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

/** A request of each operation that succeeds, and what makes it a request with another outcome. */
interface Samples {
	good: Sample;
	/** Another location's; answered 403. */
	elsewhere: Sample;
	/** Answered 422 with these messages. */
	invalid: Sample & { messages: string[] };
	/** Answered 400. */
	bad?: Sample;
}

const samples: Record<Operation, Samples> = {
	createAssociation: {
		good: { path: '/associations/', body: newAssociation },
		elsewhere: { path: '/associations/', body: { ...newAssociation, locationId: other } },
		invalid: {
			path: '/associations/',
			body: { ...newAssociation, key: 5, firstObjectKey: '', secondObjectKey: undefined },
			messages: [
				'secondObjectKey should not be empty',
				'key must be a string',
				'firstObjectKey should not be empty',
			],
		},
		bad: { path: '/associations/', body: { ...newAssociation, key: 'student_teacher' } },
	},
	findAssociations: {
		good: { path: `/associations/?${page}` },
		elsewhere: { path: `/associations/?locationId=${other}&skip=0&limit=20` },
		invalid: {
			path: '/associations/?locationId=&skip=a',
			messages: [
				'limit should not be empty',
				'locationId should not be empty',
				'skip must be a number string',
			],
		},
	},
	getAssociation: {
		good: { path: `/associations/${association}` },
		elsewhere: { path: `/associations/${foreignAssociation}` },
		invalid: { path: '/associations/%20', messages: ['associationId should not be empty'] },
		bad: { path: '/associations/%zz' },
	},
	getAssociationByKey: {
		good: { path: `/associations/key/student_teacher?locationId=${location}` },
		elsewhere: { path: `/associations/key/student_teacher?locationId=${other}` },
		invalid: {
			path: '/associations/key/student_teacher',
			messages: ['locationId should not be empty'],
		},
		bad: { path: `/associations/key/%zz?locationId=${location}` },
	},
	getAssociationsByObjectKey: {
		good: { path: '/associations/objectKey/custom_objects.students' },
		elsewhere: { path: `/associations/objectKey/custom_objects.students?locationId=${other}` },
		invalid: {
			path: '/associations/objectKey/contact?locationId=',
			messages: ['locationId should not be empty'],
		},
		bad: { path: '/associations/objectKey/%zz' },
	},
	updateAssociation: {
		good: { path: `/associations/${association}`, body: labels },
		elsewhere: { path: `/associations/${foreignAssociation}`, body: labels },
		invalid: {
			path: `/associations/${association}`,
			body: { firstObjectLabel: 'Pupil' },
			messages: ['secondObjectLabel should not be empty'],
		},
		bad: { path: `/associations/${association}`, body: '{"firstObjectLabel":' },
	},
	deleteAssociation: {
		good: { path: `/associations/${association}` },
		elsewhere: { path: `/associations/${foreignAssociation}` },
		invalid: { path: '/associations/%20', messages: ['associationId should not be empty'] },
		bad: { path: '/associations/6d6f6e676f5f000000000004' },
	},
	createRelation: {
		good: { path: '/associations/relations', body: newRelation },
		elsewhere: {
			path: '/associations/relations',
			body: { ...newRelation, associationId: foreignAssociation },
		},
		invalid: {
			path: '/associations/relations',
			body: { ...newRelation, firstRecordId: '' },
			messages: ['firstRecordId should not be empty'],
		},
		bad: { path: '/associations/relations', body: '[' },
	},
	getRelations: {
		good: { path: `/associations/relations/FunXWMbqqVSQaw3UuPaE?${page}` },
		elsewhere: {
			path: `/associations/relations/FunXWMbqqVSQaw3UuPaE?locationId=${other}&skip=0&limit=20`,
		},
		invalid: {
			path: `/associations/relations/FunXWMbqqVSQaw3UuPaE?locationId=${location}&skip=-1&limit=`,
			messages: ['skip must not be less than 0', 'limit must be a number string'],
		},
		bad: { path: `/associations/relations/%zz?${page}` },
	},
	deleteRelation: {
		good: { path: `/associations/relations/${relation}?locationId=${location}` },
		elsewhere: { path: `/associations/relations/${foreignRelation}?locationId=${location}` },
		invalid: {
			path: `/associations/relations/${relation}`,
			messages: ['locationId should not be empty'],
		},
		bad: { path: `/associations/relations/%zz?locationId=${location}` },
	},
};

const ajv = new Ajv({ allErrors: true });
const complaints = (schema: Schema, body: unknown): string => {
	ajv.validate(schema, body);
	return ajv.errorsText();
};

let simulator: Simulator;
const send = async (method: string, path: string, options?: ClientRequest) =>
	await call(simulator.url, method, path, options);
const reset = async (settings: Partial<Settings> = {}) => {
	expect((await send('POST', '/__simulator/reset', { body: settings })).status).toBe(200);
};
const state = async (): Promise<StateReport> => (await send('GET', '/__simulator/state')).body;
const ids = (things: Array<{ id: string }>) => things.map(({ id }) => id);
const sendSample = async (
	endpoint: Endpoint,
	{ path, body }: Sample,
	options: ClientRequest = {},
) => await send(endpoint.method, path, { body, ...options });

/** The things of the simulator's own location are seeded, those of another one are made to fit. */
const withAnotherLocation = (seeded: StateReport): Partial<Settings> => ({
	associations: [
		...seeded.associations,
		{ id: foreignAssociation, locationId: other, key: 'theirs' },
	],
	system: 0,
	relations: [...seeded.relations, { id: foreignRelation, associationId: foreignAssociation }],
});

beforeAll(async () => {
	simulator = await createSimulator({
		limit: 0,
		tokens: [
			{ name: 'pit-demo', scopes: [...scopes] },
			...scopes.map((scope) => ({
				name: `pit-without-${scope}`,
				scopes: scopes.filter((one) => one !== scope),
			})),
		],
	});
});
afterAll(async () => await simulator.close());
beforeEach(async () => await reset());

describe.each(endpoints.map((endpoint) => [endpoint.operation, endpoint] as const))(
	'%s',
	(operation, endpoint) => {
		const { good, elsewhere, invalid, bad } = samples[operation];
		const expectError = (answer: ClientAnswer, status: number, message: unknown) => {
			expect(answer).toMatchObject({ status, body: { statusCode: status, message } });
			expect(complaints(errorBody, answer.body)).toBe('No errors');
		};

		test.each(['2021-07-28', 'v3'])(
			'answers as the contract says, with version %s',
			async (version) => {
				const answer = await sendSample(endpoint, good, { version });
				expect(answer.status).toBe(endpoint.success);
				expect(complaints(endpoint.answer, answer.body)).toBe('No errors');
			},
		);

		test('refuses a missing and a wrong version', async () => {
			expectError(
				await sendSample(endpoint, good, { version: null }),
				401,
				'version header was not found.',
			);
			expectError(
				await sendSample(endpoint, good, { version: '2020-01-01' }),
				401,
				'version header is invalid',
			);
		});

		test('refuses a missing and an unknown token', async () => {
			expectError(
				await sendSample(endpoint, good, { token: null }),
				401,
				'Invalid Private Integration token',
			);
			expectError(
				await sendSample(endpoint, good, { token: 'pit-unknown' }),
				401,
				'Invalid Private Integration token',
			);
		});

		test('refuses a token without the scope', async () => {
			const answer = await sendSample(endpoint, good, { token: `pit-without-${endpoint.scope}` });
			expectError(answer, 401, 'The token is not authorized for this scope.');
		});

		test('refuses what belongs to another location', async () => {
			await reset(withAnotherLocation(await state()));
			const answer = await sendSample(endpoint, elsewhere);
			expectError(answer, 403, 'The token does not have access to this location.');
		});

		test('answers 422 with all that is wrong', async () => {
			const answer = await sendSample(endpoint, invalid);
			expect(answer).toMatchObject({ status: 422, body: { message: invalid.messages } });
			expect(complaints(validationErrorBody, answer.body)).toBe('No errors');
		});

		if (bad) {
			test('answers 400 to what cannot be done', async () => {
				expectError(await sendSample(endpoint, bad), 400, expect.any(String));
			});
		}

		if (endpoint.method !== 'GET') {
			test('changes nothing when it refuses', async () => {
				const before = await state();
				await sendSample(endpoint, good, { token: `pit-without-${endpoint.scope}` });
				await sendSample(endpoint, invalid);
				expect(await state()).toEqual(before);
			});
		}
	},
);

describe('associations', () => {
	test('a delete takes its relations along and leaves the others', async () => {
		const before = await state();
		const answer = await send('DELETE', `/associations/${association}`);
		expect(answer.body).toEqual({
			deleted: true,
			id: association,
			message: 'Association deleted successfully',
		});
		const after = await state();
		expect(ids(after.associations)).toEqual(
			ids(before.associations).filter((id) => id !== association),
		);
		expect(before.relations).toHaveLength(8);
		expect(after.relations).toEqual(
			before.relations.filter((one: Relation) => one.associationId !== association),
		);
		expect(after.relations).toHaveLength(6);
	});

	test('a second delete finds nothing', async () => {
		await send('DELETE', `/associations/${association}`);
		const answer = await send('DELETE', `/associations/${association}`);
		expect(answer).toMatchObject({ status: 404, body: { message: 'Association not found' } });
	});

	test('an unknown ID is answered 400 where that is set', async () => {
		await reset({ notFoundStatus: 400 });
		expect(await send('GET', '/associations/unknown')).toMatchObject({
			status: 400,
			body: { statusCode: 400, message: 'Association not found' },
		});
	});

	test('a system-defined association is not deleted', async () => {
		const answer = await send('DELETE', '/associations/6d6f6e676f5f000000000004');
		expect(answer).toMatchObject({
			status: 400,
			body: { message: 'System defined associations cannot be deleted' },
		});
		expect((await state()).associations).toHaveLength(4);
	});

	test('a created association can be read by ID, key and object key, changed, and made once only', async () => {
		const created = await send('POST', '/associations', { body: newAssociation });
		expect(created.body).toMatchObject({ ...newAssociation, associationType: 'USER_DEFINED' });
		expect((await send('GET', `/associations/${created.body.id}`)).body).toEqual(created.body);
		expect(
			(await send('GET', `/associations/key/pupil_tutor?locationId=${location}`)).body,
		).toEqual(created.body);
		expect((await send('GET', '/associations/objectKey/custom_objects.pupils')).body).toEqual({
			associations: [created.body],
		});
		const changed = { ...created.body, firstObjectLabel: 'Novice', secondObjectLabel: 'Master' };
		const { firstObjectLabel, secondObjectLabel } = changed;
		const update = await send('PUT', `/associations/${created.body.id}`, {
			body: { firstObjectLabel, secondObjectLabel },
		});
		expect(update.body).toEqual(changed);
		expect((await send('POST', '/associations/', { body: newAssociation })).status).toBe(400);
		await send('DELETE', `/associations/${created.body.id}`);
		expect((await send('GET', `/associations/key/pupil_tutor?locationId=${location}`)).status).toBe(
			404,
		);
		expect((await send('POST', '/associations/', { body: newAssociation })).status).toBe(201);
	});

	test('pages cover the list once, in a stable order', async () => {
		await reset({ associations: 7, system: 2 });
		const pages = [];
		for (const skip of [0, 4, 8, 12]) {
			pages.push(
				(await send('GET', `/associations/?locationId=${location}&skip=${skip}&limit=4`)).body
					.associations,
			);
		}
		expect(pages.map((one) => one.length)).toEqual([4, 4, 1, 0]);
		expect(pages.flat()).toEqual((await state()).associations);
		const keys = pages.flat().map((one) => one.key);
		expect(new Set(keys).size).toBe(9);
	});

	test('lists come in the shape that is set', async () => {
		const all = (await state()).associations;
		const shape = async (listShape: Settings['listShape'], skip = 0) => {
			await reset({ listShape });
			return (await send('GET', `/associations/?locationId=${location}&skip=${skip}&limit=20`))
				.body;
		};
		expect(await shape('wrapped')).toEqual({ associations: all });
		expect(await shape('array')).toEqual(all);
		expect(await shape('single', 1)).toEqual(all[1]);
		expect(await shape('single', 100)).toMatchObject({ statusCode: 404 });
	});
});

describe('relations', () => {
	const shared = 'FunXWMbqqVSQaw3UuPaE';

	test('a relation is made once only and can be deleted', async () => {
		const created = await send('POST', '/associations/relations', { body: newRelation });
		expect(created.body).toMatchObject({
			...newRelation,
			firstObjectKey: 'custom_objects.students',
		});
		expect(await send('POST', '/associations/relations', { body: newRelation })).toMatchObject({
			status: 400,
			body: { message: 'Relation already exists' },
		});
		const path = `/associations/relations/${created.body.id}?locationId=${location}`;
		expect((await send('DELETE', path)).body).toMatchObject({ deleted: true, id: created.body.id });
		expect(await send('DELETE', path)).toMatchObject({
			status: 404,
			body: { message: 'Relation not found' },
		});
		expect((await send('POST', '/associations/relations', { body: newRelation })).status).toBe(201);
	});

	test('a relation needs an association that exists', async () => {
		const body = { ...newRelation, associationId: 'unknown' };
		expect((await send('POST', '/associations/relations', { body })).status).toBe(404);
	});

	test('the relations of a record are counted in full and given by the page', async () => {
		const answer = await send(
			'GET',
			`/associations/relations/${shared}?locationId=${location}&skip=1&limit=2`,
		);
		expect(answer.body.total).toBe(4);
		expect(answer.body.relations).toHaveLength(2);
	});

	test.each(['associationIds', 'associationIds[]', 'associationIds%5B%5D'])(
		'%s filters, once or repeated',
		async (name) => {
			const [, second, third] = ids((await state()).associations);
			const found = async (query: string) => {
				const answer = await send('GET', `/associations/relations/${shared}?${page}&${query}`);
				return answer.body.relations.map((one: Relation) => one.associationId);
			};
			expect(await found(`${name}=${second}`)).toEqual([second]);
			expect(await found(`${name}=${second}&${name}=${third}`)).toEqual([second, third]);
		},
	);

	test('associationIds[0] and associationIds[1] filter', async () => {
		const [, second, third] = ids((await state()).associations);
		const query = `associationIds[0]=${second}&associationIds[1]=${third}`;
		expect(
			(await send('GET', `/associations/relations/${shared}?${page}&${query}`)).body.total,
		).toBe(2);
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
		const answer = await send('DELETE', `/associations/${rest}`);
		expect(answer).toMatchObject({ status: 404, body: { statusCode: 404, message: expected } });
		const [entry] = (await send('GET', '/__simulator/requests')).body;
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

	test('a malformed path is answered 400 and logged', async () => {
		expect((await send('DELETE', '/associations/%zz')).status).toBe(400);
		const requests = (await send('GET', '/__simulator/requests')).body;
		expect(requests).toMatchObject([{ path: '/associations/%zz', status: 400 }]);
	});
});

describe('request log', () => {
	test('shows what came, with the token shortened', async () => {
		const token = 'pit-demo-and-something-secret';
		await reset({ tokens: [{ name: token, scopes: [...scopes] }] });
		const from = Date.now();
		await send('POST', '/associations/', { token, body: newAssociation });
		await send('GET', '/nowhere?x=%2F', { token });
		const answer = await send('GET', '/__simulator/requests');
		expect(answer.body).toMatchObject([
			{ method: 'POST', path: '/associations/', status: 201, body: newAssociation },
			{ method: 'GET', path: '/nowhere?x=%2F', status: 404 },
		]);
		expect(answer.body[0].headers).toMatchObject({
			authorization: 'Bearer pit-demo…',
			version: '2021-07-28',
		});
		expect(JSON.stringify(answer.body)).not.toContain('secret');
		expect(answer.body[0].time).toBeGreaterThanOrEqual(from);
		expect(answer.body[0].time).toBeLessThanOrEqual(Date.now());
	});

	test('can be cleared without a reset', async () => {
		await send('DELETE', `/associations/${association}`);
		await send('DELETE', '/__simulator/requests');
		expect((await send('GET', '/__simulator/requests')).body).toEqual([]);
		expect((await state()).associations).toHaveLength(3);
	});
});

describe('settings', () => {
	test('a change keeps the state, a reset starts anew with the settings of the start', async () => {
		await send('DELETE', `/associations/${association}`);
		await send('PUT', '/__simulator/settings', { body: { listShape: 'array' } });
		expect((await state()).associations).toHaveLength(3);
		expect((await state()).settings.listShape).toBe('array');
		await reset();
		expect((await state()).associations).toHaveLength(4);
		expect((await state()).settings).toMatchObject({ listShape: 'wrapped', limit: 0 });
	});

	test.each([
		[{ limit: -1 }, 'limit must be >= 0.'],
		[
			{ windowKind: 'other' },
			'windowKind must be equal to one of the allowed values: sliding, fixed.',
		],
		[{ unknown: 1 }, 'There is no setting "unknown".'],
		[{ port: 1 }, 'The port cannot be changed.'],
		[{ faults: [{ kind: 'reset', path: '(' }] }, 'faults/0/path must match format "regex".'],
	])('%j is refused', async (body, message) => {
		const answer = await send('PUT', '/__simulator/settings', { body });
		expect(answer).toMatchObject({ status: 400, body: { message } });
	});

	test('a token can belong to another location', async () => {
		await reset({ tokens: [{ name: 'pit-there', scopes: [...scopes], location: other }] });
		const answer = await send('GET', `/associations/${association}`, { token: 'pit-there' });
		expect(answer.status).toBe(403);
		const list = await send('GET', '/associations/objectKey/contact', { token: 'pit-there' });
		expect(list.body).toEqual({ associations: [] });
	});
});

interface Parameter {
	name: string;
	in: string;
	required: boolean;
}

/** What is read of HighLevel's OpenAPI file. */
interface OpenApi {
	paths: Record<
		string,
		Record<
			string,
			{
				parameters: Parameter[];
				requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
				responses: object;
				security: Array<{ bearer: string[] }>;
			}
		>
	>;
	components: { schemas: Record<string, { required?: string[] }> };
}

const contractFile = process.env.HIGHLEVEL_CONTRACT;

(contractFile ? test : test.skip)("the table of endpoints agrees with HighLevel's contract", () => {
	const contract = JSON.parse(readFileSync(contractFile!, 'utf8')) as OpenApi;
	const names = (parameters: Parameter[]) => parameters.map(({ name }) => name).sort();
	const fromContract = Object.entries(contract.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, details]) => {
			const reference = details.requestBody?.content['application/json'].schema.$ref
				.split('/')
				.at(-1);
			const query = details.parameters.filter((parameter) => parameter.in === 'query');
			return {
				route: `${method.toUpperCase()} ${path}`,
				scopes: details.security[0]?.bearer,
				query: names(query),
				required: names(query.filter((parameter) => parameter.required)),
				body: [...(contract.components.schemas[reference ?? '']?.required ?? [])].sort(),
				success: Object.keys(details.responses).filter((status) => status.startsWith('2')),
			};
		}),
	);
	const fromTable = endpoints.map((endpoint) => ({
		route: `${endpoint.method} ${endpoint.path}`,
		scopes: [endpoint.scope],
		query: Object.keys(endpoint.query?.properties ?? {}).sort(),
		required: [...(endpoint.query?.required ?? [])].sort(),
		body: [...(endpoint.body?.required ?? [])].sort(),
		success: [String(endpoint.success)],
	}));
	const byRoute = (a: { route: string }, b: { route: string }) => a.route.localeCompare(b.route);
	expect(fromTable.sort(byRoute)).toEqual(fromContract.sort(byRoute));
});
