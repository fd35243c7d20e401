import type { IDataObject } from 'n8n-workflow';

import { findNotSentReason, isTransientError } from './networkErrors';

/** What one attempt came to: a response of any status, or the code of a network error such as `ECONNRESET`. */
export type Outcome = (HttpResponse | { code: string }) & {
	/** Whether HighLevel had refused the token, so that this came of its renewal. */
	isRefused?: boolean;
};

/** A response of HighLevel's, or of whatever answers in its place. */
interface HttpResponse {
	status: number;
	body: unknown;
	headers: Record<string, unknown>;
}

const MAX_MESSAGE_LENGTH = 300;

/** HTTP means that the request did not come in time; servers say it of their own work too, which may go on. */
const REQUEST_TIMEOUT = 408;

/** Statuses of a proxy, or of Cloudflare, in front of HighLevel that may pass. */
const TRANSIENT = [REQUEST_TIMEOUT, 502, 503, 504, 520, 521, 522, 523, 524];

/** Whether HighLevel may have carried out the request although its response was lost or tells nothing. */
export function mayHaveSucceeded(outcome: Outcome): boolean {
	if (outcome.isRefused) return false;
	if ('code' in outcome) return findNotSentReason(outcome.code) === undefined;
	const status = readStatus(outcome);
	// It says that nothing was begun, but a proxy that has lost HighLevel's connection says it too.
	if (status === 503) return /\b(disconnect|reset|terminat)/i.test(readMessage(outcome.body));
	if (status >= 300) return status >= 500 || status === REQUEST_TIMEOUT;
	return !isObject(outcome.body) || !saysFailure(outcome.body);
}

/** The status, or the one that the body of a response with 200 tells instead. */
function readStatus({ status, body }: HttpResponse): number {
	const told = isObject(body) ? Number(body.statusCode) : NaN;
	return told >= 400 ? told : status;
}

/** Whether the same request may get another response soon. (A 500 is HighLevel's own failure and comes again.) */
export function isTransient(outcome: Outcome): boolean {
	return 'code' in outcome ? isTransientError(outcome.code) : TRANSIENT.includes(outcome.status);
}

export function isRateLimited(outcome: Outcome): boolean {
	return 'status' in outcome && outcome.status === 429;
}

/**
 * Whether HighLevel has done what the request asks for. A status alone does not tell: a deletion succeeded if its body
 * says so, or if there is no body.
 */
export function isSuccess(method: string, outcome: Outcome): outcome is Outcome & HttpResponse {
	if (!('status' in outcome) || outcome.status < 200 || outcome.status >= 300) return false;
	const { status, body } = outcome;
	// 202 says that it is yet to be done, and null is a body, which says nothing.
	if (isEmpty(body)) return method !== 'GET' && status !== 202 && body !== null;
	if (!isObject(body) || saysFailure(body)) return false;
	if (method === 'DELETE') return saysDeleted(body);
	if (method === 'POST' || method === 'PUT') return status === 201 || saysDone(body);
	return true;
}

/** Whether a body says that something was created or changed: in so many words, or by the thing itself. */
const saysDone = (body: IDataObject) =>
	readFlags(body).includes(true) || [body, ...Object.values(body)].flat().some(isThing);

const isThing = (value: unknown) => isObject(value) && typeof value.id === 'string';

const isObject = (body: unknown): body is IDataObject => typeof body === 'object' && body !== null;

/** Without a body, n8n gives an empty string. */
export const isEmpty = (body: unknown): boolean =>
	body === undefined || body === null || body === '';

/** HighLevel's endpoints spell it in three ways. */
const readFlags = ({ deleted, success, succeded, succeeded }: IDataObject) => [
	deleted,
	success,
	succeded,
	succeeded,
];

const saysFailure = (body: IDataObject) =>
	readFlags(body).includes(false) || Number(body.statusCode ?? 0) >= 400;

