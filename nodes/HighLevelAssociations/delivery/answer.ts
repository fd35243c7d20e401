import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Outcome } from './send';

const LONGEST = 300;

/**
 * What HighLevel gave for a request; undefined if the outcome is not one of success. A deletion is one, too, that finds
 * nothing to delete after a try whose answer was lost (`perhapsDone`): that try must have been carried out.
 */
export function bodyOf(
	outcome: Outcome,
	{ method, url }: IHttpRequestOptions,
	perhapsDone: boolean,
): unknown {
	const isDelete = method === 'DELETE';
	const id = decodeURIComponent(url.split('/').at(-1)!);
	if (isDelete && perhapsDone && isNotFound(outcome)) {
		return { deleted: true, id, message: 'Deleted by an earlier try whose answer was lost' };
	}
	if (!('status' in outcome) || outcome.status < 200 || outcome.status >= 300) return undefined;
	if (outcome.body !== null && typeof outcome.body === 'object') return outcome.body;
	return isDelete && !outcome.body ? { deleted: true, id } : undefined;
}

/** The things that a list answer holds: in a property, as a bare list, or one alone; undefined if it is none of them. */
export function listIn(body: unknown, property: string): IDataObject[] | undefined {
	if (Array.isArray(body)) return body as IDataObject[];
	const { [property]: list, id } = body as IDataObject;
	if (Array.isArray(list)) return list as IDataObject[];
	return id === undefined ? undefined : [body as IDataObject];
}

/** Which status HighLevel gives an unknown ID is not documented; 404 and 400 have both been seen. */
export function isNotFound(outcome: Outcome): boolean {
	if (!('status' in outcome)) return false;
	return (
		outcome.status === 404 || (outcome.status === 400 && /not found/i.test(wordsOf(outcome.body)))
	);
}

/** A token that is right but lacks a scope is answered 401, like a wrong one; only the words differ. */
export function isScopeMissing(status: number, words: string): boolean {
	return status === 401 && /scope/i.test(words);
}

/**
 * HighLevel's own words out of an answer's body, on one line and of bearable length. Errors carry `message`, which
 * is a string (400, 401) or a list of strings (422); what stands between HighLevel and us may send a web page or
 * nothing.
 */
export function wordsOf(body: unknown): string {
	const words = messageIn(body).replace(/\s+/g, ' ').trim();
	return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}

function messageIn(body: unknown): string {
	if (typeof body === 'string') {
		if (body.trim() === '') return 'an empty answer';
		return /^\s*</.test(body) ? 'a web page instead of data' : body;
	}
	if (body === null || typeof body !== 'object') return 'an empty answer';
	const { message, error } = body as { message?: unknown; error?: unknown };
	if (Array.isArray(message)) return message.map(String).join('; ');
	return typeof (message ?? error) === 'string' ? String(message ?? error) : JSON.stringify(body);
}
