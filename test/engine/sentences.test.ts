import type { INode } from 'n8n-workflow';

import {
	createApiError,
	createBlockedError,
} from '../../nodes/HighLevelAssociations/transport/errors';
import {
	holdsNothing,
	readRateLimit,
	type Outcome,
} from '../../nodes/HighLevelAssociations/transport/response';
import { byId, byKey, deleteById, itemsOf, respond, useSimulator } from './useSimulator';

/*
 * What a user reads of each failure, word for word. Read a changed snapshot as a user would, then update it with
 * `npx jest test/engine/sentences.test.ts -u`.
 */

const ID = '/associations/6d6f6e676f5f000000000001';
const UNTOLD = { method: 'DELETE', path: ID, itemIndex: 0, isOAuth2: false };
const GET = { method: 'GET' };
const EXCHANGE = { method: 'POST', path: '/oauth/locationToken', isOAuth2: true };
const RECORDS = { method: 'POST', path: '/contacts/search' };
const ANY_RELATION = { method: 'POST', path: '/associations/relations' };
const MAY_BE_DONE = { mayHaveSucceeded: true };
const SCOPE = 'The token is not authorized for this scope.';
const CLOUDFLARE_PAGE = '<html>Attention Required! | Cloudflare</html>';

const createNode = (operation: string) => ({ parameters: { operation } }) as unknown as INode;

const tell = (operation: string, asked: object, outcome: Outcome): string => {
	const error = createApiError(createNode(operation), { ...UNTOLD, ...asked }, outcome);
	return `${error.message}\n${error.description}`;
};

