import { defaults, type Settings } from './settings';

/** The settings that say how much is let through. */
export type RateLimitSettings = Pick<
	Settings,
	'limit' | 'window' | 'windowKind' | 'daily' | 'foreign'
>;

/** Whether a request is let through, and what is left after it. */
export interface Verdict {
	admitted: boolean;
	max: number;
	remaining: number;
	daily: number;
	dailyRemaining: number;
	/** Milliseconds until the next day begins. */
	dayEndsIn: number;
	/** Milliseconds until a request can be let through again. */
	retryIn: number;
}

/** The requests of one token that count. */
interface Usage {
	/** When the counted requests came, oldest first; those before `head` have left the window. */
	times: number[];
	head: number;
	dayStart: number;
	today: number;
	foreignAt: number;
}

const day = 24 * 60 * 60 * 1000;

/** What is announced as the limit where there is none. */
export const noLimit = 1_000_000;

/** The server's rate limit: counted by token, a sliding or a fixed window, and a day. */
export class RateLimit {
	private readonly usages = new Map<string, Usage>();
	private readonly origin: number;

	constructor(
		private readonly settings: () => RateLimitSettings,
		private readonly now: () => number,
	) {
		this.origin = now();
	}

	/** Counts a request of this token and says whether it is let through. */
	admit(token: string): Verdict {
		const time = this.now();
		const usage = this.usageFor(token);
		this.catchUpOnForeign(usage, time);
		const admitted = this.take(usage, time);
		return { admitted, ...this.rest(usage, time) };
	}

	private usageFor(token: string): Usage {
		let usage = this.usages.get(token);
		if (!usage) {
			usage = { times: [], head: 0, dayStart: this.origin, today: 0, foreignAt: this.origin };
			this.usages.set(token, usage);
		}
		return usage;
	}

	/** Others' requests are let through or refused as if they had come at their time: no timer, and every run is the same. */
	private catchUpOnForeign(usage: Usage, time: number): void {
		const { foreign } = this.settings();
		const gap = 1000 / foreign;
		while (foreign > 0 && usage.foreignAt + gap <= time) {
			usage.foreignAt += gap;
			this.take(usage, usage.foreignAt);
		}
		if (foreign === 0) usage.foreignAt = time;
	}

	private take(usage: Usage, time: number): boolean {
		const { limit, daily } = this.settings();
		this.forgetBefore(usage, time);
		const admitted = (limit === 0 || this.used(usage) < limit) && usage.today < daily;
		if (admitted) {
			usage.today++;
			if (limit !== 0) usage.times.push(time);
		}
		return admitted;
	}

	private used(usage: Usage): number {
		return usage.times.length - usage.head;
	}

	private windowStart(time: number): number {
		const { window, windowKind } = this.settings();
		if (windowKind === 'sliding') return time - window;
		return time - ((time - this.origin) % window);
	}

	private forgetBefore(usage: Usage, time: number): void {
		const start = this.windowStart(time);
		const { times } = usage;
		// A request on the border has left a sliding window, but is the first of a fixed one.
		const gone =
			this.settings().windowKind === 'sliding'
				? (at: number) => at <= start
				: (at: number) => at < start;
		while (usage.head < times.length && gone(times[usage.head]!)) usage.head++;
		if (usage.head > 1000) usage.head -= times.splice(0, usage.head).length;
		while (time - usage.dayStart >= day) {
			usage.dayStart += day;
			usage.today = 0;
		}
	}

	private rest(usage: Usage, time: number): Omit<Verdict, 'admitted'> {
		const { limit, window, daily } = this.settings();
		const used = this.used(usage);
		const dailyRemaining = Math.max(0, daily - usage.today);
		let free = time;
		if (limit > 0 && used >= limit) {
			const start = this.windowStart(time);
			const blocking = usage.times[usage.head + used - limit] ?? time;
			free = this.settings().windowKind === 'fixed' ? start + window : blocking + window;
		}
		if (dailyRemaining === 0) free = usage.dayStart + day;
		return {
			max: limit || noLimit,
			remaining: limit ? Math.max(0, limit - used) : noLimit,
			daily,
			dailyRemaining,
			dayEndsIn: usage.dayStart + day - time,
			retryIn: free - time,
		};
	}
}
/**
 * The least time in which so many requests can be sent, in milliseconds, as the limit dictates it: a first window's
 * worth at once, then one window after the other, each less what others take of it. Undefined without a limit.
 */
export function floorOf(
	settings: Partial<RateLimitSettings>,
	requests: number,
): number | undefined {
	const { limit, window, foreign } = { ...defaults, ...settings };
	if (limit === 0) return undefined;
	return (Math.ceil(requests / (limit - (foreign * window) / 1_000)) - 1) * window;
}

/** What a response says about the rate limit. */
export function rateLimitHeaders(
	{ announce, window, retryAfter }: Settings,
	verdict: Verdict,
	now: number,
): Record<string, string | number> {
	const limits = {
		'x-ratelimit-limit-daily': verdict.daily,
		'x-ratelimit-daily-remaining': verdict.dailyRemaining,
		'x-ratelimit-daily-reset': verdict.dayEndsIn,
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
