import type { Verdict } from './limiter';
import type { Settings } from './settings';

/** What an answer says about the rate limit. */
export function limitHeaders(
	{ announce, window, retryAfter }: Settings,
	verdict: Verdict,
	now: number,
): Record<string, string | number> {
	const limits = {
		'x-ratelimit-limit-daily': verdict.daily,
		'x-ratelimit-daily-remaining': verdict.dailyRemaining,
		'x-ratelimit-interval-milliseconds': window,
		'x-ratelimit-max': verdict.max,
		'x-ratelimit-remaining': verdict.remaining,
	};
	return {
		...(announce && limits),
		...(!verdict.admitted && retryHeader(retryAfter, verdict, now)),
	};
}

/** Neither seconds nor dates have fractions, so they are rounded up: a client that obeys them is never early. */
function retryHeader(
	kind: Settings['retryAfter'],
	{ retryIn }: Verdict,
	now: number,
): Record<string, string | number> {
	if (kind === 'none') return {};
	if (kind === 'seconds') return { 'retry-after': Math.ceil(retryIn / 1000) };
	return { 'retry-after': new Date(Math.ceil((now + retryIn) / 1000) * 1000).toUTCString() };
}
