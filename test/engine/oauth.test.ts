import { deleteById, itemsOf, useSimulator } from './useSimulator';

const sim = useSimulator();

/** Signs in at the simulated HighLevel as n8n does, up to the token's answer. */
async function signIn() {
	const redirect = 'http://127.0.0.1/callback';
	const page = await fetch(
		`${sim.simulator.url}/oauth/chooselocation?response_type=code&client_id=client&state=x&redirect_uri=${encodeURIComponent(redirect)}&scope=${encodeURIComponent('associations.readonly associations.write')}`,
		{ redirect: 'manual' },
	);
	const code = new URL(page.headers.get('location')!).searchParams.get('code')!;
	const answer = await fetch(`${sim.simulator.url}/oauth/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'authorization_code',
			client_id: 'client',
			client_secret: 'secret',
			code,
			redirect_uri: redirect,
			user_type: 'Location',
		}),
	});
	return {
		grantType: 'authorizationCode',
		authentication: 'body',
		clientId: 'client',
		clientSecret: 'secret',
		baseUrl: sim.simulator.url,
		accessTokenUrl: `${sim.simulator.url}/oauth/token`,
		oauthTokenData: (await answer.json()) as Record<string, string>,
	};
}

test('takes the location from the answer to the sign-in', async () => {
	const credentials = await signIn();
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
	const credentials = await signIn();
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
