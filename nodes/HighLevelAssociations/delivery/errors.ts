import { NodeApiError, type INode } from 'n8n-workflow';

import { isScopeMissing, wordsOf } from './answer';

/** What was asked of HighLevel for one item: the method, and the path with its IDs filled in. */
export interface Request {
	method: string;
	path: string;
	itemIndex: number;
	/** How the node signs in, as what to do about it differs. */
	isOAuth2: boolean;
}

/** Why it failed: an answer outside 2xx, or the code of a loss on the network such as `ECONNRESET`. */
export type Failure = { status: number; body: unknown } | { code: string };

/**
 * A failure in the user's words. The message says what happened, with the status and HighLevel's own words; the
 * description says what to do next. Of the request it carries method and path only, so that no token can leak.
 */
export function apiError(node: INode, request: Request, failure: Failure): NodeApiError {
	const { message, description, httpCode } =
		'status' in failure
			? refusal(request, failure.status, wordsOf(failure.body))
			: loss(request, failure.code);
	const error = new NodeApiError(
		node,
		{ message, statusCode: httpCode },
		{ message, description, httpCode, itemIndex: request.itemIndex },
	);
	// NodeApiError replaces a message in which it finds the letters of a network code, say in an ID that holds EPERM.
	error.message = message;
	return error;
}

/** HighLevel's limit of requests a day is used up: no waiting of seconds helps. */
export function daySpentError(node: INode, request: Request): NodeApiError {
	const message =
		'Not sent: no request is left of the daily limit that HighLevel sets for this sub-account';
	const description = `Run the items that are left tomorrow. (${request.method} ${request.path})`;
	return new NodeApiError(
		node,
		{ message },
		{ message, description, httpCode: '429', itemIndex: request.itemIndex },
	);
}

function refusal(request: Request, status: number, words: string) {
	return {
		message: `HighLevel answered ${status}: ${words}`,
		description: `${nextStep(request, status, words)} (${request.method} ${request.path})`,
		httpCode: String(status),
	};
}

function nextStep(request: Request, status: number, words: string): string {
	if (isScopeMissing(status, words)) {
		const scope = scopeOf(request);
		return request.isOAuth2
			? `The sign-in is right but lacks the scope ${scope}. Add it to the marketplace app, then connect the credential again.`
			: `The token is right but lacks the scope ${scope}. Add it in the sub-account under Settings > Private Integrations; the token stays the same.`;
	}
	if (status < 300)
		return 'Something between n8n and HighLevel gave this answer. Check the base URL and the proxy.';
	switch (status) {
		case 400:
			return 'Check the IDs and values of this item. System-defined associations cannot be changed or deleted.';
		case 401:
			if (request.isOAuth2)
				return "Connect the node's credential again: HighLevel no longer accepts its sign-in.";
			return "Check the token in the node's credential. It is made in the sub-account under Settings > Private Integrations; after a rotation the old one works for 7 more days only.";
		case 403:
			return 'The token is right but may not do this. Use the token of the sub-account that owns the association.';
		case 404:
			return 'Check the ID. It may be deleted already, or belong to another sub-account.';
		case 422:
			return 'Correct the values that HighLevel names.';
		case 429:
			return 'Others use up the rate limit of this sub-account. Run the items that are left again later.';
	}
	if (status >= 300 && status < 400) {
		return 'The redirect was not followed, so that the token stays with HighLevel. Check the base URL and the proxy.';
	}
	if (status >= 500) return 'HighLevel failed, not your workflow. Run this item again later.';
	return 'Check the values of this item.';
}

/** The scope that HighLevel asks for: relations and associations have a pair each, for reading and for writing. */
function scopeOf({ method, path }: Request): string {
	const thing = path.startsWith('/associations/relations')
		? 'associations/relation'
		: 'associations';
	return `${thing}.${method === 'GET' ? 'readonly' : 'write'}`;
}

/** Codes of failures before HighLevel can have received anything. */
const UNSENT: Record<string, string> = {
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'its address was not found',
	EAI_AGAIN: 'its address could not be looked up',
	EHOSTUNREACH: 'no way leads to it',
	ENETUNREACH: 'no way leads to it',
	EPROTO: 'a secure connection could not be made',
	CERT_HAS_EXPIRED: 'its certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate could not be verified',
};

function loss(request: Request, code: string) {
	const description = `(${request.method} ${request.path})`;
	if (code === 'ERR_INVALID_CHAR') {
		return {
			message: 'The token in the credential holds a character that cannot be sent',
			description: `Nothing was sent. Copy the token from HighLevel into the credential once more. ${description}`,
			httpCode: 'none',
		};
	}
	const unsent = UNSENT[code];
	if (unsent) {
		return {
			message: `HighLevel could not be reached: ${unsent} (${code})`,
			description: `Nothing was sent. Check the network and the proxy of this n8n, then run this item again. ${description}`,
			httpCode: 'none',
		};
	}
	const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
	return {
		message: timedOut
			? `HighLevel did not answer in time (${code})`
			: `The connection to HighLevel was lost before its answer came (${code})`,
		description: `It is not known whether HighLevel carried this out. Run this item again: for a deletion, "not found" then means that it is done. ${description}`,
		httpCode: 'none',
	};
}
