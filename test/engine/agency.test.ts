import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { companyId } from '../simulator/oauth';
import { signIn, signInAsAgency } from './signIn';
import { deleteById, respond, useSimulator } from './useSimulator';

const sim = useSimulator();

const twelveDigits = (number: number) => String(number).padStart(12, '0');
const LOCATIONS = Array.from({ length: 50 }, (_, index) => `location${twelveDigits(index)}`);
const HERE = LOCATIONS[0]!;
const idIn = (location: string, index: number) => location.slice(-12) + twelveDigits(index);

/** Fills each location with so many associations. */
const fill = async (perLocation: number, locations = LOCATIONS, more: object = {}) =>
	await sim.simulator.reset({
		userType: 'Company',
		locations: LOCATIONS,
		system: 0,
		relations: 0,
		associations: locations.flatMap((locationId) =>
			Array.from({ length: perLocation }, (_, index) => ({
				id: idIn(locationId, index),
				key: `key_${index}`,
				locationId,
			})),
		),
		...more,
	});

const run = async (
	credentials: ICredentialDataDecryptedObject,
	parameters: INodeParameters,
	items?: Array<{ json: Record<string, string> }>,
	more: object = {},
) =>
	await sim.run({
		...more,
		parameters: { authentication: 'oAuth2', ...parameters },
		credentials,
		items,
	});

const inLocation = { options: { locationId: '={{ $json.locationId }}' } };
const list = { resource: 'association', operation: 'getMany', returnAll: true, ...inLocation };
const removeEach = deleteById('={{ $json.id }}', inLocation);
const removeHere = deleteById(idIn(HERE, 0), { options: { locationId: HERE } });
const itemsIn = (locations: string[], perLocation: number) =>
	locations.flatMap((locationId) =>
		Array.from({ length: perLocation }, (_, index) => ({
			json: { locationId, id: idIn(locationId, index) },
		})),
	);
const inAll = LOCATIONS.map((locationId) => ({ json: { locationId } }));

const requests = async (path: string) =>
	(await sim.simulator.requests()).filter((request) => request.path.startsWith(path));
const exchanges = async () => await requests('/oauth/location');

test('works in 50 sub-accounts, 5 items each, by one sign-in: 50 exchanges, none lost, and none within the hour', async () => {
	await fill(5);
	const credentials = await signInAsAgency(sim.simulator.url);
	const items = itemsIn(LOCATIONS, 5);
	const { output, error } = await run(credentials, removeEach, items);
	expect(error).toBeUndefined();
	expect(output.map(({ json }) => [json.deleted, json.id])).toEqual(
		items.map(({ json }) => [true, json.id]),
	);
	expect(await sim.ids()).toEqual([]);
	const made = await exchanges();
	expect(made).toHaveLength(50);
	expect(made[0]).toMatchObject({
		method: 'POST',
		path: '/oauth/locationToken',
		headers: { version: '2021-07-28', 'content-type': 'application/x-www-form-urlencoded' },
		body: { companyId, locationId: expect.any(String) },
	});
	expect(await requests('/associations')).toHaveLength(250);

	const second = await run(credentials, list, inAll);
	expect(second.error).toBeUndefined();
	expect(await exchanges()).toHaveLength(50);
});

test('is named by the credential where the item names none', async () => {
	await fill(2);
	const credentials = await signInAsAgency(sim.simulator.url);
	const address = `https://app.gohighlevel.com/v2/location/${HERE}/dashboard`;
	const { output } = await run(
		{ ...credentials, locationId: address },
		{ resource: 'association', operation: 'getMany', returnAll: true },
	);
	expect(output.map(({ json }) => json.locationId)).toEqual([HERE, HERE]);
});

test.each([
	['by ID', deleteById(idIn(HERE, 0))],
	['that lists', { resource: 'association', operation: 'getMany' }],
])('an operation %s says that it needs a Location ID, and sends nothing', async (_, parameters) => {
	await fill(1);
	const credentials = await signInAsAgency(sim.simulator.url);
	// n8n keeps what an earlier sign-in to a sub-account said.
	credentials.oauthTokenData.locationId = sim.location;
	await sim.simulator.clearRequests();
	const { error } = await run(credentials, parameters);
	expect(error).toMatchObject({
		message: "'Location ID' is missing",
		description: expect.stringContaining('signed in as an agency'),
	});
	expect(await sim.requested()).toEqual([]);
});

test('asks at the address of version 3 under that version', async () => {
	await fill(1);
	const credentials = { ...(await signInAsAgency(sim.simulator.url)), apiVersion: 'v3' };
	const { output } = await run(credentials, list, inAll.slice(0, 1));
	expect(output).toHaveLength(1);
	expect(await exchanges()).toMatchObject([
		{ path: '/oauth/location-token', headers: { version: 'v3' } },
	]);
	expect((await requests('/associations'))[0]).toMatchObject({ headers: { version: 'v3' } });
});

test('a token that is refused is exchanged anew once for all items, and the agency signs in anew once', async () => {
	await fill(20, [HERE]);
	const credentials = await signInAsAgency(sim.simulator.url);
	await run(credentials, list, inAll.slice(0, 1));
	await sim.simulator.expireTokens();
	const items = itemsIn([HERE], 20);
	const { output, error } = await run(credentials, removeEach, items);
	expect(error).toBeUndefined();
	expect(output.every(({ json }) => json.deleted)).toBe(true);
	const accepted = (await exchanges()).filter(({ status }) => status === 200);
	expect(accepted).toHaveLength(2);
	expect((await sim.simulator.state()).oauth).toMatchObject({ refreshes: 1, refused: 0 });
});

