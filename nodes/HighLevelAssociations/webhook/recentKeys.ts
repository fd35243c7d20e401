/** Keys that were added lately: the last `size` ones at most, and each for `duration` ms. */
export class RecentKeys {
	/** When each was added, in ms since 1970; the oldest first. */
	private readonly times = new Map<string, number>();

	constructor(
		private readonly duration: number,
		private readonly size: number,
	) {}

	/** Adds a key; false if it is here already. */
	add(key: string): boolean {
		const now = Date.now();
		for (const [old, time] of this.times) {
			if (now - time <= this.duration) break;
			this.times.delete(old);
		}
		if (this.times.has(key)) return false;
		this.times.set(key, now);
		if (this.times.size > this.size) this.delete(this.times.keys().next().value!);
		return true;
	}

	delete(key: string): void {
		this.times.delete(key);
	}
}
