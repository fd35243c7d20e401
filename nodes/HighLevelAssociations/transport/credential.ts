import type {
	IAdditionalCredentialOptions,
	ICredentialDataDecryptedObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INodeCredentialsDetails,
} from 'n8n-workflow';
import { createHash } from 'crypto';

import { readLocationId, readToken } from '../../../credentials/fields';
import { isEmpty } from './response';

/** Where requests come from: an item of an execution, or a list in the editor. */
export type Context = IExecuteSingleFunctions | ILoadOptionsFunctions;

const PRIVATE_INTEGRATION = 'highLevelPrivateIntegrationApi';
const MARKETPLACE_APP = 'highLevelAssociationsOAuth2Api';

/** What HighLevel says about an OAuth2 sign-in, with its tokens. An agency's is of the type `Company`. */
type TokenData = Partial<
	Record<
		'access_token' | 'refresh_token' | 'userType' | 'userId' | 'locationId' | 'companyId',
		string
	>
>;

/** A credential as one item has it: its fields may be expressions. */
export class Credential {
	/** What a run shares requests by: the limit's key, of the token that it began with where that was changed since. */
	requestKey: string;

	/** @param agency whose token this one was exchanged for, if it is the token of one of its sub-accounts */
	private constructor(
		/** The type of credential by which the engine signs requests. */
		readonly type: string,
		private readonly stored: Partial<INodeCredentialsDetails>,
		private readonly data: ICredentialDataDecryptedObject,
		readonly agency?: Credential,
	) {
		this.requestKey = this.limitKey;
	}

	static async read(context: Context): Promise<Credential> {
		const type = readType(context);
		const stored = context.getNode().credentials?.[type] ?? {};
		return new Credential(type, stored, await context.getCredentials(type));
	}

	/**
	 * The credential of one of this agency's sub-accounts. Its token can't be renewed, so the engine signs with it as it
	 * does with a Private Integration's.
	 */
	forLocation(locationId: string, token: string): Credential {
		const data = { ...this.data, locationId, token };
		return new Credential(PRIVATE_INTEGRATION, this.stored, data, this);
	}

	/** Whether its user signs in by OAuth2, so that what to do about it differs. */
	get isOAuth2(): boolean {
		return this.type === MARKETPLACE_APP || this.agency !== undefined;
	}

	/** Whether the engine signs with a token that it can renew. */
	get isRenewedByEngine(): boolean {
		return this.type === MARKETPLACE_APP;
	}

	/** Whether it is an agency's, whose token works on none of its sub-accounts. */
	get isAgency(): boolean {
		return this.type === MARKETPLACE_APP && this.tokenData.userType === 'Company';
	}

	/** The agency that it belongs to, if it says. */
	get companyId(): string {
		return this.tokenData.companyId ?? '';
	}

	/** Whether it is for version 3 of HighLevel's API. */
	get isVersion3(): boolean {
		return this.data.apiVersion === 'v3';
	}

	/** The access token, as it goes out. */
	get token(): string {
		return this.type === MARKETPLACE_APP
			? String(this.tokenData.access_token ?? '')
			: readToken(this.data);
	}

	/**
	 * What the rate limit is kept by: the token, whatever credential holds it. OAuth2's is renewed every day and limited
	 * by app and sub-account, or agency.
	 */
	get limitKey(): string {
		const key = this.isOAuth2 ? ['oAuth2', this.data.clientId, this.owner] : [this.token];
		return createHash('sha256').update(JSON.stringify(key)).digest('base64');
	}

	/** Whose tokens it gives: the same for all who may use the stored credential, and for nobody else. */
	get signInKey(): string {
		const { clientId, baseUrl } = this.data;
		const { companyId, userId } = this.tokenData;
		return JSON.stringify([this.stored.id, clientId, baseUrl, companyId, userId]);
	}

	/** Why its token can't be sent, as the rest of a sentence. Undefined if it can. */
	get tokenProblem(): string | undefined {
		if (this.isOAuth2) return undefined;
		if (this.token === '') return 'is empty';
		return /^[\x21-\x7e]+$/.test(this.token) ? undefined : 'contains an invalid character';
	}

	/**
	 * The sub-account that it belongs to, if it says. The response to an OAuth2 sign-in does, but not an agency's: there
	 * n8n keeps what an earlier sign-in said (n8n, oauth2-credential.controller).
	 */
	get locationId(): string {
		const signedIn = this.isAgency ? '' : this.tokenData.locationId;
		return readLocationId(this.data.locationId) || String(signedIn ?? '');
	}

