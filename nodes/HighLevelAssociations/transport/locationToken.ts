import { sleep } from 'n8n-workflow';

import type { HighLevelRequest } from './client';
import type { Context, Credential } from './credential';
import { findLimiter } from './queue';
import { readObject } from './response';
import { requestWithRetry, type FailedResult } from './retry';

/** The token of a sub-account. */
interface LocationToken {
	token: string;
	/** When it is to be used no more, in ms since 1970. */
	expires: number;
}

/** The credential of a sub-account, or the request for it and why it failed. */
export type SignIn =
	| { credential: Credential }
	| { request: HighLevelRequest; failure: FailedResult };

/** Milliseconds before its end in which a token is not used any more. */
const MARGIN = 60_000;

/** Seconds that a token is used for if HighLevel does not say how long it lives. */
const LIFETIME = 3_600;

/** The tokens of sub-accounts, shared by all runs of this process that use the same credential. */
const tokens = new Map<string, LocationToken>();
const exchanges = new Map<string, Promise<LocationToken | FailedResult>>();

/**
 * Exchanges an agency's token for that of one of its sub-accounts, once until that expires or is refused. The request is
 * no run's own, so that a run that is stopped keeps no other from its token.
 *
 * https://marketplace.gohighlevel.com/docs/ghl/oauth/get-location-access-token
 *
 * @param refused a token of this sub-account that HighLevel did not accept
 */
export async function signInToLocation(
	context: Context,
	agency: Credential,
	locationId: string,
	refused?: string,
): Promise<SignIn> {
	const key = `${agency.signInKey} ${locationId}`;
	const known = tokens.get(key);
	if (known && known.expires > Date.now() && known.token !== refused) {
		return { credential: agency.forLocation(locationId, known.token) };
	}
	const { companyId, isVersion3 } = agency;
	const request: HighLevelRequest = {
		method: 'POST',
		url: isVersion3 ? '/oauth/location-token' : '/oauth/locationToken',
		body: new URLSearchParams({ companyId, locationId }).toString(),
		headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
		isRead: true,
	};
	const exchange =
		exchanges.get(key) ??
		requestToken(context, agency, request).finally(() => exchanges.delete(key));
	exchanges.set(key, exchange);
	const result = await exchange;
	if ('is' in result) return { request, failure: result };
	tokens.set(key, result);
	return { credential: agency.forLocation(locationId, result.token) };
}

async function requestToken(
	context: Context,
	credential: Credential,
	request: HighLevelRequest,
): Promise<LocationToken | FailedResult> {
	for (const [key, { expires }] of tokens) if (expires <= Date.now()) tokens.delete(key);
	const queue = findLimiter(credential.limitKey).queue();
	const sender = { context, credential, queue, pause: sleep, reachDailyLimit: () => {} };
	const result = await requestWithRetry(sender, request);
	if (result.is !== 'success') return result;
	const { access_token: token, expires_in: lifetime } = readObject(result.body);
	if (typeof token === 'string' && token !== '') {
		return { token, expires: Date.now() + (Number(lifetime) || LIFETIME) * 1_000 - MARGIN };
	}
	// Without the response's own words, as it may contain a token all the same.
	const outcome = { status: 200, body: { message: 'no access token' }, headers: {} };
	return { ...result, is: 'failure', outcome, mayHaveSucceeded: false };
}
