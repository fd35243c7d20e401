import { setTimeout } from 'node:timers/promises';

import { signIn } from './signIn';
import { deleteById, itemsOf, useSimulator } from './useSimulator';

const sim = useSimulator();

test('takes the location from the answer to the sign-in', async () => {
	const credentials = await signIn(sim.simulator.url);
	expect(credentials.oauthTokenData.locationId).toBe(sim.location);
	const { output, error } = await sim.run({
		parameters: { authentication: 'oAuth2', operation: 'getMany', resource: 'association' },
		credentials,
	});
	expect(error).toBeUndefined();
	expect(output).not.toHaveLength(0);
	const requests = (await sim.simulator.requests()).filter(({ path }) =>
		path.startsWith('/associations'),
	);
	expect(requests[0]?.path).toContain(`locationId=${sim.location}`);
});

test('renews an expired token once for all items', async () => {
	const credentials = await signIn(sim.simulator.url);
	await sim.simulator.expireTokens();
	const ids = await sim.ids();
	const { output, error } = await sim.run({
		parameters: deleteById('={{ $json.id }}', { authentication: 'oAuth2' }),
		credentials,
		items: itemsOf(ids),
	});
	expect(error).toBeUndefined();
	expect(output.map(({ json }) => json.deleted)).toEqual(ids.map(() => true));
	expect((await sim.simulator.state()).oauth.refreshes).toBe(1);
});

test('renews a token that expires in the middle of 100 once, and loses none', async () => {
	const associations = 100;
	await sim.simulator.reset({ associations, system: 0, relations: 0, latency: 20 });
	const credentials = await signIn(sim.simulator.url);
	const ids = await sim.ids();
	const running = sim.run({
		parameters: deleteById('={{ $json.id }}', { authentication: 'oAuth2' }),
		credentials,
		items: itemsOf(ids),
	});
	while ((await sim.ids()).length > associations / 2) await setTimeout(1);
	await sim.simulator.expireTokens();
	const { output, error } = await running;
	expect(error).toBeUndefined();
	expect(output.map(({ json }) => json.deleted)).toEqual(ids.map(() => true));
	const refused = (await sim.simulator.requests()).filter(({ status }) => status === 401);
	expect(refused.length).toBeGreaterThan(1);
	expect((await sim.simulator.state()).oauth).toMatchObject({ refreshes: 1, refused: 0 });
});