	/**
	 * What the engine authenticates with, so that it does not read and decrypt the credential for each request, which
	 * takes longer than sending one. (With OAuth2 it does all the same.)
	 */
	get authentication(): IAdditionalCredentialOptions {
		const { id, name = '' } = this.stored;
		return { credentialsDecrypted: { id: id ?? '', name, type: this.type, data: this.data } };
	}

	/** The part of a request that depends on the credential. */
	get request(): Partial<IHttpRequestOptions> {
		const { baseUrl, apiVersion } = this.data;
		return {
			baseURL: String(baseUrl).replace(/\/+$/, ''),
			...(this.type === MARKETPLACE_APP && { headers: { Version: String(apiVersion) } }),
		};
	}

	/**
	 * A response's body, or a copy of it in which no token is spelled out.
	 *
	 * @param renewed the token that the engine signed with, if it looks it up itself; else empty
	 */
	redact(body: unknown, renewed: string): unknown {
		if (isEmpty(body)) return body;
		const { access_token, refresh_token } = this.tokenData;
		const text = JSON.stringify(body);
		let redacted = text;
		for (const secret of [readToken(this.data), access_token, refresh_token, renewed]) {
			if (secret) redacted = redacted.replaceAll(JSON.stringify(secret).slice(1, -1), '***');
		}
		return redacted === text ? body : (JSON.parse(redacted) as unknown);
	}

	/** Whose requests HighLevel counts together. */
	private get owner(): unknown {
		if (this.agency) return this.data.locationId;
		if (this.isAgency) return this.companyId;
		return this.tokenData.locationId ?? this.stored.id;
	}

	private get tokenData(): TokenData {
		return (this.data.oauthTokenData ?? {}) as TokenData;
	}
}

function readType(context: Context): string {
	const authentication = context.getNodeParameter('authentication', 'privateIntegration');
	return authentication === 'oAuth2' ? MARKETPLACE_APP : PRIVATE_INTEGRATION;
}

/**
 * The credential of each item of a run. It is read once where none of its fields is an expression, but again where that
 * failed: n8n may have to ask a vault for it.
 */
export class Credentials {
	private isStatic?: Promise<boolean>;
	private readonly read = new Map<number, Promise<Credential>>();
	private readonly requestKeys = new Map<number, string>();

	async of(context: IExecuteSingleFunctions): Promise<Credential> {
		const index = await this.indexFor(context);
		const known = this.read.get(index);
		if (known) return await known;
		const reading = this.readFor(index, context).catch((error) => {
			this.read.delete(index);
			throw error;
		});
		this.read.set(index, reading);
		return await reading;
	}

	/** The credential once more, after its token was refused: somebody may have changed it meanwhile. */
	async renew(context: IExecuteSingleFunctions, refused: Credential): Promise<Credential> {
		const current = await this.of(context);
		if (current.token !== refused.token) return current;
		this.read.delete(await this.indexFor(context));
		return await this.of(context);
	}

	private async readFor(index: number, context: IExecuteSingleFunctions): Promise<Credential> {
		const credential = await Credential.read(context);
		credential.requestKey = this.requestKeys.get(index) ?? credential.requestKey;
		this.requestKeys.set(index, credential.requestKey);
		return credential;
	}

	private async indexFor(context: IExecuteSingleFunctions): Promise<number> {
		this.isStatic ??= hasNoExpressions(context);
		return (await this.isStatic) ? 0 : context.getItemIndex();
	}
}

/** The engine's own part of the context that gives a credential as it is stored (n8n-core, NodeExecutionContext). */
interface EngineContext {
	additionalData?: {
		credentialsHelper?: {
			getDecrypted(...parameters: unknown[]): Promise<ICredentialDataDecryptedObject>;
		};
	};
}

/** Whether a credential is the same for all items. No to be safe, where this n8n does not let it be known. */
async function hasNoExpressions(context: IExecuteSingleFunctions): Promise<boolean> {
	const { additionalData } = context as EngineContext;
	const type = readType(context);
	const stored = context.getNode().credentials?.[type];
	const isRaw = true;
	try {
		const data = await additionalData!.credentialsHelper!.getDecrypted(
			additionalData,
			stored,
			type,
			context.getMode(),
			context.getExecuteData(),
			isRaw,
		);
		return !JSON.stringify(data).includes('"=');
	} catch {
		return false;
	}
}
