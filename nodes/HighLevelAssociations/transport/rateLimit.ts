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

/** No request waits longer than this because of the limit, in milliseconds. */
export const PATIENCE = 300_000;

/** Part of the limit that those who share it leave free, so that one's next request finds room after another's. */
const RESERVE = 0.03;

/** Part of the limit that one may take at least, however much others use. */
const LEAST_SHARE = 0.02;

/** How much faster than evenly a share may be used up: room is spread over the window, not taken in a burst. */
const HASTE = 3;

/**
 * Part of a request that is too much in what one sees of its own use where the window is fixed: one looks just after
 * having sent one. Half of one by theory; less costs 16 processes no time.
 */
const OWN_BIAS = 0.2;

/** What is left of a share after a 429 from a server that does not announce its limit. */
const BACKOFF = 0.7;

/** A request as it was when it was sent. */
interface SentRequest {
	number: number;
	sentAt: number;
	/** Own requests that the server may have counted before it, and those that it surely had. */
	countedBefore: number;
	respondedBefore: number;
	/** Own requests sent in the interval before it. */
	sentBefore: number;
}

/**
 * Own requests in the last interval, each from its sending until one interval after its response: so the count is never
 * below the server's, whether its window slides or is fixed and however long a response takes.
 */
export class RecentRequests {
	underWay = 0;
	/** How many responses have expired or been forgotten since the beginning. */
	gone = 0;
	private readonly responses: Array<{ sentAt: number; at: number }> = [];
	/** How many of the oldest the server has forgotten before their time, as a fixed window does. */
	private forgotten = 0;

	/** How many were sent. */
	get sent(): number {
		return this.underWay + this.responses.length;
	}

	/** How many of them the server may still count. */
	get counted(): number {
		return this.sent - this.forgotten;
	}

	settle(sentAt: number, now: number): void {
		this.underWay -= 1;
		this.responses.push({ sentAt, at: now });
	}

	/** Drops those with a response before this time. */
	expire(until: number): void {
		const index = this.responses.findIndex(({ at }) => at > until);
		const { length } = this.responses.splice(0, index < 0 ? Infinity : index);
		this.gone += Math.max(0, length - this.forgotten);
		this.forgotten = Math.max(0, this.forgotten - length);
	}

	/** Notes that the server counts so many less of the oldest. */
	forget(count: number): void {
		const added = Math.min(Math.max(0, count), this.responses.length - this.forgotten);
		this.forgotten += added;
		this.gone += added;
	}

	/** How many responses there were since the beginning. */
	get responded(): number {
		return this.gone + this.responses.length - this.forgotten;
	}

	/** How many were sent after this time and are counted. */
	countSince(time: number): number {
		const counted = this.responses.slice(this.forgotten);
		const old = counted.findIndex(({ sentAt }) => sentAt > time);
		return this.underWay + (old < 0 ? 0 : counted.length - old);
	}

	/** When the server counts one less; Infinity if a response must come first. */
	nextUncounted(interval: number): number {
		return (this.responses[this.forgotten]?.at ?? Infinity) + interval;
	}

	/** When one less was sent in the last interval; Infinity if a response must come first. */
	nextExpiry(interval: number): number {
		return (this.responses[0]?.at ?? Infinity) + interval;
	}
}

/**
 * What is known of the server's rate limit, which other processes may be using too. Times are those of a clock that only
 * goes forward, in milliseconds.
 *
 * Alone, it uses all of the limit at once. With others, each keeps to its share: its part of what is used, scaled to all
 * of the limit but a reserve. So the shares add up to the limit, whoever comes and goes, though nobody knows of another
 * but by the headers.
 */
export class RateLimit {
	/** Nothing may be sent before. */
	pausedUntil = -Infinity;
	/** How long HighLevel asked to wait, which may be longer. */
	askedUntil = -Infinity;
	private max = DOCUMENTED.max;
	private interval = DOCUMENTED.interval;
	private readonly own = new RecentRequests();
	private usedByOthers = 0;
	private othersSeenAt = -Infinity;
	private alone = true;
	private share = 1;
	/** What makes a share of 6.3 six or seven requests, by chance. */
	private rounding = 0;
	/** What was used by the newest response, and at most in the last interval; and when a fixed window was seen to begin. */
	private used = 0;
	private resetAt = -Infinity;
	private peak = { used: 0, at: -Infinity };
	private sent = 0;
	private lastSentAt = -Infinity;
	/** Newest request whose headers were applied; older responses are stale. */
	private newestApplied = 0;
	private newestBeforePause = 0;
	private rateLimitedInRow = 0;
	/** For a server that does not announce its limit: when the share may grow, and by how many requests. */
	private probeAt = 0;
	private probeStep = 1;

