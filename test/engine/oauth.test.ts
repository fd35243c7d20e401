import { setTimeout } from 'node:timers/promises';

import type { FaultRule } from '../simulator/faults';
import { requireOfEngine } from './once/ofEngine';
import { signIn } from './signIn';
import { deleteById, itemsOf, respond, useSimulator } from './useSimulator';

const sim = useSimulator();
afterEach(() => jest.restoreAllMocks());

const removeEach = deleteById('={{ $json.id }}', { authentication: 'oAuth2' });

test('takes the location from the answer to the sign-in', async () => {
	const credentials = await signIn(sim.simulator.url);
	expect(credentials.oauthTokenData.locationId).toBe(sim.location);
	const { output } = await sim.succeed({
		parameters: { authentication: 'oAuth2', operation: 'getMany', resource: 'association' },
		credentials,
	});
	expect(output).not.toHaveLength(0);
	const paths = (await sim.simulator.requests()).map(({ path }) => path);
	const list = paths.find((path) => path.startsWith('/associations'));
	expect(list).toContain(`locationId=${sim.location}`);
});

/** Makes the engine that of n8n up to 2.8, where `ignoreHttpStatusErrors` is on or off. */
function knowNoExceptions(): void {
	type Utils = { isIgnoreStatusErrorConfig: () => boolean };
	const utils = requireOfEngine<Utils>('@n8n/backend-network', 'http/axios/utils.js');
	jest.spyOn(utils, 'isIgnoreStatusErrorConfig').mockReturnValue(false);
}

test.each([
	['', () => {}],
	[', in an n8n that knows no exceptions from ignored statuses', knowNoExceptions],
])('renews an expired token once for all items%s', async (_, prepare) => {
	prepare();
	const credentials = await signIn(sim.simulator.url);
	await sim.simulator.expireTokens();
	const ids = await sim.ids();
	const { output } = await sim.succeed({
		parameters: removeEach,
		credentials,
		items: itemsOf(ids),
	});
	expect(output.map(({ json }) => json.deleted)).toEqual(ids.map(() => true));
	expect((await sim.simulator.state()).oauth.refreshes).toBe(1);
});

test('renews a token that expires in the middle of 100 once, and loses none', async () => {
	const associations = 100;
	await sim.simulator.reset({ associations, system: 0, relations: 0, latency: 20 });
	const credentials = await signIn(sim.simulator.url);
	const ids = await sim.ids();
	const running = sim.succeed({ parameters: removeEach, credentials, items: itemsOf(ids) });
	while ((await sim.ids()).length > associations / 2) await setTimeout(1);
	await sim.simulator.expireTokens();
	const { output } = await running;
	expect(output.map(({ json }) => json.deleted)).toEqual(ids.map(() => true));
	const refused = (await sim.simulator.requests()).filter(({ status }) => status === 401);
	expect(refused.length).toBeGreaterThan(1);
	expect((await sim.simulator.state()).oauth).toMatchObject({ refreshes: 1, refused: 0 });
});

test('says to connect again when a renewal is refused in words that n8n has none of its own for', async () => {
	const credentials = await signIn(sim.simulator.url);
	await sim.simulator.expireTokens();
	const body = { error: 'invalid_client', error_description: 'Unknown app' };
	await sim.fail(respond(400, body, { path: '^/oauth/token' }));
	const { error } = await sim.run({ parameters: removeEach, credentials, items: itemsOf(['abc']) });
	expect(error).toMatchObject({
		message: expect.stringMatching(/^HighLevel returned 401: /),
		description: expect.stringContaining('Connect the credential again'),
	});
});

test.each<[string, FaultRule]>([
	['500', respond(500, { message: 'Oops' })],
	['502', respond(502, '<html>x</html>')],
	['429', respond(429, { message: 'Too Many Requests' })],
	['a web page', respond(200, '<html>x</html>')],
	['a reset', { kind: 'reset' }],
])('takes nothing for deleted after a renewal that came to %s', async (_, fault) => {
	const credentials = await signIn(sim.simulator.url);
	await sim.simulator.expireTokens();
	await sim.fail({ ...fault, path: '^/oauth/token', times: 1 });
	const { error } = await sim.run({ parameters: removeEach, credentials, items: itemsOf(['abc']) });
	expect(error?.context).toMatchObject({ deleted: [], unknown: [], failed: ['abc'] });
});

test('shows no token that was renewed on the way', async () => {
	const credentials = await signIn(sim.simulator.url);
	await sim.simulator.expireTokens();
	const access_token = 'renewed-token-made-up';
	await sim.fail(
		respond(200, { ...credentials.oauthTokenData, access_token }, { path: '^/oauth/token' }),
		respond(400, { message: `Bad ${access_token}` }, { token: access_token }),
	);
	const result = await sim.run({ parameters: removeEach, credentials, items: itemsOf(['abc']) });
	expect(result.error?.message).toBe('HighLevel returned 400: Bad ***');
	expect(JSON.stringify(result)).not.toContain(access_token);
});
