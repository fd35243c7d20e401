/** What a response says about the limit; undefined where it says nothing; times in milliseconds. */
export interface RateLimitInfo {
	/** Whether the request was rejected because of the limit. */
	rateLimited: boolean;
	max?: number;
	interval?: number;
	remaining?: number;
	retryAfter?: number;
}

/** HighLevel's documented limit: 100 requests per 10 seconds. Its headers overrule it. */
const DOCUMENTED = { max: 100, interval: 10_000 };

/** Nothing waits longer than this for the limit, in milliseconds. */
export const PATIENCE = 300_000;

/** Room left to others, and how much faster than now the rest may be taken. */
const RESERVE = 0.02;
const GIVE_WAY = 0.03;
const SPREAD = 2;

/**
 * Counts requests in a window of time that the server keeps: each from its sending until one interval after its
 * response, so that the count is never too low, whether that window slides or is fixed and however long a response takes.
 */
export class WindowCount {
	underWay = 0;
	/** How many have left the window since the beginning. */
	expired = 0;
	/** When each response came, oldest first. */
	private responses: number[] = [];

	/** How many are in the window. */
	get size(): number {
		return this.underWay + this.responses.length;
	}

	/** How many responses came since the beginning. */
	get responded(): number {
		return this.expired + this.responses.length;
	}

	settle(now: number): void {
		this.underWay -= 1;
		this.responses.push(now);
	}

	/** Drops those whose response came by then. */
	expireUntil(time: number): void {
		let count = 0;
		while (this.responses[count]! <= time) count += 1;
		this.drop(count);
	}

	/** Drops so many, the oldest first; those under way stay. */
	drop(count: number): void {
		this.expired += this.responses.splice(0, Math.max(0, count)).length;
	}

	/** When the oldest leaves a window of this length; Infinity if that depends on a response. */
	nextExpiry(interval: number): number {
		return (this.responses[0] ?? Infinity) + interval;
	}
}

/** A request as it was when it was sent. */
export interface SentRequest {
	number: number;
	sizeBefore: number;
	respondedBefore: number;
}

/** What is known of the server's rate limit, which others may be using too. Times are of a clock that only goes forward. */
export class RateLimit {
	pausedUntil = -Infinity;
	/** How long HighLevel asked to wait, which may be longer. */
	askedUntil = -Infinity;
	private max = DOCUMENTED.max;
	private interval = DOCUMENTED.interval;
	private usedByOthers = 0;
	private othersSeenAt = -Infinity;
	private readonly own = new WindowCount();
	private sent = 0;
	private lastSentAt = -Infinity;
	/** Newest request whose headers were applied; older responses are stale. */
	private newestApplied = 0;
	private sentBeforePause = 0;
	private rateLimitedInRow = 0;
	private probeStep = 1;
	private probeAt = 0;
	private respondedAt = -Infinity;

	/** When the next request may be sent; Infinity if a response must come first. */
	nextAt(now: number): number {
		this.own.expireUntil(now - this.interval);
		const { size } = this.own;
		const alone = now - this.othersSeenAt > this.interval * 1.5;
		const reserve = alone ? 0 : RESERVE * this.max + GIVE_WAY * size;
		const room = this.max - this.usedByOthers - size - reserve;
		let at = now;
		if (room < 1)
			at = size > 0 ? this.own.nextExpiry(this.interval) : this.respondedAt + this.backOff;
		else if (!alone) at = this.lastSentAt + this.interval / (size + SPREAD * room);
		return Math.max(now, this.pausedUntil, at);
	}

	/** Whether nothing that is known matters any more. */
	isClear(now: number): boolean {
		this.own.expireUntil(now - this.interval);
		return this.own.size === 0 && now >= this.askedUntil;
	}

	private get backOff(): number {
		return Math.min(this.interval / 2, (this.interval / 20) * 2 ** this.rateLimitedInRow);
	}

	send(now: number): SentRequest {
		const request = {
			number: ++this.sent,
			sizeBefore: this.own.size,
			respondedBefore: this.own.responded,
		};
		this.own.underWay += 1;
		this.lastSentAt = now;
		return request;
	}

	/** Applies what a response says; without info, there was none. */
	settle(request: SentRequest, info: RateLimitInfo | undefined, now: number): void {
		if (info?.rateLimited) this.own.underWay -= 1;
		else this.own.settle(now);
		if (!info) return;
		this.respondedAt = now;
		this.own.expireUntil(now - this.interval);
		if (info.max !== undefined) this.max = Math.max(1, info.max);
		if (info.interval !== undefined) this.interval = Math.min(PATIENCE, info.interval);
		if (request.number > this.sentBeforePause) this.pausedUntil = this.askedUntil = -Infinity;
		if (info.rateLimited) {
			this.reject(info, now);
			this.newestApplied = Math.max(this.newestApplied, request.number);
		} else {
			this.rateLimitedInRow = 0;
			if (info.remaining === undefined) this.probeHigher(now);
			else if (request.number > this.newestApplied) this.compare(info.remaining, request, now);
		}
	}

	/** Usage beyond our own count belongs to others; if usage is below our count, our oldest requests have expired. */
	private compare(remaining: number, request: SentRequest, now: number): void {
		this.newestApplied = request.number;
		const used = this.max - remaining;
		const mostOwn = request.sizeBefore + 1 + this.sent - request.number;
		const leastOwn = request.respondedBefore - this.own.expired + 1;
		this.usedByOthers = Math.max(0, used - mostOwn);
		if (this.usedByOthers > 0) this.othersSeenAt = now;
		this.own.drop(leastOwn - used);
	}

	private reject({ retryAfter = 0 }: RateLimitInfo, now: number): void {
		this.usedByOthers = Math.max(this.usedByOthers, this.max - this.own.size);
		this.othersSeenAt = now;
		this.rateLimitedInRow += 1;
		this.probeStep = 1;
		this.probeAt = now + 2 * this.interval;
		this.sentBeforePause = this.sent;
		this.askedUntil = Math.max(this.askedUntil, now + retryAfter);
		this.pausedUntil = Math.max(this.pausedUntil, now + Math.min(PATIENCE, retryAfter));
	}

	private probeHigher(now: number): void {
		if (this.usedByOthers === 0 || now < this.probeAt) return;
		this.usedByOthers = Math.max(0, this.usedByOthers - this.probeStep);
		this.probeStep *= 2;
		this.probeAt = now + this.interval;
	}
}
