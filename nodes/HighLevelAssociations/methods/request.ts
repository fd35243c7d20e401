import { NodeApiError, sleep, type IDataObject, type ILoadOptionsFunctions } from 'n8n-workflow';

import { readLocationId } from '../../../credentials/fields';
import type { HighLevelRequest } from '../transport/client';
import { Credential } from '../transport/credential';
import { createApiError } from '../transport/errors';
import { signInToLocation } from '../transport/locationToken';
import { findLimiter } from '../transport/queue';
import { readList, type Outcome } from '../transport/response';
import { requestWithRetry, type FailedResult } from '../transport/retry';

/** What a list in the editor reads: a response's body, or what came instead and the error that its user sees. */
type Reading = { body: unknown } | { outcome: Outcome; error: NodeApiError };

/** Reads from HighLevel: the path, and the query besides the Location ID. */
type Read = (url: string, qs?: IDataObject) => Promise<Reading>;

/** n8n hands only a NodeApiError's description to the editor (n8n, response-helper.js). */
export const createError = (context: ILoadOptionsFunctions, message: string, description: string) =>
	new NodeApiError(context.getNode(), { message }, { message, description });

/**
 * How a list in the editor reads: in the sub-account of the option or else of the credential.
 *
 * @throws NodeApiError if there is no sub-account, or no access to it
 */
export async function createRead(context: ILoadOptionsFunctions): Promise<Read> {
	const stored = await Credential.read(context);
	const options = context.getCurrentNodeParameter('options') as IDataObject | undefined;
	const locationId = readLocationId(options?.locationId) || stored.locationId;
	if (!locationId) {
		throw createError(
			context,
			"'Location ID' is missing",
			"Enter the 'Location ID' in the credential (pencil above), or add the option 'Location ID'.",
		);
	}
	const credential = stored.isAgency ? await signIn(context, stored, locationId) : stored;
	const queue = findLimiter(credential.limitKey).queue();
	const sender = { context, credential, queue, pause: sleep, reachDailyLimit: () => queue.close() };
	return async (url, qs = {}) => {
		const request: HighLevelRequest = { method: 'GET', url, qs: { locationId, ...qs } };
		const result = await requestWithRetry(sender, request);
		if (result.is === 'success') return { body: result.body };
		return explain(context, credential, request, result);
	};
}

/**
 * The things that a response lists.
 *
 * @throws NodeApiError if it contains no list
 */
export function readThings(
	context: ILoadOptionsFunctions,
	body: unknown,
	property: string,
): IDataObject[] {
	const things = readList(body, property);
	if (things) return things;
	throw createError(
		context,
		`HighLevel returned no list of ${property}`,
		'Try again later, or enter the value yourself.',
	);
}

async function signIn(context: ILoadOptionsFunctions, agency: Credential, locationId: string) {
	const result = await signInToLocation(context, agency, locationId);
	if ('credential' in result) return result.credential;
	throw explain(context, agency, result.request, result.failure).error;
}

function explain(
	context: ILoadOptionsFunctions,
	credential: Credential,
	{ method, url }: HighLevelRequest,
	failure: FailedResult,
) {
	if (failure.is === 'notSent') {
		throw createError(
			context,
			"HighLevel's rate limit is used up",
			'Wait until HighLevel allows requests again, or enter the value yourself.',
		);
	}
	const { isOAuth2 } = credential;
	const { outcome } = failure;
	return {
		outcome,
		error: createApiError(context.getNode(), { method, path: url, isOAuth2 }, outcome),
	};
}