describe('a failed request', () => {
	test.each<[status: number, said: unknown, asked: object]>([
		[200, { any: 'thing' }, {}],
		[200, 'plain text', {}],
		[200, '<html></html>', {}],
		[202, '', {}],
		[204, '', GET],
		[200, { success: false }, RECORDS],
		[299, {}, {}],
		[300, 'Multiple Choices', {}],
		[302, '', {}],
		[399, '', {}],
		[400, 'Not so', {}],
		[400, 'version header is invalid', {}],
		[400, 'Duplicate relation', {}],
		[400, 'relation already exists', {}],
		[400, 'duplicate association key', {}],
		[400, 'association with key a already exists', {}],
		[400, 'Max relation limit[1] reached for record[x]', {}],
		[400, 'Labels cannot be the same', {}],
		[400, 'labels can not be same', {}],
		[400, 'Cannot delete system defined association', {}],
		[400, 'It is said: error code: 1015', {}],
		[400, 'error code: 10', {}],
		[401, 'Invalid JWT', {}],
		[401, 'Invalid JWT', { isOAuth2: true }],
		[401, 'authClass type not allowed', {}],
		[401, 'authClass type not allowed for this scope', { isOAuth2: true }],
		[401, SCOPE, {}],
		[401, SCOPE, GET],
		[401, SCOPE, { isOAuth2: true }],
		[401, SCOPE, { ...ANY_RELATION }],
		[401, SCOPE, { ...ANY_RELATION, ...GET }],
		[401, SCOPE, { ...RECORDS }],
		[401, SCOPE, { ...RECORDS, path: '/objects/custom_objects.pets/records/search' }],
		[401, SCOPE, { ...RECORDS, path: '/opportunities/search', isOAuth2: true }],
		[401, SCOPE, { ...GET, path: '/objects/', itemIndex: undefined }],
		[401, SCOPE, EXCHANGE],
		[400, 'Location not found', EXCHANGE],
		[401, 'Unauthorized', EXCHANGE],
		[403, 'No access', EXCHANGE],
		[429, 'Too many', EXCHANGE],
		[500, 'Oops', EXCHANGE],
		[403, 'No access', {}],
		[403, 'error code: 1015', {}],
		[403, CLOUDFLARE_PAGE, {}],
		[429, CLOUDFLARE_PAGE, {}],
		[404, CLOUDFLARE_PAGE, {}],
		[404, 'Not found', {}],
		[404, 'Not found', GET],
		[404, 'Not found', { path: '/associations/student_teacher' }],
		[404, 'Not found', { path: '/associations/student_teacher_2_b' }],
		[404, 'Not found', { path: '/associations/student_teacher/x' }],
		[404, 'Not found', { ...GET, path: '/associations/key/student' }],
		[404, 'Not found', { ...GET, path: '/associations/objectKey/contact' }],
		[404, 'Not found', { ...RECORDS, path: '/objects/custom_objects.pets/records/search' }],
		[404, 'Not found', { ...RECORDS }],
		[404, 'Not found', { method: 'POST', path: '/associations/' }],
		[404, 'Not found', { method: 'POST', path: '/associations/relations' }],
		[404, 'Not found', { ...GET, path: '/associations/relations/some_record' }],
		[404, 'Not found', { path: '/associations/relations/student_teacher' }],
		[404, `Cannot DELETE ${ID}`, {}],
		[409, 'A conflict', {}],
		[422, ['first', 'second'], {}],
		[429, 'Too Many Requests', {}],
		[499, 'Closed', {}],
		[500, 'Oops', {}],
		[500, 'Oops', MAY_BE_DONE],
		[503, '', {}],
		[400, 'Not so in a list', { itemIndex: undefined }],
	])('%d: %j %j', (status, said, asked) => {
		const isWords = typeof said === 'string' && said !== '' && !said.startsWith('<');
		const body = Array.isArray(said) || (isWords && status >= 400) ? { message: said } : said;
		const outcome = { status, body, headers: {} };
		const texts = ['delete', 'get'].map((operation) => tell(operation, asked, outcome));
		expect([...new Set(texts)].join('\n')).toMatchSnapshot();
	});

	test.each<[code: string, asked: object]>([
		['ECONNREFUSED', {}],
		['ECONNREFUSED', MAY_BE_DONE],
		['ENOTFOUND', {}],
		['ECONNRESET', {}],
		['ECONNRESET', MAY_BE_DONE],
		['ETIMEDOUT', {}],
		['ECONNABORTED', MAY_BE_DONE],
		['ERR_INVALID_CHAR', {}],
		['CERT_HAS_EXPIRED', {}],
	])('no response: %s %j', (code, asked) => {
		expect(tell('delete', asked, { code })).toMatchSnapshot();
	});

	test.each([
		[-60, ''],
		[0, ''],
		[3600, ''],
		[3600, 'error code: 1015'],
	])('not sent, blocked until %d s from now: %s', (seconds, body) => {
		const until = Date.now() + seconds * 1_000;
		const outcome = { status: 429, body, headers: {} };
		const error = createBlockedError(createNode('delete'), UNTOLD, until, outcome);
		const words = error.message.replace(new Date(until).toISOString(), 'TIME');
		expect(`${words}\n${error.description}\n${error.httpCode}`).toMatchSnapshot();
	});
});

test.each([
	[{}, true],
	[[], true],
	[{ traceId: 'x' }, true],
	[{ association: null }, true],
	[{ associations: [], total: 0 }, true],
	[{ associations: [{}] }, false],
	[{ association: {} }, false],
	[{ message: 'x' }, false],
])('whether %j holds nothing: %s', (body, nothing) => {
	expect(holdsNothing(body)).toBe(nothing);
});

test('reads what headers say of the rate limit, and nothing that is no number', () => {
	const limits = ['max', 'interval-milliseconds', 'remaining', 'daily-remaining', 'daily-reset'];
	const read = (values: string[], retryAfter?: string) =>
		readRateLimit({
			...Object.fromEntries(limits.map((name, index) => [`x-ratelimit-${name}`, values[index]])),
			'retry-after': retryAfter,
		});
	expect(read(['100', '10000', ' 7 ', '200', '60000'], '1.5')).toEqual({
		...{ max: 100, interval: 10_000, remaining: 7 },
		...{ dailyRemaining: 200, dailyReset: 60_000, retryAfter: 1_500 },
	});
	expect(read(['0', '0', '0', '0', '0'], '0')).toEqual({
		...{ max: 0, interval: undefined, remaining: 0 },
		...{ dailyRemaining: 0, dailyReset: undefined, retryAfter: 0 },
	});
	expect(Object.values(read(['-1', 'a', '1.5', '', '1e3'], 'soon'))).toEqual(
		Array(6).fill(undefined),
	);
	expect(read([], new Date(0).toUTCString()).retryAfter).toBe(0);
});

