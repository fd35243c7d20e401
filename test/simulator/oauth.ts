import type { FastifyInstance } from 'fastify';

import { scopes as allScopes, type Scope } from './contract';
import type { Token } from './settings';

interface Grant {
	scopes: Scope[];
	client: string;
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

/** What the token endpoint answers. */
export interface TokenAnswer {
	status: number;
	body: object;
}

const refusal = (status: number, error: string, description: string): TokenAnswer => ({
	status,
	body: { error, error_description: description },
});

/** What the authorization server needs to know of the rest. */
export interface OAuthSurroundings {
	location: () => string;
	lifetime: () => number;
	now: () => number;
}

/** HighLevel's authorization server, for one location. */
export class OAuth {
	private readonly codes = new Map<string, Grant>();
	private readonly refreshTokens = new Map<string, Grant>();
	private readonly accessTokens = new Map<string, AccessToken>();
	private made = 0;
	readonly summary: OAuthSummary = { authorizations: 0, refreshes: 0, refused: 0 };

	constructor(private readonly surroundings: OAuthSurroundings) {}

	/** Makes a code, as if a user had chosen the location and agreed to the scopes. */
	authorize(client: string, scope: string): string {
		const wanted = scope.split(/[\s,]+/).filter(Boolean);
		const scopes =
			wanted.length > 0 ? allScopes.filter((known) => wanted.includes(known)) : [...allScopes];
		const code = this.secret('code');
		this.codes.set(code, { scopes, client });
		return code;
	}

	/** Turns a code or a refresh token, which can be used once, into an access token and a refresh token. */
	exchange(request: TokenRequest): TokenAnswer {
		const answer = this.answerTo(request);
		if (answer.status !== 200) this.summary.refused++;
		else if (request.grant_type === 'refresh_token') this.summary.refreshes++;
		else this.summary.authorizations++;
		return answer;
	}

	/** The token of this name, `expired` if it no longer is one, or nothing if it never was. */
	find(name: string): Token | 'expired' | undefined {
		const token = this.accessTokens.get(name);
		if (!token) return undefined;
		return token.expires > this.surroundings.now() ? { name, scopes: token.scopes } : 'expired';
	}

	/** What the rate limit counts by: an app in a location, however often its token is renewed. */
	limitKey(name: string): string | undefined {
		const token = this.accessTokens.get(name);
		return token && `oauth ${token.client}`;
	}

	/** Ends all access tokens; refresh tokens stay good. */
	expireAll(): void {
		for (const token of this.accessTokens.values()) token.expires = 0;
	}

	private answerTo(request: TokenRequest): TokenAnswer {
		const { grant_type: type, client_id: client, client_secret: secret, user_type: user } = request;
		if (!client || !secret)
			return refusal(401, 'invalid_client', 'The client ID and secret are missing.');
		if (user !== undefined && user !== 'Location') {
			return refusal(400, 'invalid_request', 'Only user_type Location is simulated.');
		}
		if (type !== 'authorization_code' && type !== 'refresh_token') {
			return refusal(
				400,
				'unsupported_grant_type',
				'The grant type must be authorization_code or refresh_token.',
			);
		}
		const [grants, name = ''] =
			type === 'refresh_token'
				? [this.refreshTokens, request.refresh_token]
				: [this.codes, request.code];
		const grant = grants.get(name);
		if (grant?.client !== client) {
			return refusal(
				400,
				'invalid_grant',
				'The code or refresh token is unknown or was used before.',
			);
		}
		grants.delete(name);
		return { status: 200, body: this.issue(grant) };
	}

	private issue(grant: Grant): object {
		const lifetime = this.surroundings.lifetime();
		const accessToken = this.secret('access');
		const refreshToken = this.secret('refresh');
		this.accessTokens.set(accessToken, {
			...grant,
			expires: this.surroundings.now() + lifetime * 1000,
		});
		this.refreshTokens.set(refreshToken, grant);
		return {
			access_token: accessToken,
			refresh_token: refreshToken,
			token_type: 'Bearer',
			expires_in: lifetime,
			scope: grant.scopes.join(' '),
			userType: 'Location',
			locationId: this.surroundings.location(),
			companyId: 'tDtDnQdgm2LXpyiqYvZ6',
		};
	}

	private secret(kind: string): string {
		this.made++;
		return `${this.made}-simulated-${kind}-${(this.made * 2654435761).toString(36)}`;
	}
}

/** Adds the two pages an OAuth client visits. */
export function addOAuthRoutes(app: FastifyInstance, oauth: () => OAuth): void {
	app.get('/oauth/chooselocation', async (request, reply) => {
		const query = request.query as Record<string, string | undefined>;
		if (!query.redirect_uri || !query.client_id || !URL.canParse(query.redirect_uri)) {
			const message = 'client_id and a valid redirect_uri are needed.';
			return await reply.code(400).send({ statusCode: 400, message, error: 'Bad Request' });
		}
		const target = new URL(query.redirect_uri);
		target.searchParams.set('code', oauth().authorize(query.client_id, query.scope ?? ''));
		if (query.state !== undefined) target.searchParams.set('state', query.state);
		return await reply.redirect(target.href);
	});

	app.post('/oauth/token', async (request, reply) => {
		const answer = oauth().exchange((request.body ?? {}) as TokenRequest);
		return await reply.code(answer.status).send(answer.body);
	});
}
