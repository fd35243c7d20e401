import { sleep } from 'n8n-workflow';

import { PATIENCE, RateLimit, RecentRequests, type RateLimitInfo } from './rateLimit';

/** A slot for one request; must be released once it settles. */
export interface Slot {
	/** Without info, there was no response. */
	release(info?: RateLimitInfo): void;
}

/**
 * What a request gets that waits for its turn: a slot; nothing, as the token that it waits with was refused; or it must
 * not be sent, because its queue is closed or because HighLevel asked to wait until a time (milliseconds since 1970) that
 * is too far away.
 */
export type Turn =
	| { slot: Slot }
	| { isTokenRefused: true }
	| { closed: true }
	| { blockedUntil: number };

/** At most so many requests are under way at once, so that a large run neither floods the network nor starves n8n. */
export const CONCURRENCY = 10;

/** Milliseconds in which a queue's cap counts. */
const CAP_INTERVAL = 10_000;

/** A clock that only goes forward, in milliseconds. */
const now = () => performance.now();

/** That clock's time as milliseconds since 1970. */
const toDate = (time: number) => Math.ceil(Date.now() + time - now());

/** Sends requests as fast as a rate limit shared with others allows; its queues take turns. */
export class Limiter {
	private readonly rateLimit = new RateLimit();
	/** Queues with waiting requests, the next to be served first. */
	private queues: RequestQueue[] = [];
	private underWay = 0;
	/** From one after a rejection, and at the beginning, one more with each response. */
	private concurrency = 1;
	private wakeAt = Infinity;

	/**
	 * A queue of its own for one run.
	 *
	 * @param cap requests per 10 seconds that its user allows at most
	 */
	queue(cap = Infinity): RequestQueue {
		return new RequestQueue(this, cap);
	}

	/** Whether nothing is waiting, under way or still counted, and HighLevel has not asked to wait. */
	get idle(): boolean {
		return this.queues.length === 0 && this.underWay === 0 && this.rateLimit.isClear(now());
	}

	/** Until when HighLevel asked to wait; now, if it did not, or if it may be asked again. */
	blockedUntil(time: number): number {
		return time < this.rateLimit.pausedUntil ? Math.max(time, this.rateLimit.askedUntil) : time;
	}

	/** Adds a queue to the round-robin while it has waiting requests. */
	add(queue: RequestQueue): void {
		if (!this.queues.includes(queue)) this.queues.push(queue);
		this.serve();
	}

	remove(queue: RequestQueue): void {
		this.queues = this.queues.filter((other) => other !== queue);
	}

	private serve(): void {
		for (;;) {
			const time = now();
			const at = this.underWay < this.concurrency ? this.rateLimit.nextAt(time) : Infinity;
			const times = this.queues.map((queue) => Math.max(at, queue.nextAt(time)));
			const next = times.findIndex((other) => other <= time);
			if (next < 0) return this.wake(Math.min(...times, Infinity));
			const [queue] = this.queues.splice(next, 1) as [RequestQueue];
			if (queue.grantNext(this.openSlot(queue, time))) this.queues.push(queue);
		}
	}

	private wake(at: number): void {
		if (at >= this.wakeAt) return;
		this.wakeAt = at;
		void sleep(Math.max(1, at - now())).then(() => {
			if (this.wakeAt === at) this.wakeAt = Infinity;
			this.serve();
		});
	}

	private openSlot(queue: RequestQueue, time: number): Slot {
		const request = this.rateLimit.send(time);
		this.underWay += 1;
		let open = true;
		return {
			release: (info) => {
				if (!open) return;
				open = false;
				this.underWay -= 1;
				this.concurrency = info?.rateLimited ? 1 : Math.min(CONCURRENCY, this.concurrency + 1);
				this.rateLimit.settle(request, info, now());
				queue.settle(info, now());
				for (const other of [...this.queues]) other.rejectIfHopeless();
				this.serve();
			},
		};
	}
}

/** The requests of one run that wait for their turn, in order. */
export class RequestQueue {
	private waiting: Array<(turn: Turn) => void> = [];
	private closed = false;
	private readonly own = new RecentRequests();
	/** Since when its requests have got no response but that they are rate-limited. */
	private rateLimitedSince?: number;

	constructor(
		private readonly limiter: Limiter,
		private readonly cap: number,
	) {}

	/** Waits for the turn of a request; a retry goes before the others. */
	async acquire(isRetry = false): Promise<Turn> {
		return (
			this.refusal() ??
			(await new Promise((resolve) => {
				if (isRetry) this.waiting.unshift(resolve);
				else this.waiting.push(resolve);
				this.limiter.add(this);
			}))
		);
	}

	/** Rejects all waiting and later requests. */
	close(): void {
		this.closed = true;
		this.rejectIfHopeless();
	}

	/** Accepts requests again, with new patience. */
	open(): void {
		this.closed = false;
		this.rateLimitedSince = undefined;
	}

	/** When its own cap lets the next request go; Infinity if a response must come first. */
	nextAt(time: number): number {
		this.own.expire(time - CAP_INTERVAL);
		return this.own.sent < Math.max(1, this.cap) ? time : this.own.nextExpiry(CAP_INTERVAL);
	}

	/** Gives the slot to the next request, and tells whether more are waiting. */
	grantNext(slot: Slot): boolean {
		this.own.underWay += 1;
		this.waiting.shift()?.({ slot });
		return this.waiting.length > 0;
	}

	settle(info: RateLimitInfo | undefined, time: number): void {
		this.own.settle(time, time);
		if (info?.rateLimited) this.rateLimitedSince ??= time;
		else if (info) this.rateLimitedSince = undefined;
	}

	/** Rejects all waiting requests if none of them may be sent within its patience. */
	rejectIfHopeless(): void {
		const refusal = this.refusal();
		if (refusal) this.answerAll(refusal);
	}

	/** Lets no request wait any longer with a token that was refused. */
	refuseToken(): void {
		this.answerAll({ isTokenRefused: true });
	}

	private answerAll(turn: Turn): void {
		this.limiter.remove(this);
		for (const resolve of this.waiting.splice(0)) resolve(turn);
	}

	private refusal(): Turn | undefined {
		if (this.closed) return { closed: true };
		const time = now();
		const until = this.limiter.blockedUntil(time);
		const patienceEnds = (this.rateLimitedSince ?? time) + PATIENCE;
		return until < patienceEnds ? undefined : { blockedUntil: toDate(until) };
	}
}

const limiters = new Map<string, Limiter>();

/** The limiter that everything in this process shares which uses one token; idle ones are dropped. */
export function findLimiter(key: string): Limiter {
	for (const [other, limiter] of limiters) if (limiter.idle) limiters.delete(other);
	const limiter = limiters.get(key) ?? new Limiter();
	limiters.set(key, limiter);
	return limiter;
}
