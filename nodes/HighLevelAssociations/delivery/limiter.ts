import { sleep } from 'n8n-workflow';

/** What an answer says about the limit, undefined where it says nothing; times in milliseconds. */
export interface LimitNews {
	/** Whether the request was turned away because of the limit. */
	refused: boolean;
	max?: number;
	interval?: number;
	remaining?: number;
	retryAfter?: number;
}

/** Leave to send one request. Whoever holds it must say when the answer is there, or that none will come. */
export interface Permit {
	answered(news?: LimitNews): void;
}

/** HighLevel's documented limit: 100 requests per 10 seconds. Its headers overrule it. */
const DOCUMENTED = { max: 100, interval: 10_000 };

/** At most so many requests are under way at once, so that a large run neither floods the network nor starves n8n. */
const CONCURRENCY = 10;

/**
 * Lets requests out as fast as a rate limit allows that others may be using too.
 *
 * It counts its own requests in the last interval, each from its sending until one interval after its answer, so
 * that it stays within the limit whether the server's window slides or is fixed, and however long an answer takes.
 * What the server says is left, less its own, tells what others use; when that alone is in the way it asks again
 * after a while, at growing distances.
 */
export class Limiter {
	private max = DOCUMENTED.max;
	private interval = DOCUMENTED.interval;
	/** How much of the limit others use, by the latest news. */
	private foreign = 0;
	/** Number of the request that brought the latest news; older ones say less. */
	private newsFrom = 0;
	private sent = 0;
	private underWay = 0;
	/** When each request was answered, in order; those before `released` no longer count. */
	private answers: number[] = [];
	private released = 0;
	/** How many answered requests are no longer listed. */
	private unlisted = 0;
	private pausedUntil = 0;
	/** When a server without headers, by its Retry-After, has room again for what it took before. */
	private freshAt = Infinity;
	private probeAt = 0;
	private probes = 0;
	/** Without headers: when the limit may be tried a little higher, and by how much. */
	private easeAt = 0;
	private ease = 1;
	/** Lanes with somebody waiting, the next to be served first. */
	private lanes: Lane[] = [];
	private wakeAt = Infinity;
	/** Until something is known of the limit, requests go one at a time: it may be far below the documented one. */
	private concurrency = 1;

	/**
	 * A queue of its own for one run; lanes are served in turn.
	 *
	 * @param cap requests per 10 seconds that its user allows at most
	 */
	lane(cap = Infinity): Lane {
		return new Lane(this, cap);
	}

	/** Whether nobody waits, nothing is under way and no request counts any more. */
	get idle(): boolean {
		this.forget();
		return this.lanes.length === 0 && this.underWay === 0 && this.counted === 0;
	}

	/** Takes a lane into the turn, for as long as somebody waits in it. */
	join(lane: Lane): void {
		if (!this.lanes.includes(lane)) this.lanes.push(lane);
		this.serve();
	}

	leave(lane: Lane): void {
		this.lanes = this.lanes.filter((other) => other !== lane);
	}

	/** Own requests that the server may count. */
	private get counted(): number {
		return this.answers.length - this.released + this.underWay;
	}

	private forget(): void {
		const past = Date.now() - this.interval;
		if (Date.now() >= this.freshAt) {
			this.released = this.answers.length;
			this.freshAt = Infinity;
		}
		while (this.answers[this.released]! <= past) this.released += 1;
		if (this.released > 1_000 && this.released * 2 > this.answers.length) {
			this.answers = this.answers.slice(this.released);
			this.unlisted += this.released;
			this.released = 0;
		}
	}

	private serve(): void {
		for (;;) {
			this.forget();
			const now = Date.now();
			const at = this.lanes.map((lane) => this.timeFor(lane, now));
			const turn = at.findIndex((time) => time <= now);
			if (turn < 0) return this.wake(Math.min(...at, Infinity));
			const [lane] = this.lanes.splice(turn, 1) as [Lane];
			if (lane.let(this.permit(now))) this.lanes.push(lane);
		}
	}

