import { Faults, type FaultRule } from './faults';
import { createRandom } from './random';
import { useServer } from './useServer';

const id = '6d6f6e676f5f000000000001';

const { send, reset, set, state, requests, url } = useServer();

const withFaults = async (...faults: FaultRule[]) => await reset({ faults });
const remove = async () => await send('DELETE', `/associations/${id}`);
const exists = async () =>
	(await state()).associations.some((association) => association.id === id);

test('a status is logged, and strikes as often as it is told', async () => {
	await withFaults({ kind: 'status', status: 502, times: 1 });
	expect(await remove()).toMatchObject({
		status: 502,
		body: { statusCode: 502, message: 'Bad Gateway' },
	});
	expect((await remove()).status).toBe(200);
	const [first, second] = await requests();
	const fault = { rule: 0, stage: 'before', kind: 'status', status: 502 };
	expect(first).toMatchObject({ status: 502, fault });
	expect(second!.fault).toBeUndefined();
});

test('a hanging request gets no response and stops no other', async () => {
	await withFaults({ kind: 'hang', times: 1 });
	const outcome = { over: false };
	const hanging = remove().finally(() => (outcome.over = true));
	hanging.catch(() => undefined);
	while ((await requests()).length === 0);
	expect((await remove()).status).toBe(200);
	expect(outcome.over).toBe(false);
	expect(await requests()).toMatchObject([
		{ status: null, fault: { kind: 'hang' } },
		{ status: 200 },
	]);
});

test('a slow response is the right one', async () => {
	await withFaults(
		{ kind: 'slow', delay: 60_000, path: '/unknown$' },
		{ kind: 'slow', delay: 20, times: 1 },
	);
	expect(await remove()).toMatchObject({ status: 200, body: { deleted: true } });
	expect(await requests()).toMatchObject([{ status: 200, fault: { rule: 1, kind: 'slow' } }]);
});

