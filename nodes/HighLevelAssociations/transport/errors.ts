import { NodeApiError, type INode } from 'n8n-workflow';

import { SCOPES } from '../../../credentials/fields';
import { findNotSentReason, isTimeout } from './networkErrors';
import { isWebPage, readMessage, type Outcome } from './response';

/** What was asked of HighLevel: the method and the path, and for which item. */
interface Asked {
	method: string;
	path: string;
	itemIndex?: number;
	/** How the node signs in, as what to do about it differs. */
	isOAuth2: boolean;
	/** Whether an attempt may have been carried out all the same. */
	mayHaveSucceeded?: boolean;
}

/**
 * The error of a failed request. The message says what happened, with the status and HighLevel's own words; the
 * description says what to do first. Of the request it has method and path only, so that no token can leak.
 */
export function createApiError(node: INode, asked: Asked, outcome: Outcome): NodeApiError {
	if ('code' in outcome) {
		const { message, nextStep } = describeLoss(asked, outcome.code);
		return createError(node, asked, {
			message,
			nextStep: nextStep + doubt(asked),
			httpCode: 'none',
		});
	}
	const { status, body } = outcome;
	const said = readMessage(body);
	const isDeleting = node.parameters.operation === 'delete';
	const nextStep = advise({ ...asked, status, said, body, isDeleting });
	return createError(node, asked, {
		// The box of a list in the editor begins with the status by itself.
		message: isOfList(asked) ? `HighLevel says: ${said}` : `HighLevel returned ${status}: ${said}`,
		nextStep: nextStep + doubt(asked),
		httpCode: String(status),
	});
}

/** HighLevel's limit of requests a day is used up: waiting for seconds does not help. */
export function createDailyLimitError(node: INode, asked: Asked, reset?: number): NodeApiError {
	const when = reset === undefined ? 'tomorrow' : `after ${formatTime(reset)}`;
	return createError(node, asked, {
		message: "Not sent: the sub-account's daily request limit is used up",
		nextStep: `Run the remaining items ${when}.`,
		httpCode: '429',
	});
}

/**
 * HighLevel, or Cloudflare in front of it, asked to wait for longer than a run waits, or rate-limited every request for
 * as long as that.
 *
 * @param blockedUntil when it asked to wait until, in ms since 1970
 * @param outcome its last response, if there was one
 */
export function createBlockedError(
	node: INode,
	asked: Asked,
	blockedUntil: number,
	outcome?: Outcome,
): NodeApiError {
	const isPast = blockedUntil < Date.now() + 1_000;
	return createError(node, asked, {
		message: isPast
			? 'Not sent: HighLevel rate-limited every request for 5 minutes'
			: `Not sent: HighLevel asked to wait until ${formatTime(blockedUntil)}`,
		nextStep:
			outcome && 'status' in outcome && isCloudflare(outcome.status, outcome.body)
				? CLOUDFLARE
				: `Run the remaining items ${isPast ? 'again later' : 'after that'}.`,
		httpCode: '429',
	});
}

function createError(
	node: INode,
	asked: Asked,
	{ message, nextStep, httpCode }: { message: string; nextStep: string; httpCode: string },
): NodeApiError {
	const { method, path, itemIndex } = asked;
	// The box is too small for the request.
	const description = isOfList(asked) ? nextStep : `${nextStep} (${method} ${path})`;
	const error = new NodeApiError(
		node,
		{ message, statusCode: httpCode },
		{ message, description, httpCode, itemIndex },
	);
	// NodeApiError replaces a message in which it finds the letters of a network code, say in an ID that contains EPERM.
	error.message = message;
	return error;
}

/** Whether a list in the editor asked, which is about no item. */
const isOfList = ({ itemIndex }: Asked): boolean => itemIndex === undefined;

const doubt = ({ mayHaveSucceeded }: Asked): string =>
	mayHaveSucceeded ? ' HighLevel may already have processed this request.' : '';

function describeLoss({ mayHaveSucceeded }: Asked, code: string) {
	if (code === 'ERR_INVALID_CHAR') {
		return {
			message: 'The token in the credential contains an invalid character',
			nextStep:
				'Copy the token from HighLevel into the credential again. This request was not sent.',
		};
	}
	const reason = findNotSentReason(code);
	if (reason && !mayHaveSucceeded) {
		return {
			message: `HighLevel could not be reached: ${reason} (${code})`,
			nextStep:
				"Check n8n's network and proxy, then run this item again. This request was not sent.",
		};
	}
	return {
		message: isTimeout(code)
			? `HighLevel did not respond in time (${code})`
			: `The connection to HighLevel was lost before its response came (${code})`,
		nextStep: 'Run this item again.',
	};
}

