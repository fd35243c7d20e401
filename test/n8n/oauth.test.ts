import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { findSecret } from './harness/findSecret';
import { connectApp } from './harness/oauthSignIn';
import { findShared } from './harness/sharedN8n';
import { LOCATION, useN8n } from './harness/useN8n';
import { locate } from './harness/workflow';

const CLIENT_SECRET = ['client', 'secret', 'made', 'up'].join('-');

/** What must be found nowhere: the client's secret, and all that the simulated HighLevel gives out. */
const SECRETS = [CLIENT_SECRET, 'simulated-access', 'simulated-refresh'];

const n8n = useN8n({ port: findShared().oauthPort });

/** Stores a credential and signs in with it; gives it as a node names it. */
const connect = async (more: object = {}) =>
	await connectApp(n8n.client, n8n.simulator, { clientSecret: CLIENT_SECRET, ...more });

/** Deletes associations, by their IDs or keys, with the credential that was signed in with. */
async function run(
	mode: 'id' | 'key',
	values: string[],
	credentials: Awaited<ReturnType<typeof connect>>,
) {
	const associationId = locate(mode, '={{ $json.id }}');
	const parameters = { authentication: 'oAuth2', associationId };
	const workflow = deleteWorkflow({ ids: values, credentials, settings: { parameters } });
	return await n8n.client.run(workflow);
}

const requestsTo = async (path: string) =>
	(await n8n.simulator.requests()).filter((request) => request.path.startsWith(path));

const deletedIn = ({ json }: Awaited<ReturnType<typeof run>>) =>
	json(NODES.delete).flatMap(({ deleted, id }) => (deleted ? [id] : []));

/** What the page to sign in at was asked for. */
async function readAsked() {
	const [page] = await requestsTo('/v2/oauth/chooselocation');
	return Object.fromEntries(new URL(page!.path, n8n.simulator.url).searchParams);
}

test('signs in with the four scopes, as a sub-account', async () => {
	await connect();
	const associations = 'associations.readonly associations.write';
	const relations = 'associations/relation.readonly associations/relation.write';
	expect(await readAsked()).toMatchObject({
		response_type: 'code',
		scope: `${associations} ${relations}`,
	});
	expect(await requestsTo('/oauth/token')).toMatchObject([
		{
			status: 200,
			body: {
				...{ grant_type: 'authorization_code', user_type: 'Location' },
				...{ client_id: 'client', client_secret: expect.any(String) },
			},
		},
	]);
});

test.each([
	['the client ID', {}],
	[
		'the field',
		{ clientId: '6a044f181ec5bf79ae2e5e73-other', appVersionId: ' 6a044f181ec5bf79ae2e5e73 ' },
	],
])('signs in to a private app by the version that %s names', async (_, more) => {
	await n8n.simulator.reset({ privateApp: true });
	await connect({
		clientId: '6a044f181ec5bf79ae2e5e73-mp4d6zkn',
		additionalScopes: 'oauth.write',
		signInParameters: 'loginWindowOpenMode=self&next=1',
		...more,
	});
	expect(await readAsked()).toMatchObject({
		version_id: '6a044f181ec5bf79ae2e5e73',
		loginWindowOpenMode: 'self',
		next: '1',
		scope: expect.stringMatching(/^associations\.readonly .*write oauth\.write$/),
	});
});

test('renews an expired token once for 20 items at once, and keeps the new one and the location', async () => {
	const credentials = await connect();
	const ids = await n8n.ids();
	await n8n.simulator.expireTokens();
	expect(deletedIn(await run('id', ids.slice(1, 21), credentials))).toEqual(ids.slice(1, 21));
	const renewedOnce = { authorizations: 1, refreshes: 1, refused: 0 };
	expect((await n8n.simulator.state()).oauth).toEqual(renewedOnce);

	expect(deletedIn(await run('key', ['student_teacher'], credentials))).toEqual(ids.slice(0, 1));
	expect((await n8n.simulator.state()).oauth).toEqual(renewedOnce);
	const [lookUp, deletion] = (await requestsTo('/associations')).slice(-2);
	expect(lookUp?.path).toBe(`/associations/key/student_teacher?locationId=${LOCATION}`);
	expect(deletion?.headers).toMatchObject({
		version: '2021-07-28',
		authorization: expect.stringMatching(/^Bearer \S/),
	});
});

test('says what to do when the token can be renewed no more', async () => {
	const credentials = await connect();
	await n8n.simulator.reset();
	const { status, error } = await run('id', await n8n.ids(), credentials);
	expect(status).toBe('error');
	expect(error).toMatchObject({
		message: 'The credential "HighLevel app" needs to be reconnected.',
		description: expect.stringMatching(
			/Open the credential and reconnect it.* Nothing was deleted\. 60 not sent\./,
		),
	});
});

test('no token is in an output, an error, a log or a file of n8n', async () => {
	const credentials = await connect();
	await n8n.simulator.expireTokens();
	const { raw } = await run('id', [...(await n8n.ids()).slice(0, 3), 'unknown'], credentials);
	for (const secret of SECRETS) {
		expect(JSON.stringify(raw)).not.toContain(secret);
		expect(findSecret(n8n.program.home, secret)).toEqual([]);
	}
});