describe.each([
	['before', true],
	['after', false],
] as const)('%s the operation', (stage, left) => {
	test('a status says nothing of what was done', async () => {
		await withFaults({ kind: 'status', stage });
		expect((await remove()).status).toBe(503);
		expect(await exists()).toBe(left);
	});

	test('a connection breaks', async () => {
		await withFaults({ kind: 'reset', stage });
		await expect(remove()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(await exists()).toBe(left);
		expect(await requests()).toMatchObject([{ status: null, fault: { stage, kind: 'reset' } }]);
	});

	test('a dribble gives headers at once and the body byte by byte', async () => {
		await withFaults({ kind: 'dribble', stage, delay: 1, body: { slowly: true }, times: 1 });
		expect(await remove()).toMatchObject({
			status: 200,
			headers: { 'content-length': '15' },
			body: { slowly: true },
		});
		expect(await exists()).toBe(left);
		expect(await requests()).toMatchObject([{ status: 200, fault: { stage, kind: 'dribble' } }]);
	});

	test('a cut response has its whole length in the headers and half of its body', async () => {
		await withFaults({ kind: 'cut', stage });
		const response = await fetch(`${url()}/associations/${id}`, {
			method: 'DELETE',
			headers: { authorization: 'Bearer pit-demo', version: '2021-07-28' },
		});
		expect(response.status).toBe(200);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(20);
		expect(response.headers.get('x-ratelimit-max')).toBeTruthy();
		await expect(response.text()).rejects.toThrow('terminated');
		expect(await exists()).toBe(left);
		expect(await requests()).toMatchObject([{ status: 200, fault: { stage, kind: 'cut' } }]);
	});
});

test("a dribble after the operation has the operation's own response", async () => {
	await withFaults({ kind: 'dribble', stage: 'after', delay: 0 });
	expect(await remove()).toMatchObject({ status: 200, body: { deleted: true, id } });
	expect(await remove()).toMatchObject({ status: 404, body: { statusCode: 404 } });
});

test('a dribble without a body never ends', async () => {
	await withFaults({ kind: 'dribble', delay: 0 });
	const response = await fetch(`${url()}/associations/${id}`);
	let bytes = 0;
	for await (const chunk of response.body!) if ((bytes += chunk.length) > 50) break;
	expect(response.headers.get('content-length')).toBeNull();
	expect(bytes).toBeGreaterThan(50);
});

test('latency delays every response but those to the test itself', async () => {
	await reset({ latency: 60_000 });
	const outcome = { over: false };
	const waiting = remove().finally(() => (outcome.over = true));
	waiting.catch(() => undefined);
	while ((await requests()).length === 0);
	expect(await exists()).toBe(true);
	expect(outcome.over).toBe(false);
	expect(await requests()).toMatchObject([{ status: null }]);
});

test.each<[FaultRule, object]>([
	[
		{ kind: 'status', status: 500, body: '<html>Oops</html>' },
		{ status: 500, headers: { 'content-type': 'text/html' }, body: '<html>Oops</html>' },
	],
	[
		{ kind: 'status', body: '' },
		{ status: 503, headers: { 'content-length': '0' }, body: '' },
	],
	[
		{ kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: {} },
		{
			status: 302,
			headers: {
				location: 'http://127.0.0.1:9/',
				'content-type': 'application/json; charset=utf-8',
			},
			body: {},
		},
	],
])('body and headers are sent as they are given: %j', async (rule, response) => {
	await withFaults(rule);
	expect(await remove()).toMatchObject(response);
});

test.each([0, false, [], null, 'text'])('any body can be sent: %j', async (body) => {
	await withFaults({ kind: 'status', status: 200, body });
	expect(await remove()).toMatchObject({ status: 200, body });
});

test('a status that has no body is sent without one', async () => {
	await withFaults({ kind: 'status', status: 204, body: { ignored: true } });
	const response = await remove();
	expect(response).toMatchObject({ status: 204, body: '' });
	expect(Object.keys(response.headers).join()).not.toContain('content-');
});

test('a rule can be of one token', async () => {
	await withFaults({ kind: 'status', token: 'pit-other' });
	expect((await send('DELETE', '/associations/x', { token: 'pit-other' })).status).toBe(503);
	expect((await remove()).status).toBe(200);
});

test('a rule strikes only its method and its undecoded path', async () => {
	await withFaults({ kind: 'status', method: 'delete', path: 'a%2Fb$' });
	const status = async (method: string, path: string) => (await send(method, path)).status;
	expect(await status('DELETE', '/associations/a%2Fb?x=1')).toBe(503);
	expect(await status('GET', '/associations/a%2Fb')).toBe(404);
	expect(await status('DELETE', '/associations/a%2Fbc')).toBe(404);
});

test('a rule without a path leaves the OAuth pages alone', async () => {
	await withFaults({ kind: 'status' });
	expect((await send('POST', '/oauth/token')).status).toBe(401);
	await withFaults({ kind: 'status', path: '^/oauth/token' });
	expect((await send('POST', '/oauth/token')).status).toBe(503);
});

test('the same seed strikes the same requests', () => {
	const pattern = (seed: number) => {
		const faults = new Faults([{ kind: 'reset', probability: 0.3 }], createRandom(seed));
		return Array.from(
			{ length: 1000 },
			() => faults.strike('before', 'GET', '/associations/', 'pit-demo') !== undefined,
		);
	};
	expect(pattern(7)).toEqual(pattern(7));
	expect(pattern(7)).not.toEqual(pattern(8));
	const share = pattern(7).filter(Boolean).length / 1000;
	expect(share).toBeGreaterThan(0.25);
	expect(share).toBeLessThan(0.35);
});

test('other changes of settings keep the count of a rule', async () => {
	await withFaults({ kind: 'status', times: 1 });
	expect((await remove()).status).toBe(503);
	await set({ latency: 1 });
	expect((await remove()).status).toBe(200);
});
