import type { FastifyInstance } from 'fastify';

import { agencyScopes, scopes as subAccountScopes, type Scope } from './contract';
import type { Settings, Token } from './settings';

const allScopes: Scope[] = [...subAccountScopes, ...agencyScopes];

/** The agency that the simulator's locations belong to. */
export const companyId = 'tDtDnQdgm2LXpyiqYvZ6';
const userId = 'l1C08ntBrFjLS0elLIYU';

interface Grant {
	scopes: Scope[];
	client: string;
	/** Without one, it is the agency's. */
	location?: string;
}

interface AccessToken extends Grant {
	expires: number;
}

/** What `GET /__simulator/state` says about OAuth. */
export interface OAuthSummary {
	/** How many times a code was turned into tokens. */
	authorizations: number;
	refreshes: number;
	/** Requests to the token endpoint that were refused. */
	refused: number;
}

interface TokenRequest {
	grant_type?: string;
	client_id?: string;
	client_secret?: string;
	user_type?: string;
	code?: string;
	refresh_token?: string;
}

const refuse = (error: string, description: string, status = 400) => ({
	status,
	body: { error, error_description: description },
});

/** HighLevel's authorization server. */
export class OAuth {
	private readonly codes = new Map<string, Grant>();
	private readonly refreshTokens = new Map<string, Grant>();
	private readonly accessTokens = new Map<string, AccessToken>();
	private made = 0;
	readonly summary: OAuthSummary = { authorizations: 0, refreshes: 0, refused: 0 };

	constructor(
		private readonly settings: () => Settings,
		private readonly now: () => number,
	) {}

	/** Finds what is wrong with the address at which somebody signs in. */
	findSignInError(query: Record<string, string | undefined>): string | undefined {
		const { client_id: client, redirect_uri: redirect, version_id: version } = query;
		if (!client || !redirect || !URL.canParse(redirect))
			return 'client_id and a valid redirect_uri are needed.';
		// A client ID is the ID of the app's version, a dash and some more.
		return this.settings().privateApp && version !== client.split('-')[0]
			? 'error.noAppVersionIdFound'
			: undefined;
	}

	/** Makes a code, as if a user had chosen the location, or the agency, and agreed to the scopes. */
	authorize(client: string, scope: string): string {
		const wanted = scope.split(/[\s,]+/).filter(Boolean);
		const scopes =
			wanted.length > 0 ? allScopes.filter((known) => wanted.includes(known)) : allScopes;
		const code = this.secret('code');
		const { userType, location } = this.settings();
		this.codes.set(code, { scopes, client, ...(userType === 'Location' && { location }) });
		return code;
	}

	/** Turns a code or a refresh token, which can be used once, into an access token and a refresh token. */
	exchange(request: TokenRequest) {
		const response = this.respond(request);
		if (response.status !== 200) this.summary.refused++;
		else if (request.grant_type === 'refresh_token') this.summary.refreshes++;
		else this.summary.authorizations++;
		return response;
	}

	/** The token of this name, `expired` if it no longer is one, or nothing if it never was. */
	find(name: string): Token | 'expired' | undefined {
		const token = this.accessTokens.get(name);
		if (!token) return undefined;
		if (token.expires <= this.now()) return 'expired';
		const { scopes, location } = token;
		return { name, scopes, ...(location ? { location } : { agency: 'authClass' }) };
	}

	/** What the rate limit counts by: an app in a location, however often its token is renewed. */
	limitKey(name: string): string | undefined {
		const token = this.accessTokens.get(name);
		return token && `oauth ${token.client} ${token.location}`;
	}

	/** Makes an access token for a location out of an agency's, without a refresh token. */
	issueLocationToken(agency: Token, location: string): object {
		const client = this.accessTokens.get(agency.name)?.client ?? agency.name;
		const scopes = agency.scopes.filter((scope) => !/^oauth/.test(scope));
		return { ...this.issueAccessToken({ scopes, client, location }), locationId: location };
	}

	/** Ends all access tokens; refresh tokens stay good. */
	expireAll(): void {
		for (const token of this.accessTokens.values()) token.expires = 0;
	}

	private respond(request: TokenRequest) {
		const { grant_type: type, client_id: client, client_secret: secret } = request;
		if (!client || !secret)
			return refuse('invalid_client', 'The client ID and secret are missing.', 401);
		if (!['Location', 'Company'].includes(request.user_type ?? 'Location'))
			return refuse('invalid_request', 'user_type must be Location or Company.');
		if (type !== 'authorization_code' && type !== 'refresh_token')
			return refuse('unsupported_grant_type', 'Give an authorization_code or a refresh_token.');
		const [grants, name = ''] =
			type === 'refresh_token'
				? [this.refreshTokens, request.refresh_token]
				: [this.codes, request.code];
		const grant = grants.get(name);
		if (grant?.client !== client)
			return refuse('invalid_grant', 'The code or refresh token is unknown or was used before.');
		grants.delete(name);
		return { status: 200, body: this.issue(grant) };
	}

	/** A refresh token is good once: the next one comes with the new access token. */
	private issue(grant: Grant): object {
		const refreshToken = this.secret('refresh');
		this.refreshTokens.set(refreshToken, grant);
		return {
			...this.issueAccessToken(grant),
			refresh_token: refreshToken,
			companyId,
			...(grant.location
				? { userType: 'Location', locationId: grant.location }
				: { userType: 'Company', isBulkInstallation: true }),
		};
	}

	private issueAccessToken(grant: Grant) {
		const lifetime = this.settings().tokenLifetime;
		const accessToken = this.secret('access');
		this.accessTokens.set(accessToken, { ...grant, expires: this.now() + lifetime * 1000 });
		return {
			access_token: accessToken,
			token_type: 'Bearer',
			expires_in: lifetime,
			scope: grant.scopes.join(' '),
			userId,
		};
	}

	private secret(kind: string): string {
		this.made++;
		return `${this.made}-simulated-${kind}-${(this.made * 2654435761).toString(36)}`;
	}
}

/** Adds the pages an OAuth client visits: the one to sign in at, under its old and new address, and the tokens'. */
export function addOAuthRoutes(app: FastifyInstance, oauth: () => OAuth): void {
	for (const path of ['/oauth/chooselocation', '/v2/oauth/chooselocation']) {
		app.get(path, async (request, reply) => {
			const query = request.query as Record<string, string | undefined>;
			const message = oauth().findSignInError(query);
			if (message !== undefined)
				return await reply.code(400).send({ statusCode: 400, message, error: 'Bad Request' });
			const target = new URL(query.redirect_uri!);
			target.searchParams.set('code', oauth().authorize(query.client_id!, query.scope ?? ''));
			if (query.state !== undefined) target.searchParams.set('state', query.state);
			return await reply.redirect(target.href);
		});
	}

	app.post('/oauth/token', async (request, reply) => {
		const response = oauth().exchange((request.body ?? {}) as TokenRequest);
		return await reply.code(response.status).send(response.body);
	});
}