test('a token is not used in its last minute', async () => {
	await fill(1, LOCATIONS, { tokenLifetime: 59 });
	const credentials = await signInAsAgency(sim.simulator.url);
	const get = { ...deleteById(idIn(HERE, 0), inLocation), operation: 'get' };
	await run(credentials, get, inAll.slice(0, 1));
	await run(credentials, get, inAll.slice(0, 1));
	expect(await exchanges()).toHaveLength(2);
});

test('a scope that is missing costs no exchange', async () => {
	await fill(1);
	const credentials = await signIn(sim.simulator.url, 'associations.readonly oauth.write');
	const { error } = await run(credentials, removeHere);
	expect(error).toMatchObject({
		message: expect.stringContaining('not authorized for this scope'),
		description: expect.stringContaining('lacks the scope associations.write'),
	});
	expect(await exchanges()).toHaveLength(1);
});

test('says that the app is not installed in a sub-account, asks once for all its items, and does the others', async () => {
	await fill(1);
	const credentials = await signInAsAgency(sim.simulator.url);
	const strange = { json: { locationId: 'elsewhere' } };
	const items = [strange, strange, inAll[1]!, strange];
	const { output } = await run(credentials, list, items, { onError: 'continueRegularOutput' });
	expect(output.map(({ json }) => json.locationId ?? json.error)).toEqual([
		...Array(2).fill(expect.stringContaining('The app is not installed in this location')),
		LOCATIONS[1],
		expect.any(String),
	]);
	expect(output[0]!.json.details).toMatchObject({
		status: 400,
		description: expect.stringContaining('install the marketplace app in that sub-account'),
	});
	expect(await exchanges()).toHaveLength(2);
});

test("says that the agency's sign-in lacks its scope", async () => {
	await fill(1);
	const credentials = await signIn(sim.simulator.url, 'associations.readonly');
	await sim.simulator.set({ tokenLifetime: 59 });
	const { error } = await run(credentials, list, inAll.slice(0, 1));
	expect(error).toMatchObject({
		description: expect.stringMatching(/lacks the scope oauth\.write.*'Additional Scopes'/),
	});
});

test('an exchange whose response was lost leaves no doubt about the items', async () => {
	await fill(1);
	const credentials = await signInAsAgency(sim.simulator.url);
	await sim.fail({ kind: 'status', status: 500, method: 'POST', path: '/oauth/location' });
	const { error } = await run(credentials, removeHere);
	expect(error).toMatchObject({
		message: expect.stringContaining('HighLevel returned 500'),
		description: expect.stringContaining('Nothing was deleted.'),
		context: { unknown: [] },
	});
});

test('each sub-account has a rate limit of its own', async () => {
	await fill(3, LOCATIONS.slice(0, 2), { limit: 3, window: 600_000 });
	const credentials = await signInAsAgency(sim.simulator.url);
	const items = itemsIn(LOCATIONS.slice(0, 2), 3);
	const { output, error } = await run(credentials, removeEach, items);
	expect(error).toBeUndefined();
	expect(output).toHaveLength(6);
	expect((await requests('/associations')).map(({ status }) => status)).toEqual(Array(6).fill(200));
});

test('no token is in an error, also not one that HighLevel repeats', async () => {
	await fill(1);
	const credentials = await signInAsAgency(sim.simulator.url);
	const agencyToken = credentials.oauthTokenData.access_token!;
	const body = { access_token: 'location-token-made-up', expires_in: 86_399 };
	const message = `Bad location-token-made-up ${agencyToken}`;
	await sim.fail(
		respond(200, body, { path: '/oauth/location', times: 1 }),
		respond(400, { message }, { path: '/oauth/location' }),
		respond(400, { message }, { path: '/associations' }),
	);
	const onError = { onError: 'continueRegularOutput' };
	const { run: whole } = await run(credentials, list, inAll.slice(0, 1), onError);
	const { run: refused } = await run(credentials, list, inAll.slice(1, 2), onError);
	expect(JSON.stringify(whole)).toContain('Bad *** ***');
	expect(JSON.stringify(refused)).toContain('Bad location-token-made-up ***');
	for (const secret of [agencyToken, credentials.oauthTokenData.refresh_token!]) {
		expect(JSON.stringify([whole, refused])).not.toContain(secret);
	}
});

test('no token is in an error that was exchanged anew after one was refused', async () => {
	await fill(1);
	const credentials = await signInAsAgency(sim.simulator.url);
	const [first, second] = ['location-token-first', 'location-token-second'];
	const once = { path: '/oauth/location', times: 1 };
	await sim.fail(
		respond(200, { access_token: first, expires_in: 86_399 }, once),
		respond(200, { access_token: second, expires_in: 86_399 }, once),
		respond(401, { message: 'Invalid JWT' }, { token: first }),
		respond(400, { message: `Bad ${second}` }, { token: second }),
	);
	const { error, run: whole } = await run(credentials, list, inAll.slice(0, 1));
	expect(error?.message).toBe('HighLevel returned 400: Bad ***');
	expect(JSON.stringify(whole)).not.toContain(second);
});
