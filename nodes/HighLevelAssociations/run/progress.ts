import type { Item } from './item';

/** Milliseconds after which a further line says how far the work has come. */
const INTERVAL = 20_000;

/** Says how far long work of an item has come, as its requests come back. */
export class Progress {
	private readonly start = performance.now();
	private saidAt = this.start;
	private done = 0;

	/** @param total how many there are; Infinity if that is not known */
	constructor(
		private readonly item: Item,
		private readonly total: number,
	) {}

	/** Counts one more as done. */
	advance(describe: (done: string) => string): void {
		this.done += 1;
		const now = performance.now();
		if (now - this.saidAt < INTERVAL) return;
		this.saidAt = now;
		const { done, total } = this;
		const left = ((now - this.start) / done) * Math.max(0, total - done);
		this.item.inform(
			total < Infinity
				? `${describe(`${done} of ${total}`)}, about ${formatDuration(left)} left`
				: describe(String(done)),
		);
	}
}

/** A time in milliseconds, as `40 s` or `17 min`. */
export function formatDuration(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1_000);
	return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
