import type { LimitNews } from './limiter';

/** What an answer's headers say about HighLevel's rate limit; times in milliseconds. */
export interface LimitHeaders extends Omit<LimitNews, 'refused'> {
	dailyRemaining?: number;
}

/** Reads HighLevel's `X-RateLimit` headers, and `Retry-After` in seconds or as a date. */
export function limitHeaders(headers: Record<string, unknown>, now = Date.now()): LimitHeaders {
	return {
		max: wholeNumber(headers['x-ratelimit-max']),
		interval: wholeNumber(headers['x-ratelimit-interval-milliseconds']) || undefined,
		remaining: wholeNumber(headers['x-ratelimit-remaining']),
		dailyRemaining: wholeNumber(headers['x-ratelimit-daily-remaining']),
		retryAfter: retryAfter(headers['retry-after'], now),
	};
}

function wholeNumber(value: unknown): number | undefined {
	return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

function retryAfter(value: unknown, now: number): number | undefined {
	const seconds = wholeNumber(value);
	if (seconds !== undefined) return seconds * 1_000;
	const date = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
