import { randomUUID } from 'node:crypto';

const SCOPES = 'associations.readonly associations.write associations/relation.readonly';

/** Signs in at the simulated HighLevel as n8n does, and gives the credential that n8n stores. */
export async function signIn(url: string, scope = SCOPES) {
	// Another app for each, so that no test inherits the rate limit of another.
	const client = { clientId: randomUUID(), clientSecret: 'secret' };
	const query = new URLSearchParams({
		response_type: 'code',
		client_id: client.clientId,
		redirect_uri: 'http://127.0.0.1/callback',
		scope,
	});
	const page = await fetch(`${url}/v2/oauth/chooselocation?${query}`, { redirect: 'manual' });
	const code = new URL(page.headers.get('location')!).searchParams.get('code')!;
	const response = await fetch(`${url}/oauth/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'authorization_code',
			client_id: client.clientId,
			client_secret: client.clientSecret,
			code,
			redirect_uri: 'http://127.0.0.1/callback',
			user_type: 'Location',
		}),
	});
	return {
		...client,
		grantType: 'authorizationCode',
		authentication: 'body',
		baseUrl: url,
		accessTokenUrl: `${url}/oauth/token`,
		oauthTokenData: (await response.json()) as Record<string, string>,
	};
}

/** The same, as an agency. The simulator must give its sign-ins the user type `Company`. */
export const signInAsAgency = async (url: string) => await signIn(url, `${SCOPES} oauth.write`);
