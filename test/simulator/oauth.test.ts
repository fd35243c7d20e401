import { createSimulator, type Simulator } from './server';
import { call, location } from './testClient';

let now = Date.UTC(2030, 0, 1);
let simulator: Simulator;
beforeAll(
	async () => (simulator = await createSimulator({ limit: 0, tokenLifetime: 60 }, () => now)),
);
afterAll(async () => await simulator.close());
beforeEach(async () => await call(simulator.url, 'POST', '/__simulator/reset', { body: {} }));

const client = { client_id: 'app', client_secret: 'hush', user_type: 'Location' };
const redirect = 'http://127.0.0.1:9/callback';

async function choose(scope = ''): Promise<string> {
	const query = new URLSearchParams({
		response_type: 'code',
		client_id: 'app',
		redirect_uri: redirect,
		state: 'a/b',
		scope,
	});
	const answer = await call(simulator.url, 'GET', `/oauth/chooselocation?${query}`);
	expect(answer.status).toBe(302);
	const target = new URL(answer.headers.location!);
	expect(target.href.startsWith(redirect)).toBe(true);
	expect(target.searchParams.get('state')).toBe('a/b');
	return target.searchParams.get('code')!;
}

const exchange = async (fields: Record<string, string>) =>
	await call(simulator.url, 'POST', '/oauth/token', {
		token: null,
		body: new URLSearchParams({ ...client, ...fields }).toString(),
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	});
const authorize = async (scope?: string) =>
	(await exchange({ grant_type: 'authorization_code', code: await choose(scope) })).body;
const read = async (token: string) =>
	await call(simulator.url, 'GET', '/associations/6d6f6e676f5f000000000001', { token });
const remove = async (token: string) =>
	await call(simulator.url, 'DELETE', '/associations/6d6f6e676f5f000000000001', { token });

test('a code becomes a token with the scopes that were asked for', async () => {
	const tokens = await authorize('associations.readonly associations/relation.write');
	expect(tokens).toMatchObject({
		access_token: expect.any(String),
		refresh_token: expect.any(String),
		token_type: 'Bearer',
		expires_in: 60,
		scope: 'associations.readonly associations/relation.write',
		userType: 'Location',
		locationId: location,
		companyId: expect.any(String),
	});
	expect((await read(tokens.access_token)).status).toBe(200);
	expect(await remove(tokens.access_token)).toMatchObject({
		status: 401,
		body: { message: 'The token is not authorized for this scope.' },
	});
});

test('a code and a refresh token are good once', async () => {
	const code = await choose();
	const first = await exchange({ grant_type: 'authorization_code', code });
	expect(await exchange({ grant_type: 'authorization_code', code })).toMatchObject({
		status: 400,
		body: { error: 'invalid_grant' },
	});
	const grant = { grant_type: 'refresh_token', refresh_token: first.body.refresh_token };
	const second = await exchange(grant);
	expect(second.status).toBe(200);
	expect(second.body.access_token).not.toBe(first.body.access_token);
	expect((await exchange(grant)).status).toBe(400);
	expect((await exchange({ ...grant, refresh_token: second.body.refresh_token })).status).toBe(200);
	const { body } = await call(simulator.url, 'GET', '/__simulator/state');
	expect(body.oauth).toEqual({ authorizations: 1, refreshes: 2, refused: 2 });
});

test('JSON is read as well', async () => {
	const code = await choose();
	const answer = await call(simulator.url, 'POST', '/oauth/token', {
		body: { ...client, grant_type: 'authorization_code', code },
	});
	expect(answer.status).toBe(200);
});

test.each([
	[{ client_secret: '' }, 401, 'invalid_client'],
	[{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
	[{ user_type: 'Company' }, 400, 'invalid_request'],
	[{ client_id: 'another' }, 400, 'invalid_grant'],
])('%j is refused', async (fields, status, error) => {
	const code = await choose();
	expect(await exchange({ grant_type: 'authorization_code', code, ...fields })).toMatchObject({
		status,
		body: { error },
	});
});

test.each(['', '&redirect_uri=nowhere'])(
	'a page without an address to go back to is refused: %j',
	async (query) => {
		expect(
			(await call(simulator.url, 'GET', `/oauth/chooselocation?client_id=app${query}`)).status,
		).toBe(400);
	},
);

test('an access token ends when it is told to, and with time', async () => {
	const first = await authorize();
	await call(simulator.url, 'POST', '/__simulator/oauth/expire');
	expect(await read(first.access_token)).toMatchObject({
		status: 401,
		body: { message: 'Invalid JWT' },
	});
	const second = (
		await exchange({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
	).body;
	expect((await read(second.access_token)).status).toBe(200);
	now += 60_000;
	expect(await read(second.access_token)).toMatchObject({
		status: 401,
		body: { message: 'Invalid JWT' },
	});
});

test('a renewed token shares the rate limit of the old one', async () => {
	await call(simulator.url, 'POST', '/__simulator/reset', { body: { limit: 1 } });
	const first = await authorize();
	expect((await read(first.access_token)).status).toBe(200);
	const second = (
		await exchange({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
	).body;
	expect((await read(second.access_token)).status).toBe(429);
});

test('the request log hides secrets', async () => {
	const { refresh_token: refreshToken } = await authorize();
	await exchange({
		grant_type: 'refresh_token',
		refresh_token: refreshToken,
		client_secret: 'a very long secret',
	});
	const text = JSON.stringify((await call(simulator.url, 'GET', '/__simulator/requests')).body);
	expect(text).toContain('"grant_type":"refresh_token"');
	expect(text).not.toContain(refreshToken);
	expect(text).not.toContain('long secret');
});
