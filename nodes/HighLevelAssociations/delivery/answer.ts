import type { IDataObject } from 'n8n-workflow';

import type { Ids } from './path';
import type { Outcome } from './send';

const LONGEST = 300;

/**
 * HighLevel's own words out of an answer's body, on one line and of bearable length. Errors carry `message`, which
 * is a string (400, 401) or a list of strings (422); what stands between HighLevel and us may send a web page or
 * nothing.
 */
export function wordsOf(body: unknown): string {
	const words = messageIn(body).replace(/\s+/g, ' ').trim();
	return words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
}

/** A token that is right but lacks a scope is answered 401, like a wrong one; only the words differ. */
export function isScopeMissing(status: number, words: string): boolean {
	return status === 401 && /scope/i.test(words);
}

/** How "not found" is to be taken as the answer to a deletion. */
export interface Gone {
	/** An earlier try whose answer was lost must have been carried out. */
	goneIsDone: boolean;
	/** The user does not mind. */
	goneIsFine: boolean;
}

/** The item that an answer makes where it is what was asked for, otherwise undefined. */
export function answerIn(outcome: Outcome, method: string, ids: Ids, gone: Gone): IDataObject | undefined {
	if (!('status' in outcome)) return undefined;
	const { status, body } = outcome;
	const id = Object.values(ids).at(-1);
	if (status >= 200 && status < 300) {
		if (body !== null && typeof body === 'object') return body as IDataObject;
		return method === 'DELETE' && !body ? { deleted: true, id } : undefined;
	}
	if (method !== 'DELETE' || !isNotFound(status, wordsOf(body))) return undefined;
	if (gone.goneIsDone) {
		return { deleted: true, id, message: 'Deleted by an earlier try whose answer was lost' };
	}
	return gone.goneIsFine ? { deleted: false, id, message: 'Not found, so there was nothing to delete' } : undefined;
}

/** Which status HighLevel gives an unknown ID is not documented; 404 and 400 have both been seen. */
function isNotFound(status: number, words: string): boolean {
	return status === 404 || (status === 400 && /not found/i.test(words));
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
