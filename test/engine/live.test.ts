import type { INodeParameters } from 'n8n-workflow';

import type { Settings } from '../simulator/settings';
import { signInAsAgency } from './signIn';
import {
	accept,
	byId,
	byKey,
	deleteById,
	itemsOf,
	respond,
	TOKEN,
	useSimulator,
} from './useSimulator';

/** HighLevel as logs of live accounts show it. */
const sim = useSimulator();

const FIRST = '67a349a79b28947ec1f65bb5';
const SECOND = 'emqfhnG3g9D9chy9inTz';
const ID = '669e5795add2094075906c65';

const association = {
	id: ID,
	key: 'student_teacher',
	firstObjectKey: 'contact',
	firstObjectLabel: 'Student',
	secondObjectKey: 'custom_objects.mad',
	secondObjectLabel: 'Teacher',
};

const start = async (settings: Partial<Settings> = {}) =>
	await sim.simulator.reset({ associations: [association], relations: 0, system: 0, ...settings });

const run = async (parameters: INodeParameters, more: object = {}) =>
	await sim.run({ parameters, ...more });

const createRelation = (options: object = {}): INodeParameters => ({
	...{ resource: 'relation', operation: 'create', associationId: byId(ID) },
	...{ firstRecordId: SECOND, secondRecordId: FIRST, options: options as INodeParameters },
});

const createAssociation = (more: object = {}): INodeParameters => ({
	resource: 'association',
	operation: 'create',
	key: 'Student_Teacher',
	firstObjectKey: 'custom_objects.mad',
	firstObjectLabel: 'Teacher',
	secondObjectKey: 'contact',
	secondObjectLabel: 'Student',
	...more,
});

const list = (filters: INodeParameters = {}, more: object = {}): INodeParameters => ({
	...{ resource: 'association', operation: 'getMany', returnAll: true, filters, ...more },
});

const picked = (value: string) => ({ __rl: true, mode: 'list', value });

const says = (description: RegExp) => ({ description: expect.stringMatching(description) });