	/** When a lane may send its next request, by what is known now. */
	private timeFor(lane: Lane, now: number): number {
		if (this.underWay >= this.concurrency) return Infinity;
		const rest = this.max - this.foreign - this.counted;
		const cap = (lane.cap * this.interval) / 10_000;
		const nextRelease = (this.answers[this.released] ?? Infinity) + this.interval;
		if (rest >= 1 && this.counted < Math.max(1, cap)) return Math.max(now, this.pausedUntil);
		const othersInTheWay = rest < 1 && this.foreign > 0 && this.underWay === 0;
		return Math.max(
			this.pausedUntil,
			Math.min(nextRelease, othersInTheWay ? this.probeAt : Infinity),
		);
	}

	private wake(at: number): void {
		if (at === Infinity || at >= this.wakeAt) return;
		this.wakeAt = at;
		void sleep(Math.max(1, at - Date.now())).then(() => {
			if (this.wakeAt === at) this.wakeAt = Infinity;
			this.serve();
		});
	}

	private permit(now: number): Permit {
		const number = ++this.sent;
		const answeredAtSending = this.unlisted + this.answers.length;
		this.underWay += 1;
		this.probeAt = now + this.interval;
		let open = true;
		return {
			answered: (news) => {
				if (!open) return;
				open = false;
				this.underWay -= 1;
				this.concurrency = CONCURRENCY;
				if (!news?.refused) this.answers.push(Date.now());
				if (news) this.learn(news, number, answeredAtSending);
				this.serve();
			},
		};
	}

	private learn(news: LimitNews, number: number, answeredAtSending: number): void {
		const now = Date.now();
		this.forget();
		if (news.max !== undefined) this.max = Math.max(1, news.max);
		if (news.interval !== undefined) this.interval = news.interval;
		if (news.refused) {
			this.refuse(now, news);
		} else {
			this.probes = 0;
			if (news.remaining === undefined) this.tryHigher(now);
			else if (number > this.newsFrom) this.compare(news.remaining, number, answeredAtSending);
		}
		if (news.remaining !== undefined || news.refused)
			this.newsFrom = Math.max(this.newsFrom, number);
		this.probeAt =
			now + Math.min(this.interval / 2, (this.interval / 20) * 2 ** this.probes) * jitter();
	}

	/** What is used up without being ours is others'; what is ours without being used up no longer counts. */
	private compare(remaining: number, number: number, answeredAtSending: number): void {
		const used = this.max - remaining;
		const sentLater = this.sent - number;
		this.foreign = Math.max(0, used - (this.counted - sentLater));
		const surelyCounted = answeredAtSending - this.unlisted - this.released + 1;
		const gone = Math.min(surelyCounted - used, this.answers.length - this.released);
		if (gone > 0) this.released += gone;
	}

	private refuse(now: number, { retryAfter, remaining }: LimitNews): void {
		this.foreign = Math.max(this.foreign, this.max - this.counted);
		this.probes += 1;
		this.ease = 1;
		this.easeAt = now + 2 * this.interval;
		if (retryAfter === undefined) return;
		this.pausedUntil = Math.max(this.pausedUntil, now + retryAfter);
		if (remaining === undefined) this.freshAt = this.pausedUntil;
	}

	private tryHigher(now: number): void {
		if (this.foreign === 0 || now < this.easeAt) return;
		this.foreign = Math.max(0, this.foreign - this.ease);
		this.ease *= 2;
		this.easeAt = now + this.interval;
	}
}

/** The requests of one run that wait for leave to be sent, in order. */
export class Lane {
	private waiting: Array<(permit: Permit | undefined) => void> = [];
	private closed = false;

	constructor(
		private readonly limiter: Limiter,
		readonly cap: number,
	) {}

	/**
	 * Waits for leave to send a request; `first` lets one that was sent before go before the others.
	 *
	 * @returns undefined when the lane was closed meanwhile: the request must not be sent
	 */
	async leave(first = false): Promise<Permit | undefined> {
		if (this.closed) return undefined;
		return await new Promise((resolve) => {
			if (first) this.waiting.unshift(resolve);
			else this.waiting.push(resolve);
			this.limiter.join(this);
		});
	}

	/** Sends away everybody who waits or comes later, until the lane is opened again. */
	close(): void {
		this.closed = true;
		this.limiter.leave(this);
		for (const resolve of this.waiting.splice(0)) resolve(undefined);
	}

	open(): void {
		this.closed = false;
	}

	/** Lets the next one go, and tells whether more are waiting. */
	let(permit: Permit): boolean {
		this.waiting.shift()?.(permit);
		return this.waiting.length > 0;
	}
}

const jitter = () => 0.75 + Math.random() / 2;
