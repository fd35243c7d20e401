import { CREDENTIAL_TYPE } from './sharedN8n';

/** A credential with a token for a simulated HighLevel, before n8n stores it. */
export const privateIntegration = ({ url }: { url: string }, token = 'pit-demo', more = {}) => ({
	name: 'HighLevel account',
	type: CREDENTIAL_TYPE,
	data: { token, locationId: '', apiVersion: '2021-07-28', baseUrl: url, ...more },
});
