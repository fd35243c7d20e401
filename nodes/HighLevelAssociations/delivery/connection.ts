import type {
	IAdditionalCredentialOptions,
	ICredentialDataDecryptedObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INodeCredentialsDetails,
} from 'n8n-workflow';

import { bareToken } from '../../../credentials/HighLevelPrivateIntegrationApi.credentials';
import { limiterOf } from './limiters';
import type { Lane } from './limiter';

/** Where requests come from: an item of a run, or a picker in the editor. */
export type Context = IExecuteSingleFunctions | ILoadOptionsFunctions;

/** Milliseconds after which a request without an answer is given up, unless the user sets the node's own timeout. */
const TIMEOUT = 60_000;

/** What the engine sets where the user sets no timeout (n8n-core, RoutingNode). */
const ENGINE_TIMEOUT = 300_000;

/** The credential that a node uses, and the queue for its rate limit. */
export class Connection {
	readonly credentialType: string;
	readonly isOAuth2: boolean;
	readonly lane: Lane;
	private readonly stored: Partial<INodeCredentialsDetails>;
	private data?: Promise<ICredentialDataDecryptedObject>;

	/** @param cap requests per 10 seconds that the user allows at most */
	constructor(
		private readonly context: Context,
		cap?: number,
	) {
		const authentication = context.getNodeParameter('authentication', 'privateIntegration');
		this.isOAuth2 = authentication === 'oAuth2';
		this.credentialType = this.isOAuth2
			? 'highLevelAssociationsOAuth2Api'
			: 'highLevelPrivateIntegrationApi';
		this.stored = context.getNode().credentials?.[this.credentialType] ?? {};
		const { id, name } = this.stored;
		this.lane = limiterOf(`${this.credentialType} ${id ?? name}`).lane(cap);
	}

	/** The credential's data, fetched once. */
	async credential(): Promise<ICredentialDataDecryptedObject> {
		return await (this.data ??= this.context.getCredentials(this.credentialType));
	}

	/**
	 * The credential for the engine to authenticate with, so that it does not read and decrypt it anew for each request,
	 * which takes longer than sending one. (With OAuth2 it does all the same.)
	 */
	async authentication(): Promise<IAdditionalCredentialOptions> {
		const { id, name = '' } = this.stored;
		const data = await this.credential();
		return { credentialsDecrypted: { id: id ?? '', name, type: this.credentialType, data } };
	}

	/** The sub-account that the credential belongs to, if it says; an OAuth token's answer does. */
	async locationId(): Promise<string> {
		const { locationId, oauthTokenData } = await this.credential();
		const fromToken = (oauthTokenData as { locationId?: string } | undefined)?.locationId;
		return String(locationId || fromToken || '').trim();
	}

	/**
	 * What every request carries, whatever it asks for.
	 *
	 * - No status is an exception: on a 401 that is one, the engine authenticates and sends once more. With OAuth2 that
	 *   is wanted, as it renews the token before.
	 * - No redirect is followed: the engine would take the token along.
	 *
	 * (n8n-core, httpRequestWithAuthentication)
	 */
	async complete(request: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		const { baseUrl, apiVersion } = await this.credential();
		return {
			...request,
			baseURL: String(baseUrl).replace(/\/+$/, ''),
			timeout: request.timeout === ENGINE_TIMEOUT ? TIMEOUT : request.timeout,
			headers: { ...request.headers, ...(this.isOAuth2 && { Version: String(apiVersion) }) },
			arrayFormat: 'repeat',
			json: true,
			returnFullResponse: true,
			disableFollowRedirect: true,
			ignoreHttpStatusErrors: this.isOAuth2 ? { ignore: true, except: [401] } : true,
		};
	}

	/** A copy of a value in which the credential's token is nowhere spelled out. */
	async withoutSecrets<Value>(value: Value): Promise<Value> {
		const credential = await this.credential();
		const { access_token, refresh_token } = (credential.oauthTokenData ?? {}) as Record<
			string,
			string
		>;
		let text = JSON.stringify(value);
		for (const secret of [bareToken(credential), access_token, refresh_token]) {
			if (secret) text = text.replaceAll(JSON.stringify(secret).slice(1, -1), '***');
		}
		return JSON.parse(text) as Value;
	}
}
