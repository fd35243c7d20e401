import type { Settings } from './settings';

/** The settings that say how much is let through. */
export type LimitSettings = Pick<
	Settings,
	'limit' | 'window' | 'windowKind' | 'daily' | 'foreign' | 'countRefused'
>;

/** Whether a request is let through, and what is left after it. */
export interface Verdict {
	admitted: boolean;
	max: number;
	remaining: number;
	daily: number;
	dailyRemaining: number;
	/** Milliseconds until a request can be let through again. */
	retryIn: number;
}

interface Account {
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

/** The server's rate limit: one account a token, a sliding or a fixed window, and a day. */
export class Limiter {
	private readonly accounts = new Map<string, Account>();
	private readonly origin: number;

	constructor(
		private readonly settings: () => LimitSettings,
		private readonly now: () => number,
	) {
		this.origin = now();
	}

	/** Counts a request of this token and says whether it is let through. */
	admit(token: string): Verdict {
		const time = this.now();
		const account = this.accountOf(token);
		this.catchUpOnForeign(account, time);
		const admitted = this.take(account, time);
		return { admitted, ...this.rest(account, time) };
	}

	private accountOf(token: string): Account {
		let account = this.accounts.get(token);
		if (!account) {
			account = { times: [], head: 0, dayStart: this.origin, today: 0, foreignAt: this.origin };
			this.accounts.set(token, account);
		}
		return account;
	}

	/** Others' requests are let through or refused as if they had come at their time: no timer, and every run is the same. */
	private catchUpOnForeign(account: Account, time: number): void {
		const { foreign } = this.settings();
		const gap = 1000 / foreign;
		while (foreign > 0 && account.foreignAt + gap <= time) {
			account.foreignAt += gap;
			this.take(account, account.foreignAt);
		}
		if (foreign === 0) account.foreignAt = time;
	}

	private take(account: Account, time: number): boolean {
		const { limit, daily, countRefused } = this.settings();
		this.forgetBefore(account, time);
		const admitted = (limit === 0 || this.used(account) < limit) && account.today < daily;
		if (admitted || countRefused) {
			account.today++;
			if (limit !== 0) account.times.push(time);
		}
		return admitted;
	}

	private used(account: Account): number {
		return account.times.length - account.head;
	}

	private windowStart(time: number): number {
		const { window, windowKind } = this.settings();
		if (windowKind === 'sliding') return time - window;
		return time - ((time - this.origin) % window);
	}

	private forgetBefore(account: Account, time: number): void {
		const start = this.windowStart(time);
		const { times } = account;
		// A request on the border has left a sliding window, but is the first of a fixed one.
		const gone =
			this.settings().windowKind === 'sliding'
				? (at: number) => at <= start
				: (at: number) => at < start;
		while (account.head < times.length && gone(times[account.head]!)) account.head++;
		if (account.head > 1000) account.head -= times.splice(0, account.head).length;
		while (time - account.dayStart >= day) {
			account.dayStart += day;
			account.today = 0;
		}
	}

	private rest(account: Account, time: number): Omit<Verdict, 'admitted'> {
		const { limit, window, daily } = this.settings();
		const used = this.used(account);
		const dailyRemaining = Math.max(0, daily - account.today);
		let free = time;
		if (limit > 0 && used >= limit) {
			const start = this.windowStart(time);
			const blocking = account.times[account.head + used - limit] ?? time;
			free = this.settings().windowKind === 'fixed' ? start + window : blocking + window;
		}
		if (dailyRemaining === 0) free = account.dayStart + day;
		return {
			max: limit || noLimit,
			remaining: limit ? Math.max(0, limit - used) : noLimit,
			daily,
			dailyRemaining,
			retryIn: free - time,
		};
	}
}