	/** When the next request may be sent; Infinity if a response must come first. */
	nextAt(now: number): number {
		const { own, interval } = this;
		own.expire(now - interval);
		let at = Math.max(now, this.pausedUntil);
		const isFull = this.max - this.usedByOthers - own.counted < 1;
		if (isFull && own.counted > 0) at = Math.max(at, own.nextUncounted(interval));
		if (this.alone) return at;
		const share = Math.max(1, this.share * this.max * (1 - RESERVE));
		if (own.sent + 1 > share + this.rounding) at = Math.max(at, own.nextExpiry(interval));
		return Math.max(at, this.lastSentAt + interval / share / HASTE);
	}

	/** Whether nothing that is known matters any more. */
	isClear(now: number): boolean {
		this.own.expire(now - this.interval);
		return this.own.sent === 0 && now >= this.askedUntil;
	}

	send(now: number): SentRequest {
		const request = {
			number: ++this.sent,
			sentAt: now,
			countedBefore: this.own.counted,
			respondedBefore: this.own.responded,
			sentBefore: this.own.countSince(now - this.interval),
		};
		this.own.underWay += 1;
		this.lastSentAt = now;
		this.rounding = Math.random();
		return request;
	}

	/** Applies what a response says; without info, there was none. */
	settle(request: SentRequest, info: RateLimitInfo | undefined, now: number): void {
		if (info?.rateLimited) this.own.underWay -= 1;
		else this.own.settle(request.sentAt, now);
		if (!info) return;
		this.own.expire(now - this.interval);
		if (info.max !== undefined) this.max = Math.max(1, info.max);
		if (info.interval !== undefined) this.interval = Math.min(PATIENCE, info.interval);
		if (request.number > this.newestBeforePause) this.pausedUntil = this.askedUntil = -Infinity;
		if (info.rateLimited) this.pause(info.retryAfter, now);
		else this.rateLimitedInRow = 0;
		if (info.remaining === undefined) this.probe(request, info.rateLimited, now);
		else if (request.number > this.newestApplied) this.compare(request, info, now);
	}

	/** After a 429, waits as long as the server asks to, or longer each time. */
	private pause(retryAfter: number | undefined, now: number): void {
		const backOff = Math.min(this.interval / 2, (this.interval / 20) * 2 ** this.rateLimitedInRow);
		this.rateLimitedInRow += 1;
		this.newestBeforePause = this.sent;
		this.askedUntil = Math.max(this.askedUntil, now + (retryAfter ?? 0));
		this.pausedUntil = Math.max(now + backOff, Math.min(now + PATIENCE, this.askedUntil));
	}

	/** Usage beyond our own count belongs to others; if usage is below our count, our oldest requests have expired. */
	private compare(
		request: SentRequest,
		{ remaining = 0, rateLimited }: RateLimitInfo,
		now: number,
	) {
		this.newestApplied = request.number;
		const itself = rateLimited ? 0 : 1;
		const used = Math.max(itself, this.max - remaining);
		const most = request.countedBefore + itself + this.sent - request.number;
		const least = request.respondedBefore - this.own.gone + itself;
		const isReset = !this.alone && used < this.used / 2;
		this.own.forget(isReset ? least - itself : least - used);
		this.used = used;
		this.usedByOthers = Math.max(0, used - most);
		if (this.usedByOthers > 0) this.othersSeenAt = now;
		this.alone = now - this.othersSeenAt > this.interval;
		if (used >= this.peak.used || now - this.peak.at > 1.5 * this.interval)
			this.peak = { used, at: now };
		const own = isReset ? itself : Math.min(used, request.sentBefore + itself);
		if (isReset) this.resetAt = now;
		const bias = now - this.resetAt < 1.5 * this.interval ? itself * OWN_BIAS : 0;
		this.share += (own - bias - this.share * (used - bias)) / this.peak.used;
		this.share = this.alone ? 1 : Math.max(LEAST_SHARE, this.share);
	}

	/** Without announcement, the share shrinks with each 429, and grows by ever more requests as long as there is none. */
	private probe(request: SentRequest, rateLimited: boolean, now: number): void {
		if (rateLimited) {
			this.share = Math.max(request.sentBefore / this.max, this.share * BACKOFF);
			this.probeStep = 1;
			this.probeAt = now + 2 * this.interval;
			this.alone = false;
		} else if (!this.alone && now >= this.probeAt) {
			this.share += this.probeStep / this.max;
			this.probeStep *= 2;
			this.probeAt = now + this.interval;
			this.alone = this.share >= 1;
		}
	}
}
