import { companyId } from './oauth';
import { location } from './testClient';
import { useServer } from './useServer';

const now = Date.UTC(2030, 0, 1);
const { send, reset, state, requests } = useServer({ tokenLifetime: 60 }, () => now);
beforeEach(async () => await reset());

const client = { client_id: 'app', client_secret: 'hush', user_type: 'Location' };
const redirect = 'http://127.0.0.1:9/callback';

async function choose(scope = '', path = '/oauth/chooselocation'): Promise<string> {
	const query = new URLSearchParams({
		response_type: 'code',
		client_id: 'app',
		redirect_uri: redirect,
		state: 'a/b',
		scope,
	});
	const response = await send('GET', `${path}?${query}`);
	expect(response.status).toBe(302);
	const target = new URL(response.headers.location!);
	expect(target.href.startsWith(redirect)).toBe(true);
	expect(target.searchParams.get('state')).toBe('a/b');
	return target.searchParams.get('code')!;
}

const exchange = async (fields: Record<string, string>) =>
	await send('POST', '/oauth/token', {
		token: null,
		body: new URLSearchParams({ ...client, ...fields }).toString(),
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	});
const renew = async (refreshToken: string) =>
	await exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
const authorize = async (scope?: string, path?: string) =>
	(await exchange({ grant_type: 'authorization_code', code: await choose(scope, path) })).body;
const read = async (token: string) =>
	await send('GET', '/associations/6d6f6e676f5f000000000001', { token });
const remove = async (token: string) =>
	await send('DELETE', '/associations/6d6f6e676f5f000000000001', { token });

test.each(['/oauth/chooselocation', '/v2/oauth/chooselocation'])(
	'a code from %s becomes a token with the scopes that were asked for',
	async (path) => {
		const tokens = await authorize('associations.readonly associations/relation.write', path);
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
	},
);

test('a code and a refresh token are good once', async () => {
	const code = await choose();
	const first = await exchange({ grant_type: 'authorization_code', code });
	expect(await exchange({ grant_type: 'authorization_code', code })).toMatchObject({
		status: 400,
		body: { error: 'invalid_grant' },
	});
	const second = await renew(first.body.refresh_token);
	expect(second.status).toBe(200);
	expect(second.body.access_token).not.toBe(first.body.access_token);
	expect((await renew(first.body.refresh_token)).status).toBe(400);
	expect((await renew(second.body.refresh_token)).status).toBe(200);
	expect((await state()).oauth).toEqual({ authorizations: 1, refreshes: 2, refused: 2 });
});

test.each([
	[{ client_secret: '' }, 401, 'invalid_client'],
	[{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
	[{ user_type: 'Somebody' }, 400, 'invalid_request'],
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
		expect((await send('GET', `/oauth/chooselocation?client_id=app${query}`)).status).toBe(400);
	},
);

test('a renewed token shares the rate limit of the old one', async () => {
	await reset({ limit: 1 });
	const first = await authorize();
	expect((await read(first.access_token)).status).toBe(200);
	const second = (await renew(first.refresh_token)).body;
	expect((await read(second.access_token)).status).toBe(429);
});

test('the request log hides secrets', async () => {
	const { refresh_token: refreshToken } = await authorize();
	await exchange({
		grant_type: 'refresh_token',
		refresh_token: refreshToken,
		client_secret: 'a very long secret',
	});
	const text = JSON.stringify(await requests());
	expect(text).toContain('"grant_type":"refresh_token"');
	expect(text).not.toContain(refreshToken);
	expect(text).not.toContain('long secret');
});

test('a private app is found by the ID of its version only', async () => {
	await reset({ privateApp: true });
	const signIn = async (version: string) =>
		await send(
			'GET',
			`/oauth/chooselocation?client_id=6a04-mp4d&redirect_uri=${encodeURIComponent(redirect)}${version}`,
		);
	expect(await signIn('')).toMatchObject({
		status: 400,
		body: { message: 'error.noAppVersionIdFound' },
	});
	expect((await signIn('&version_id=6a04-mp4d')).status).toBe(400);
	expect((await signIn('&version_id=6a04')).status).toBe(302);
});

describe('an agency', () => {
	const there = 'anotherLocation00000';
	beforeEach(async () => {
		await reset({
			userType: 'Company',
			locations: [there],
			associations: [{ key: 'here' }, { key: 'there', locationId: there }],
		});
	});
	const exchangeFor = async (
		token: string,
		locationId: string,
		path = '/oauth/locationToken',
		version: string | null = '2021-07-28',
	) =>
		await send('POST', path, {
			token,
			version,
			body: new URLSearchParams({ companyId, locationId }).toString(),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		});

	test('is refused without Version, scope, location, or as a sub-account', async () => {
		const { access_token: agency } = await authorize();
		expect((await exchangeFor(agency, there, undefined, null)).status).toBe(401);
		expect((await exchangeFor(agency, '')).status).toBe(422);
		expect((await exchangeFor(agency, 'elsewhere')).status).toBe(400);
		const { access_token: reading } = await authorize('associations.readonly oauth.readonly');
		expect((await exchangeFor(reading, there)).body.message).toContain('not authorized');
		const { body } = await exchangeFor(agency, there);
		expect((await exchangeFor(body.access_token, there)).body.message).toContain('authClass');
	});
});