/** A response that is not a success, and what it was asked. */
interface Problem extends Asked {
	status: number;
	/** HighLevel's own words. */
	said: string;
	body: unknown;
	/** Whether the operation is a deletion, which may look its association up first. */
	isDeleting: boolean;
}

/** HighLevel's words, the status, or a condition. */
type Sign = RegExp | number | ((problem: Problem) => boolean);

type Advice = string | ((problem: Problem) => string);

/** What to do where Cloudflare has refused a request. */
export const CLOUDFLARE =
	'Cloudflare, in front of HighLevel, blocked this n8n. Wait a few minutes; if it still happens, run n8n from another IP address or ask HighLevel to allow this one.';

const CHECK_VALUES = 'Check the IDs and values of this item.';

/** What to do first, by what HighLevel says and then by its status. The first that fits holds. */
const ADVICE: Array<[sign: Sign, advice: Advice]> = [
	[({ status, body }) => isCloudflare(status, body), CLOUDFLARE],
	[
		({ said }) => isAgencyToken(said),
		({ isOAuth2 }) =>
			isOAuth2
				? "The credential is signed in as an agency. Enter the sub-account's Location ID in the credential or in the option 'Location ID', or connect it again and choose a sub-account."
				: "The token was made in the agency's settings. Create one in the sub-account under Settings > Private Integrations.",
	],
	[
		/\bversion header\b/i,
		"HighLevel no longer accepts this API version. Choose another 'API Version' in the credential.",
	],
	[(problem) => isScopeMissing(problem.status, problem.said), adviseScope],
	[
		({ path, status }) =>
			path.startsWith('/oauth/') && status < 500 && ![401, 429].includes(status),
		"The agency's sign-in gave no access to this sub-account. Check the 'Location ID', and install the marketplace app in that sub-account.",
	],
	[
		/^cannot (get|post|put|delete) \//i,
		'HighLevel has no such endpoint. Update this node, or check the proxy between n8n and HighLevel.',
	],
	[
		/duplicate relation|relation already exists/i,
		"These two records are already related under this association. To let that count as done, set the option 'If Exists' to Succeed.",
	],
	[
		/duplicate association key|association with key .* already exists/i,
		"Choose another key. To use the association that has it, if it connects the same objects, set the option 'If Exists' to Succeed.",
	],
	[
		/max relation limit/i,
		'This record has as many relations as the association allows. Delete one of them first.',
	],
	[/labels can ?not be (the )?same/i, 'Enter two different labels.'],
	[/system.?defined/i, "HighLevel doesn't allow changing or deleting its own associations."],
	[
		({ status }) => status >= 300 && status < 400,
		"The redirect was not followed, so that the token stays with HighLevel. Check n8n's proxy settings.",
	],
	[
		({ status, body }) => status < 300 && body !== '' && typeof body !== 'object',
		"A proxy or firewall responded instead of HighLevel. Check n8n's proxy settings.",
	],
	[
		({ status }) => status < 300,
		({ method, path }) =>
			findScope(method, path).endsWith('.readonly')
				? 'Run this item again later.'
				: 'HighLevel did not confirm this. Check the association in HighLevel, then run this item again.',
	],
	[400, CHECK_VALUES],
	[
		401,
		({ isOAuth2 }) =>
			isOAuth2
				? 'Connect the credential again: HighLevel no longer accepts its sign-in.'
				: 'Check the token in the credential. It is made in the sub-account under Settings > Private Integrations; after a rotation the old token works for 7 more days.',
	],
	[
		403,
		"The token is valid but has no access. Use the credential of the sub-account that owns the association, and check the 'Location ID'.",
	],
	[404, adviseNotFound],
	[422, 'Correct the values that HighLevel names.'],
	[429, 'Other integrations are using up the rate limit. Run the remaining items again later.'],
	[
		({ status }) => status >= 500 || status === 408,
		'HighLevel failed, not your workflow. Run this item again later.',
	],
	[() => true, 'Check the values of this item.'],
];