const saysDeleted = (body: IDataObject) =>
	readFlags(body).includes(true) ||
	(/\bdeleted success|\bsuccess\w* deleted/i.test(String(body.message)) &&
		!/\bnot\b|n't\b/i.test(String(body.message)));

/**
 * Whether HighLevel says that the association or relation does not exist. Its status is not documented; 404 and 400 have
 * been seen. A missing route, location or header is "not found" too, and says nothing about the association.
 */
export function isNotFound(outcome: Outcome): boolean {
	const says = (words: RegExp) => refuses(outcome, [400, 404], words);
	return (
		says(/\b(association|relation)s?\b/i) &&
		says(/not found|not exist|n't exist|\bno (such )?(association|relation)/i) &&
		!says(/^cannot |\b(location|version|header|scope|token|route)s? (was |is )?not found/i)
	);
}

/** HighLevel refuses what exists already with 400 (an association's key, a relation of the same records). */
export function isDuplicate(outcome: Outcome): boolean {
	return refuses(outcome, [400, 409, 422], /duplicate|already exists/i);
}

/** Whether HighLevel refuses how many things of a list were asked for. */
export function isLimitTooLarge(outcome: Outcome): boolean {
	return refuses(outcome, [400, 422], /\b(page)?limit\b.*(greater|exceed|max|less)/i);
}

/** Whether HighLevel refuses with one of these statuses, in such words. */
const refuses = (outcome: Outcome, statuses: number[], words: RegExp): boolean =>
	'status' in outcome && statuses.includes(outcome.status) && words.test(readMessage(outcome.body));

/**
 * The list in a response: under a property, alone, or one thing by itself. Undefined if it contains none of them, or
 * something else than objects.
 */
export function readList(body: unknown, property: string): IDataObject[] | undefined {
	const list = findList(body, property);
	return list?.every(isObject) ? list : undefined;
}

function findList(body: unknown, property: string): unknown[] | undefined {
	if (Array.isArray(body)) return body;
	if (!isObject(body)) return undefined;
	const { [property]: list, [property.replace(/s$/, '')]: one, id } = body;
	if (Array.isArray(list)) return list;
	if (isObject(one)) return [one];
	if (id === undefined) return undefined;
	return [readObject(body)];
}

/** A response's body as an object, without HighLevel's `traceId`, which is about the request; empty if it is none. */
export function readObject(body: unknown): IDataObject {
	if (!isObject(body)) return {};
	return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'traceId'));
}

/** The association in a response, by itself or under `association`. Undefined if there is none. */
export function readAssociation(body: unknown): IDataObject | undefined {
	const [association] = readList(body, 'associations') ?? [];
	return typeof association?.id === 'string' && association.id !== '' ? association : undefined;
}

/** Whether a body holds nothing, as `{}`, `[]`, `{ association: null }` or `{ associations: [], total: 0 }`. */
export const holdsNothing = (body: unknown): boolean =>
	Object.values(readObject(body)).every(
		(value) => !value || (Array.isArray(value) && value.length === 0),
	);

/**
 * HighLevel's message in a response's body, on one line and truncated. `message` is a string (400, 401) or a list of
 * strings (422); a proxy in front of HighLevel may send text, a web page or nothing.
 */
export function readMessage(body: unknown): string {
	const message = findMessage(body).replace(/\s+/g, ' ').trim();
	return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}

function findMessage(body: unknown): string {
	if (isEmpty(body) || (typeof body === 'string' && body.trim() === '')) return 'an empty response';
	if (typeof body === 'string') return isWebPage(body) ? 'a web page instead of data' : body;
	if (!isObject(body)) return JSON.stringify(body);
	const { message, error } = body;
	if (Array.isArray(message)) return message.map(String).join('; ');
	if (typeof message === 'string' && message !== '') return message;
	return typeof error === 'string' && error !== '' ? error : JSON.stringify(body);
}

export const isWebPage = (body: unknown): boolean => typeof body === 'string' && /^\s*</.test(body);

/**
 * What a response's headers say about HighLevel's rate limit: its `X-RateLimit` headers, and `Retry-After` in seconds or
 * as a date. Times are in ms; the daily limit is full again in ms from now or since 1970.
 */
export function readRateLimit(headers: Record<string, unknown>) {
	return {
		max: readWholeNumber(headers['x-ratelimit-max']),
		interval: readWholeNumber(headers['x-ratelimit-interval-milliseconds']) || undefined,
		remaining: readWholeNumber(headers['x-ratelimit-remaining']),
		dailyRemaining: readWholeNumber(headers['x-ratelimit-daily-remaining']),
		dailyReset: readWholeNumber(headers['x-ratelimit-daily-reset']) || undefined,
		retryAfter: readRetryAfter(headers['retry-after']),
	};
}

function readWholeNumber(value: unknown): number | undefined {
	return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** Seconds (a fraction too), or an HTTP date, as ms from now. */
function readRetryAfter(value: unknown): number | undefined {
	if (typeof value !== 'string') return undefined;
	if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1_000;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
