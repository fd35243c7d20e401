import type { Item } from './item';

/** Milliseconds after which a further line says how far the work has come. */
const INTERVAL = 20_000;

/** Says how far long work of an item has come, as its requests come back. */
export class Progress {
	private readonly start = performance.now();
	private saidAt = this.start;
	private done = 0;

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
		const left = ((now - this.start) / this.done) * Math.max(0, this.total - this.done);
		this.item.inform(
			`${describe(`${this.done} of ${this.total}`)}, about ${formatDuration(left)} left`,
		);
	}
}

/** A time in milliseconds, as `40 s` or `17 min`. */
export function formatDuration(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1_000);
	return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
