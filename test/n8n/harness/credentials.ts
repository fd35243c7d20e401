import { randomUUID } from 'node:crypto';

export const CREDENTIAL_TYPE = 'highLevelPrivateIntegrationApi';
export const OAUTH_TYPE = 'highLevelAssociationsOAuth2Api';

/** A credential with a token for a simulated HighLevel, and this data besides, before n8n stores it. */
export const privateIntegration = ({ url }: { url: string }, data: object = {}) => ({
	name: 'HighLevel account',
	type: CREDENTIAL_TYPE,
	data: { token: 'pit-demo', locationId: '', apiVersion: '2021-07-28', baseUrl: url, ...data },
});

/** A credential of an app, to sign in with at a simulated HighLevel, before n8n stores it. */
export const oauthApp = ({ url }: { url: string }, data: object = {}) => ({
	name: 'HighLevel app',
	type: OAUTH_TYPE,
	data: {
		...{ clientId: 'client', clientSecret: randomUUID(), baseUrl: url },
		authUrl: `${url}/v2/oauth/chooselocation`,
		...data,
	},
});

/** What n8n takes the hidden URL of the token from, whatever is stored (credentials-helper.js, OAUTH_PINNED_FIELDS). */
export const overwriteTokenUrl = (highLevel: string) => ({
	[OAUTH_TYPE]: { accessTokenUrl: `${highLevel}/oauth/token` },
});
