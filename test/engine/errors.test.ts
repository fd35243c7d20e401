import { EventEmitter } from 'node:events';
import https from 'node:https';
import { inspect } from 'node:util';

import type { FaultRule } from '../simulator/faults';
import type { Association } from '../simulator/state';
import {
	accept,
	deleteById,
	hastenClock,
	itemsOf,
	respond,
	TOKEN,
	useSimulator,
} from './useSimulator';

const sim = useSimulator();

/** Everything of a run that anybody could get to see, hidden properties and causes of errors included. */
const allOf = (result: unknown) =>
	inspect(result, { depth: Infinity, showHidden: true, maxStringLength: null });

afterEach(() => jest.restoreAllMocks());

const lost = /may already have processed/;
test.each<[string, FaultRule, string | RegExp, RegExp]>([
	[
		'429',
		respond(429, { message: 'Too Many Requests' }),
		/429: Too Many Requests|rate-limited every request/,
		/rate limit|again later/,
	],
	[
		'502 with a web page',
		respond(502, '<html>x</html>'),
		'502: a web page instead of data',
		/later/,
	],
	['a reset', { kind: 'reset' }, /connection to HighLevel was lost .*ECONNRESET/, lost],
	['a time-out', { kind: 'hang' }, /did not respond in time \((ECONNABORTED|ETIMEDOUT)\)/, lost],
])('says what happened on %s and what to do next', async (when, fault, message, nextStep) => {
	if (fault.status === 429) hastenClock();
	// Another token for each, as a limit that was reached is then known in this process.
	const token = `pit-${when.replaceAll(' ', '-')}`;
	await sim.simulator.set({ ...accept(token), faults: [fault], window: 200 });
	const [id] = await sim.ids();
	const { error } = await sim.run({
		items: itemsOf([id]),
		credentials: sim.credentials({ token }),
		parameters: deleteById(id, { requestOptions: { timeout: 300 } }),
	});
	expect(error).toMatchObject({
		name: 'NodeApiError',
		message:
			typeof message === 'string'
				? `HighLevel returned ${message}`
				: expect.stringMatching(message),
		description: expect.stringMatching(nextStep),
		httpCode: String(fault.status ?? 'none'),
		context: { itemIndex: 0 },
	});
	expect(error?.description).toContain(`DELETE /associations/${id}`);
});

test('says that HighLevel can not be reached when nothing listens', async () => {
	const { error } = await sim.run({
		items: itemsOf(['abc']),
		credentials: sim.credentials({ baseUrl: 'http://127.0.0.1:9' }),
	});
	expect(error).toMatchObject({
		name: 'NodeApiError',
		message: 'HighLevel could not be reached: the connection was refused (ECONNREFUSED)',
		description: expect.stringContaining('This request was not sent.'),
	});
});

test('keeps its words when they hold the letters of a network code', async () => {
	await sim.fail(respond(404, { message: 'No ECONNRESET here' }));
	const { error } = await sim.run({ items: itemsOf(['abc']) });
	expect(error?.message).toBe('HighLevel returned 404: No ECONNRESET here');
});

test('does not follow a redirect', async () => {
	const headers = { location: '/associations/relations/x' };
	await sim.fail(respond(302, '', { path: '^/associations/abc', headers }));
	const { error } = await sim.run({ items: itemsOf(['abc']) });
	expect(error?.message).toMatch(/^HighLevel returned 302/);
	expect(await sim.requested()).toEqual(['DELETE /associations/abc']);
});

test('asks once for a wrong token, not twice as the engine would', async () => {
	const { error } = await sim.run({
		items: itemsOf(['abc']),
		credentials: sim.credentials({ token: 'pit-wrong' }),
	});
	expect(error?.message).toMatch(/^HighLevel returned 401/);
	expect(await sim.requested()).toHaveLength(1);
});

test.each<[string, FaultRule[]]>([
	['an answer that repeats it', [respond(401, { message: `Invalid token ${TOKEN}` })]],
	['a reset', [{ kind: 'reset' }]],
	['a success', []],
	['a read that is answered with it', [respond(200, { headers: [`Bearer ${TOKEN}`] })]],
])('shows the token nowhere after %s', async (_, faults) => {
	await sim.fail(...faults);
	const [{ id, key }] = (await sim.associations()) as [Association];
	const parameters = deleteById('={{ $json.id }}', { options: { expectedKey: key } });
	const results = [
		await sim.run({ items: itemsOf(['abc', id]), parameters }),
		await sim.run({ items: itemsOf(['abc', id]) }),
	];
	const result = allOf(results);
	expect(result).toContain('HighLevel');
	expect(result).not.toContain(TOKEN);
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
		description: expect.stringContaining('This request was not sent.'),
		context: { unknown: [], failed: [], notSent: ['abc'] },
	});
});