describe('an item', () => {
	const sim = useSimulator();
	const create = {
		...{ resource: 'association', operation: 'create', key: 'fresh' },
		...{ firstObjectKey: 'contact', firstObjectLabel: 'A' },
		...{ secondObjectKey: 'custom_objects.pets', secondObjectLabel: 'B' },
	};
	const fails = async (parameters: object, credentials = sim.credentials()) => {
		const { error } = await sim.run({ parameters: parameters as never, credentials });
		return `${error?.message}\n${error?.description}`;
	};

	test.each<[string, object]>([
		['no ID', deleteById('={{ "" }}')],
		['an object', { associationId: '={{ ({ a: 1 }) }}' }],
		['an array', { associationId: '={{ [1] }}' }],
		['a number', { associationId: '={{ 1 }}' }],
		['null', { associationId: '={{ null }}' }],
		['nothing', { associationId: '={{ $json.missing }}' }],
		['undefined in a text', deleteById('={{ undefined + "" }}')],
		['an expression as text', deleteById('{{ $json.id }}')],
		['dots', deleteById('..')],
		['a word of the API', deleteById('relations')],
		['a line break', deleteById('={{ "a\\nb" }}')],
		['201 characters', deleteById('x'.repeat(201))],
		['a key that is no key', { ...create, key: 'key' }],
		['a label that is empty', { ...create, firstObjectLabel: '={{ "" }}' }],
		['no object key', { ...create, secondObjectKey: '={{ "" }}' }],
	])('with %s can not be sent', async (_, parameters) => {
		expect(await fails(parameters)).toMatchSnapshot();
		expect(await sim.requested()).toEqual([]);
	});

	test('as long as 200 characters can be sent, and names no more of a longer one', async () => {
		const { output } = await sim.run({
			items: itemsOf(['x'.repeat(200), 'y'.repeat(201)]),
			onError: 'continueRegularOutput',
		});
		const ids = output.map(({ json }) => (json.details as { associationId: string }).associationId);
		expect(ids).toEqual(['x'.repeat(200), 'y'.repeat(200)]);
		expect(await sim.requested()).toHaveLength(1);
	});

	test.each([
		['an ID', byId('6d6f6e676f5f000000000001')],
		['a key', byKey('student_teacher')],
	])('named by %s of which HighLevel returns nothing, another or something else', async (_, id) => {
		const parameters = { operation: 'get', associationId: id };
		const texts: string[] = [];
		const other = { id: 'other', key: 'other' };
		for (const body of [
			'',
			{},
			{ id: '', key: '' },
			{ id: 7 },
			other,
			{ words: 'x'.repeat(300) },
		]) {
			await sim.fail(respond(200, body));
			texts.push(await fails(parameters));
		}
		expect(texts.join('\n')).toMatchSnapshot();
	});

	test.each<[locationId: string | undefined, isTaken: boolean]>([
		[sim.location, true],
		[undefined, true],
		['elsewhere', false],
	])('named by key takes the association of location %s: %s', async (locationId, isTaken) => {
		const id = '6d6f6e676f5f0000000000ff';
		await sim.fail(respond(200, { id, key: 'student_teacher', locationId }, { method: 'GET' }));
		const parameters = { operation: 'get', associationId: byKey('student_teacher') };
		const { output } = await sim.run({ parameters, onError: 'continueRegularOutput' });
		expect(output[0]?.json.id).toBe(isTaken ? id : undefined);
	});

	test('takes the address of its sub-account for its Location ID', async () => {
		const address = `https://app.gohighlevel.com/v2/location/${sim.location}/dashboard`;
		const associationId = byKey('student_teacher');
		const parameters = { operation: 'get', associationId, options: { locationId: address } };
		const { error } = await sim.run({
			parameters,
			credentials: sim.credentials({ locationId: '' }),
		});
		expect(error).toBeUndefined();
	});

	test('whose credential has no token, or none that can be sent, says so', async () => {
		const texts: string[] = [];
		for (const token of ['', 'pit-{{ x }}', 'pit-a b']) {
			texts.push(await fails(deleteById('abc'), sim.credentials({ token })));
		}
		expect(texts.join('\n')).toMatchSnapshot();
	});
});