describe('an agency', () => {
	test('that signs in by OAuth2 is told so, and not to add a scope', async () => {
		await start({ userType: 'Company' });
		const credentials = await signInAsAgency(sim.simulator.url);
		const signedIn = await run(deleteById(ID, { authentication: 'oAuth2' }), { credentials });
		expect(signedIn.error).toMatchObject(says(/signed in as an agency.*'Location ID'/));
	});

	test.each([
		['authClass', /^The token was made in the agency's settings/],
		['userType', /^The token was made in the agency's settings/],
		['scope', /lacks the scope associations\.write.*made in the agency's settings/],
	] as const)('whose token is refused by its %s learns the cause', async (agency, advice) => {
		const { scopes } = (await sim.simulator.state()).settings.tokens[0]!;
		await start({ tokens: [{ name: TOKEN, scopes, agency }] });
		const { error } = await run(deleteById(ID));
		expect(error).toMatchObject(says(advice));
	});
});

describe('what exists already', () => {
	test('a relation: advice about duplicates, or success with the relation', async () => {
		await start();
		await run(createRelation());
		const { error } = await run(createRelation());
		expect(error).toMatchObject(says(/already related.*'If Exists'/));
		expect(error).not.toMatchObject(says(/system-defined/i));
		const { output } = await run(createRelation({ ifExists: 'succeed' }));
		expect(output[0]!.json).toMatchObject({ existed: true, firstRecordId: SECOND });
	});

	test('an association: the existing one where its objects are the same, in any order and case', async () => {
		await start();
		const failed = await run(createAssociation());
		expect(failed.error).toMatchObject(says(/Choose another key.*'If Exists'/));
		const options = { ifExists: 'succeed' };
		const { output } = await run(createAssociation({ options }));
		expect(output[0]!.json).toMatchObject({ id: ID, existed: true });
		const other = await run(createAssociation({ options, secondObjectKey: 'business' }));
		expect(other.error).toMatchObject(says(/Choose another key/));
	});
});

describe('a deletion', () => {
	test('that Cloudflare rate-limits for a day says so', async () => {
		// Another token, as the limit of this one is then blocked in this process.
		const token = 'pit-blocked-for-a-day';
		await start(accept(token));
		await sim.fail(respond(429, 'error code: 1015', { headers: { 'retry-after': '86400' } }));
		const { error } = await run(deleteById(ID), { credentials: sim.credentials({ token }) });
		expect(error).toMatchObject(says(/^Cloudflare, in front of HighLevel/));
	});

	test.each([502, 520, 521, 522, 523, 524])(
		'answered %d is sent again, and doubtful',
		async (status) => {
			await start();
			await sim.fail(respond(status, 'error code: 520', { times: 1, stage: 'after' }));
			const { output } = await run(deleteById(ID));
			const doubtful = { deleted: true, confirmed: false, id: ID, attempts: 2 };
			expect(output[0]!.json).toMatchObject(doubtful);
		},
	);
});

describe("HighLevel's own associations", () => {
	const own = { id: '6aab99ca4b0508155da7f710', key: 'BUSINESSES_OPPORTUNITIES_ASSOCIATION' };

	test('are left out of User-Defined Only, also where they say USER_DEFINED', async () => {
		await start({ builtIn: true });
		const { output } = await run(list({ userDefinedOnly: true }));
		expect(output.map(({ json }) => json.key)).toEqual(['student_teacher']);
	});

	test('are deleted by key only if Expected Key names them', async () => {
		await start({ associations: [{ ...association, ...own }] });
		const associationId = byKey(own.key);
		const { error } = await run({ associationId });
		expect(error?.message).toMatch(/one of HighLevel's own/);
		const { output } = await run({ associationId, options: { expectedKey: own.key } });
		expect(output[0]!.json.deleted).toBe(true);
	});

	test.each([
		[400, 'System defined associations cannot be deleted'],
		[403, 'Cannot delete a system-defined association'],
		[404, 'Cannot delete system defined association'],
		[422, ['SYSTEM_DEFINED associations can not be deleted']],
	])('with IDs like any other are refused by HighLevel: %d', async (status, message) => {
		const body = { statusCode: status, message };
		await start({
			associations: [association, { ...association, ...own, associationType: 'SYSTEM_DEFINED' }],
			deletion: { systemDefined: { status, body } },
		});
		const { output } = await run(deleteById('={{ $json.id }}'), {
			items: itemsOf([own.id, ID]),
			onError: 'continueRegularOutput',
		});
		expect(output.map(({ json }) => json.deleted)).toEqual([undefined, true]);
		expect(output[0]!.json).toMatchObject({
			error: `HighLevel returned ${status}: ${[message].flat().join()}`,
			details: { associationId: own.id, status, ...says(/doesn't allow .* its own associations/) },
		});
	});

	test('with IDs like any other are kept by a dry run and by the key of another', async () => {
		await start({ builtIn: true });
		const preview = await run(deleteById(own.id, { options: { dryRun: true } }));
		const expecting = { options: { expectedKey: 'student_teacher' } };
		const guarded = await run(deleteById(own.id, expecting));
		for (const { error } of [preview, guarded]) expect(error?.message).toContain(own.key);
		expect(await sim.requested()).toEqual(Array(2).fill(`GET /associations/${own.id}`));
	});

	test.each(['OPPORTUNITIES_CONTACTS_ASSOCIATION', 'TASK_CUSTOM_OBJECTS.PROPERTIES_ASSOCIATION'])(
		'%s is read by its ID as it is',
		async (id) => {
			await start({ builtIn: true });
			await run({ ...deleteById(id), operation: 'get' });
			expect(await sim.requested()).toEqual([`GET /associations/${id}`]);
		},
	);
});

describe('internal associations', () => {
	test('come with the filter Include Internal and an object, named by their IDs', async () => {
		await start({ builtIn: true });
		const without = await run(list({ objectKey: 'task' }));
		const { output } = await run(list({ objectKey: 'task', includeInternalAssociations: true }));
		expect(output.length).toBeGreaterThan(without.output.length);
		const { path } = (await sim.simulator.requests()).at(-1)!;
		expect(path).toContain('includeInternalAssociations=true');
		const id = output.map(({ json }) => json).find(({ key }) => key === undefined)!.id as string;
		const preview = await run(deleteById(id, { options: { dryRun: true, expectedKey: id } }));
		expect(JSON.stringify(preview.run)).not.toContain("'undefined'");
	});

	test('need an object', async () => {
		const { error } = await run(list({ includeInternalAssociations: true }));
		expect(error?.message).toBe("'Include Internal' needs the filter 'Object Key'");
	});
});

describe('a key that HighLevel does not find', () => {
	const shapes = [404, 400, '{}', 'null', '[]'] as const;
	const missing = { associationId: byKey('nobody') };
	const operations: Array<[string, INodeParameters]> = [
		['delete', missing],
		['delete in a dry run', { ...missing, options: { dryRun: true } }],
		['get', { ...missing, operation: 'get' }],
		['update', { ...missing, operation: 'update', firstObjectLabel: 'New' }],
		['relation create', { ...createRelation(), ...missing }],
	];
	const cases = shapes.flatMap((shape) =>
		operations.map(([name, parameters]) => [shape, name, parameters] as const),
	);

	test.each(cases)('and says so with %s is not found: %s', async (missingKey, _, parameters) => {
		await start({ missingKey });
		const { output } = await run(parameters, { onError: 'continueRegularOutput' });
		expect(output).toMatchObject([
			{ json: { error: expect.stringMatching(/not found|found no association/) } },
		]);
		expect(JSON.stringify(output[0]!.json)).toContain('nobody');
		const sent = (await sim.simulator.requests()).map(({ method, path }) => `${method} ${path}`);
		expect(sent).toEqual([`GET /associations/key/nobody?locationId=${sim.location}`]);
	});

	test.each(shapes)(
		'and says so with %s is nothing to delete, if that is wanted',
		async (shape) => {
			await start({ missingKey: shape });
			const options = { ifNotFound: 'succeed' };
			const { output } = await sim.succeed({ parameters: { ...missing, options } });
			expect(output[0]!.json).toMatchObject({ deleted: false, key: 'nobody' });
		},
	);
});

describe('lists', () => {
	test('of relations are filtered once more where HighLevel ignores the filter', async () => {
		const other = { ...association, id: 'another', key: 'another' };
		const record = { secondRecordId: FIRST };
		const relations = [
			...Array.from({ length: 150 }, (_, index) => ({
				...{ ...record, associationId: 'another', firstRecordId: `other${index}` },
			})),
			{ ...record, associationId: ID, firstRecordId: SECOND },
		];
		const associations = [association, other];
		await start({ associations, relations, ignoreAssociationIds: true });
		const filters = { associationIds: [ID] };
		const { output } = await run({
			...{ resource: 'relation', operation: 'getMany', recordId: FIRST, filters },
			...{ returnAll: false, limit: 1 },
		});
		expect(output.map(({ json }) => json.firstRecordId)).toEqual([SECOND]);
	});

	test.each([
		['one object with traceId', { ...association, traceId: 'trace' }],
		['a bare list', [association]],
		['a list with traceId', { associations: [association], traceId: 'trace' }],
		['one under its name', { association }],
	])('of an object come as %s', async (_, body) => {
		await sim.fail(respond(200, body));
		const { output } = await run(list({ objectKey: 'contact' }));
		expect(output.map(({ json }) => json.id)).toEqual([ID]);
	});

	test('simplified have at most ten fields; a whole one has more', async () => {
		await start();
		const { output } = await run(list({}, { options: { simplify: true } }));
		expect(Object.keys(output[0]!.json).length).toBeLessThanOrEqual(10);
		expect(output[0]!.json).toMatchObject(association);
		const whole = await run({ ...deleteById(ID), operation: 'get' });
		expect(Object.keys(whole.output[0]!.json).length).toBeGreaterThan(10);
		const one = await run({ ...deleteById(ID, { options: { simplify: true } }), operation: 'get' });
		expect(one.output[0]!.json).toEqual(output[0]!.json);
	});

	test('take an object that is picked or typed', async () => {
		await start();
		for (const objectKey of [picked('contact'), 'contact']) {
			expect((await run(list({ objectKey }))).output).toHaveLength(1);
		}
	});
});

test.each([
	['picked', picked],
	['named by their keys', byKey],
])('an association is created between objects that are %s', async (_, name) => {
	await start();
	const [firstObjectKey, secondObjectKey] = [name('contact'), name('business')];
	const { output } = await sim.succeed({
		parameters: createAssociation({ key: 'fresh', firstObjectKey, secondObjectKey }),
	});
	expect(output[0]!.json).toMatchObject({ key: 'fresh', firstObjectKey: 'business' });
});

test('a relation is created by a 201 without a body', async () => {
	await sim.fail(respond(201, ''));
	const { output } = await sim.succeed({ parameters: createRelation() });
	expect(output[0]!.json).toMatchObject({ created: true });
});

test('a key is the same in any case', async () => {
	await start();
	const options = { options: { expectedKey: 'Student_Teacher' } };
	const { output } = await run({ associationId: byKey('STUDENT_TEACHER'), ...options });
	expect(output[0]!.json).toMatchObject({ deleted: true, id: ID });
});

test('records follow the stored order of the objects', async () => {
	await start();
	const options = { firstObjectKey: 'custom_objects.mad' };
	const records = { firstRecordId: FIRST, secondRecordId: SECOND };
	const { output } = await run({ ...createRelation(options), ...records });
	expect(output[0]!.json).toMatchObject({ firstRecordId: SECOND, secondRecordId: FIRST });
});

test('an object that the association does not connect is refused once that is read, and not as unsent', async () => {
	await start();
	const { error } = await run(createRelation({ firstObjectKey: 'business' }));
	expect(error).toMatchObject({
		message: expect.stringMatching(
			/^'First Object Key' is 'business', but the association connects/,
		),
		description: 'Correct it. Nothing was created.',
	});
	expect(await sim.requested()).toEqual([`GET /associations/${ID}`]);
});

test("the details of an error have HighLevel's traceId", async () => {
	await start({ traceId: true });
	const { output } = await run(deleteById(), {
		items: itemsOf(['6d6f6e676f5f0000000000ff']),
		onError: 'continueRegularOutput',
	});
	expect(output[0]!.json.details).toMatchObject({ status: 404, traceId: expect.any(String) });
});
