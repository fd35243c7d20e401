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