function advise(problem: Problem): string {
	const [, advice] = ADVICE.find(([sign]) => fits(sign, problem))!;
	return typeof advice === 'string' ? advice : advice(problem);
}

function fits(sign: Sign, problem: Problem): boolean {
	if (typeof sign === 'function') return sign(problem);
	return typeof sign === 'number' ? sign === problem.status : sign.test(problem.said);
}

/** A token that is valid but lacks a scope gets 401, like a wrong one; only the words differ. */
export function isScopeMissing(status: number, said: string): boolean {
	return status === 401 && /\bscope\b/i.test(said) && !isAgencyToken(said);
}

/** Whether HighLevel says that a token is an agency's: only a sub-account's works on these endpoints. */
export const isAgencyToken = (said: string): boolean =>
	/authClass type|user type mismatch/i.test(said);

/** Whether Cloudflare, in front of HighLevel, has refused a request. */
export function isCloudflare(status: number, body: unknown): boolean {
	if (/^error code: 1\d{3}/i.test(readMessage(body))) return true;
	return [403, 429].includes(status) && isWebPage(body) && /cloudflare/i.test(String(body));
}

function adviseScope({ method, path, isOAuth2 }: Problem): string {
	const scope = findScope(method, path);
	const where = SCOPES.includes(scope) ? '' : " and to the credential's 'Additional Scopes'";
	const isForRecords = /^(contacts|objects\/record|opportunities)\./.test(scope);
	const without = isForRecords ? ' Only what reads all relations of an association needs it.' : '';
	return isOAuth2
		? `The sign-in lacks the scope ${scope}. Add it to the marketplace app${where}, then connect the credential again.${without}`
		: `The token lacks the scope ${scope}. Add it in the sub-account under Settings > Private Integrations; the token stays the same. If it is there, the token was made in the agency's settings: create one in the sub-account.${without}`;
}

/** The scope that a request needs: HighLevel has one for reading and one for writing of each thing. The first that fits holds. */
const NEEDED_SCOPES: Array<[request: RegExp, scope: string]> = [
	[/^POST \/contacts\//, 'contacts.readonly'],
	[/^POST \/objects\/[^/]+\/records\//, 'objects/record.readonly'],
	[/^POST \/opportunities\//, 'opportunities.readonly'],
	[/^POST \/oauth\//, 'oauth.write'],
	[/^GET \/objects\//, 'objects/schema.readonly'],
	[/^GET \/associations\/relations/, 'associations/relation.readonly'],
	[/^\w+ \/associations\/relations/, 'associations/relation.write'],
	[/^GET /, 'associations.readonly'],
	[/^/, 'associations.write'],
];

const findScope = (method: string, path: string): string =>
	NEEDED_SCOPES.find(([request]) => request.test(`${method} ${path}`))![1];

/** By what a request names things, and what may be missing. */
const NAMED: Array<[request: RegExp, by: string, missing: string]> = [
	[/^GET \/associations\/key\//, 'key', 'the association'],
	[/^GET \/associations\/objectKey\/|^POST \/objects\//, 'object key', 'the object'],
	[/^POST \/associations\/$/, 'object keys', 'one of the objects'],
	[/^GET \/associations\/relations\//, 'record ID', 'the record'],
	[/^POST \/associations\/relations$/, 'IDs', 'the association or a record'],
	[/^DELETE \/associations\/relations\//, 'ID', 'the relation'],
	[/^\w+ \/associations\/[^/]+$/, 'ID', 'the association'],
];

function adviseNotFound({ method, path, isDeleting }: Problem): string {
	const [, key] = /^\/associations\/([a-z][a-z\d]*(?:_[a-z\d]+)+)$/.exec(path) ?? [];
	if (key) return `'${key}' looks like a key. To name the association by it, choose By Key.`;
	const [, by, missing] = NAMED.find(([request]) => request.test(`${method} ${path}`)) ?? [];
	if (!by) return CHECK_VALUES;
	const wayOn =
		isDeleting && /^the (association|relation)$/.test(missing!)
			? " To let a missing one count as done, set the option 'If Not Found' to Succeed."
			: '';
	return `Check the ${by}: ${missing} may be deleted already, or belong to another sub-account.${wayOn}`;
}

/** HighLevel gives a reset in ms from now; a number that large is a time. */
const formatTime = (time: number): string =>
	new Date(time < 1e11 ? Date.now() + time : time).toISOString();
