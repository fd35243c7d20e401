import { EventEmitter } from 'node:events';
import https from 'node:https';
import { inspect } from 'node:util';

import { byId, deleteById, hastenClock, itemsOf, TOKEN, useSimulator } from './useSimulator';

const sim = useSimulator();

/** Everything of a run that anybody could get to see, hidden properties and causes of errors included. */
const allOf = (result: unknown) =>
	inspect(result, { depth: Infinity, showHidden: true, maxStringLength: null });

afterEach(() => jest.restoreAllMocks());

const status = (code: number, body: unknown, headers = {}) => ({
	kind: 'status',
	status: code,
	body,
	headers,
});

test('a key where an ID is expected is told from an unknown ID', async () => {
	const run = async (id: string) => await sim.run({ parameters: { associationId: byId(id) } });
	expect((await run('student_teacher')).error).toMatchObject({
		description: expect.stringMatching(/^'student_teacher' looks like a key.* choose By Key\./),
	});
	expect((await run('6d6f6e676f5f00000000000f')).error).toMatchObject({
		description: expect.stringMatching(/^Check the ID/),
	});
});

test.each([
	['delete', /^Check the key: .* set the option 'If Not Found' to Succeed\./],
	[
		'get',
		/^Check the key: the association may be deleted already, or belong to another sub-account\. \(GET/,
	],
])(
	'a key that HighLevel does not know is told with what %s can do about it',
	async (operation, advice) => {
		const associationId = { __rl: true, mode: 'key', value: 'not_there' };
		const credentials = sim.credentials({ locationId: sim.location });
		const { error } = await sim.run({ parameters: { operation, associationId }, credentials });
		expect(error).toMatchObject({ description: expect.stringMatching(advice) });
	},
);

test.each([
	[
		'401 for a wrong token',
		status(401, { statusCode: 401, message: 'Invalid JWT' }),
		'HighLevel returned 401: Invalid JWT',
		/Check the token/,
	],
	[
		'401 for a missing scope',
		status(401, { statusCode: 401, message: 'The token is not authorized for this scope.' }),
		'HighLevel returned 401: The token is not authorized for this scope.',
		/lacks the scope associations\.write/,
	],
	[
		'202 without a body',
		status(202, ''),
		'HighLevel returned 202: an empty response',
		/^HighLevel did not confirm this/,
	],
	[
		'429',
		status(429, { message: 'Too Many Requests' }),
		'HighLevel returned 429: Too Many Requests',
		/rate limit/,
	],
	['500', status(500, { message: 'Oops' }), 'HighLevel returned 500: Oops', /HighLevel failed/],
	[
		'502 with a web page',
		status(502, '<html>x</html>'),
		'HighLevel returned 502: a web page instead of data',
		/later/,
	],
	['503 with nothing', status(503, ''), 'HighLevel returned 503: an empty response', /later/],
	[
		'a reset connection',
		{ kind: 'reset' },
		/connection to HighLevel was lost .*ECONNRESET/,
		/may already have processed/,
	],
	[
		'a time-out',
		{ kind: 'hang' },
		/did not respond in time \((ECONNABORTED|ETIMEDOUT)\)/,
		/may already have processed/,
	],
] as const)('says what happened on %s and what to do next', async (_, fault, message, nextStep) => {
	if (fault.kind === 'status' && fault.status === 429) hastenClock();
	await sim.simulator.set({ faults: [fault] as never, window: 200 });
	const [id] = await sim.ids();
	const { error } = await sim.run({
		items: itemsOf([id]),
		parameters: deleteById(id, { requestOptions: { timeout: 300 } }),
	});
	expect(error?.name).toBe('NodeApiError');
	if (typeof message === 'string') expect(error?.message).toBe(message);
	else expect(error?.message).toMatch(message);
	expect(error).toMatchObject({
		description: expect.stringMatching(nextStep),
		httpCode: fault.kind === 'status' ? String(fault.status) : 'none',
		context: { itemIndex: 0 },
	});
	expect((error as { description?: string }).description).toContain(`DELETE /associations/${id}`);
});

test('says that HighLevel can not be reached when nothing listens', async () => {
	const { error } = await sim.run({
		items: itemsOf(['abc']),
		credentials: sim.credentials({ baseUrl: 'http://127.0.0.1:9' }),
	});
	expect(error).toMatchObject({
		name: 'NodeApiError',
		message: 'HighLevel could not be reached: the connection was refused (ECONNREFUSED)',
		description: expect.stringContaining('Nothing was sent'),
	});
});

test('keeps its words when they hold the letters of a network code', async () => {
	await sim.simulator.set({ faults: [status(404, { message: 'No ECONNRESET here' })] as never });
	const { error } = await sim.run({ items: itemsOf(['abc']) });
	expect(error?.message).toBe('HighLevel returned 404: No ECONNRESET here');
});

test('does not follow a redirect', async () => {
	await sim.simulator.set({
		faults: [
			{
				...status(302, ''),
				path: '^/associations/abc',
				headers: { location: '/associations/relations/x' },
			},
		] as never,
	});
	const { error } = await sim.run({ items: itemsOf(['abc']) });
	expect(error?.message).toMatch(/^HighLevel returned 302/);
	expect(await sim.simulator.requests()).toMatchObject([{ path: '/associations/abc' }]);
});

test('asks once for a wrong token, not twice as the engine would', async () => {
	const { error } = await sim.run({
		items: itemsOf(['abc']),
		credentials: sim.credentials({ token: 'pit-wrong' }),
	});
	expect(error?.message).toMatch(/^HighLevel returned 401/);
	expect(await sim.simulator.requests()).toHaveLength(1);
});

test.each([
	['an answer that repeats it', status(401, { message: `Invalid token ${TOKEN}` })],
	['a reset', { kind: 'reset' }],
	['a success', undefined],
])('shows the token nowhere after %s', async (_, fault) => {
	await sim.simulator.set({ faults: (fault ? [fault] : []) as never });
	const result = await sim.run({ items: itemsOf(['abc', ...(await sim.ids()).slice(0, 1)]) });
	expect(allOf(result)).toContain('HighLevel');
	expect(allOf(result)).not.toContain(TOKEN);
});

test.each([
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_GET_ISSUER_CERT',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'CERT_NOT_YET_VALID',
	'CERT_UNTRUSTED',
	'CERT_REVOKED',
])('nothing was sent to a server whose certificate is refused: %s', async (code) => {
	const request = jest.spyOn(https, 'request').mockImplementation((() => {
		const sent = Object.assign(new EventEmitter(), {
			...{ setTimeout() {}, destroy() {}, abort() {}, write() {} },
			end: () => setImmediate(() => sent.emit('error', Object.assign(new Error(code), { code }))),
		});
		return sent;
	}) as never);
	const { error } = await sim.run({
		items: itemsOf(['abc']),
		credentials: sim.credentials({ baseUrl: 'https://highlevel.invalid' }),
	});
	expect(request).toHaveBeenCalledTimes(1);
	expect(error).toMatchObject({
		message: expect.stringMatching(/^HighLevel could not be reached: its certificate/),
		description: expect.stringContaining('Nothing was sent.'),
		context: { unknown: [], failed: [], notSent: ['abc'] },
	});
});
