import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { signIn } from './harness/oauthSignIn';
import { useN8n } from './harness/useN8n';

const TYPE = 'highLevelAssociationsOAuth2Api';
const CLIENT_SECRET = ['client', 'secret', 'made', 'up'].join('-');

/** What must be found nowhere: the client's secret, and all that the simulated HighLevel gives out. */
const SECRETS = [CLIENT_SECRET, 'simulated-access', 'simulated-refresh'];

// n8n takes a hidden token URL from the credential's type, whatever is stored (credentials-helper.js, OAUTH_PINNED_FIELDS).
const n8n = useN8n((highLevel) => ({
	logLevel: 'debug',
	credentialOverwrites: { [TYPE]: { accessTokenUrl: `${highLevel}/oauth/token` } },
}));

/** Stores a credential and signs in with it; gives it as a node names it. */
async function connected() {
	const { url } = n8n.simulator;
	const name = 'HighLevel app';
	const id = await n8n.editor.createCredential({
		name,
		type: TYPE,
		data: {
			clientId: 'client',
			clientSecret: CLIENT_SECRET,
			authUrl: `${url}/oauth/chooselocation`,
			baseUrl: url,
		},
	});
	expect(await signIn(n8n.editor.url, id)).toContain('Connection successful');
	return { [TYPE]: { id, name } };
}

/** Deletes the associations that are named so, with the credential that was signed in with. */
async function run(
	mode: 'id' | 'key',
	values: string[],
	credentials: Awaited<ReturnType<typeof connected>>,
) {
	const associationId = { __rl: true as const, mode, value: '={{ $json.id }}' };
	const parameters = { authentication: 'oAuth2', associationId };
	const workflow = deleteWorkflow({ ids: values, credentials, settings: { parameters } });
	return await n8n.editor.run(await n8n.editor.createWorkflow(workflow), NODES.trigger);
}

const requestsTo = async (path: string) =>
	(await n8n.simulator.requests()).filter((request) => request.path.startsWith(path));

const deletedIn = ({ outputs }: Awaited<ReturnType<typeof run>>) =>
	(outputs(NODES.delete)[0] ?? []).filter(({ json }) => json.deleted).map(({ json }) => json.id);

test('signs in with the four scopes, as a sub-account', async () => {
	await connected();
	const [page] = await requestsTo('/oauth/chooselocation');
	const asked = new URL(page!.path, n8n.simulator.url).searchParams;
	expect(asked.get('response_type')).toBe('code');
	expect(asked.get('scope')?.split(' ')).toEqual([
		'associations.readonly',
		'associations.write',
		'associations/relation.readonly',
		'associations/relation.write',
	]);
	const [token] = await requestsTo('/oauth/token');
	expect(token).toMatchObject({
		status: 200,
		body: {
			grant_type: 'authorization_code',
			client_id: 'client',
			client_secret: expect.any(String),
			user_type: 'Location',
		},
	});
});

test('takes the location from the answer to the sign-in, and sends the version', async () => {
	const { status, outputs } = await run('key', ['student_teacher'], await connected());
	expect(status).toBe('success');
	expect(outputs(NODES.delete)[0]?.[0]?.json).toMatchObject({ deleted: true });
	const { settings } = await n8n.simulator.state();
	const [lookUp, deletion] = await requestsTo('/associations');
	expect(lookUp?.path).toBe(`/associations/key/student_teacher?locationId=${settings.location}`);
	for (const request of [lookUp, deletion]) {
		expect(request?.headers).toMatchObject({
			version: '2021-07-28',
			authorization: expect.stringMatching(/^Bearer \S/),
		});
	}
});

test('renews an expired token once for 20 items at once, and keeps the new one for the next run', async () => {
	const credentials = await connected();
	const ids = await n8n.ids();
	await n8n.simulator.expireTokens();
	const first = await run('id', ids.slice(0, 20), credentials);
	expect(first.status).toBe('success');
	expect(deletedIn(first)).toEqual(ids.slice(0, 20));
	expect((await n8n.simulator.state()).oauth).toEqual({
		authorizations: 1,
		refreshes: 1,
		refused: 0,
	});

	const second = await run('id', ids.slice(20, 25), credentials);
	expect(deletedIn(second)).toEqual(ids.slice(20, 25));
	expect((await n8n.simulator.state()).oauth.refreshes).toBe(1);
	expect((await requestsTo('/associations')).slice(-5).map(({ status }) => status)).toEqual([
		200, 200, 200, 200, 200,
	]);
});

test('keeps the location when the token was renewed', async () => {
	const credentials = await connected();
	await n8n.simulator.expireTokens();
	expect(deletedIn(await run('key', ['student_teacher'], credentials))).toHaveLength(1);
	expect(deletedIn(await run('key', ['pet_owner'], credentials))).toHaveLength(1);
});

test('says what to do when the token can be renewed no more', async () => {
	const credentials = await connected();
	await n8n.simulator.reset();
	const { status, error } = await run('id', await n8n.ids(), credentials);
	expect(status).toBe('error');
	expect(error).toMatchObject({
		message: 'The credential "HighLevel app" needs to be reconnected.',
		description: expect.stringMatching(
			/Nothing was deleted\. 60 not sent\..* Open the credential and reconnect it/,
		),
	});
});

test('no token is in an output, an error, a log or a file of n8n', async () => {
	const credentials = await connected();
	await n8n.simulator.expireTokens();
	const { raw } = await run('id', [...(await n8n.ids()).slice(0, 3), 'unknown'], credentials);
	const files = readdirSync(n8n.home.home, { recursive: true })
		.map((name) => join(n8n.home.home, String(name)))
		.filter((file) => statSync(file).isFile());
	for (const secret of SECRETS) {
		expect(JSON.stringify(raw)).not.toContain(secret);
		expect(n8n.editor.log()).not.toContain(secret);
		expect(files.filter((file) => readFileSync(file).includes(secret))).toEqual([]);
	}
});
