import type { IDataObject } from 'n8n-workflow';

/** A page of a list. */
export interface Page {
	things: IDataObject[];
	/** How many things the whole list has, if HighLevel says. */
	total?: number;
	/** Whether this is the whole list, as HighLevel did not page it. */
	isWhole?: boolean;
}

/**
 * Asks for so many things at most, from the given position on.
 *
 * @returns HighLevel's refusal if it does not allow so many
 */
export type FetchPage = (skip: number, limit: number) => Promise<Page | { refusal: Error }>;

/** HighLevel documents no maximum and may have one: if it refuses a size, the next is asked for. */
const SMALLER_SIZES = [200, 100, 20];

/**
 * Things from a list that HighLevel pages, each once. A page that is shorter than asked for does not end the list, since
 * HighLevel may have a maximum of its own; one that only repeats does, since it may not page at all.
 *
 * @param pageSize how many are asked for in one request
 * @param limit how many are wanted
 * @throws HighLevel's refusal if it allows none of the sizes
 */
export async function fetchAll(
	fetchPage: FetchPage,
	pageSize: number,
	limit = Infinity,
	isWanted: (thing: IDataObject) => boolean = () => true,
): Promise<IDataObject[]> {
	const seen = new Set<unknown>();
	const wanted: IDataObject[] = [];
	const smaller = SMALLER_SIZES.filter((size) => size < pageSize);
	let size = pageSize;
	for (;;) {
		const before = seen.size;
		const page = await fetchPage(before, size);
		if ('refusal' in page) {
			const next = smaller.shift();
			if (next === undefined) throw page.refusal;
			size = next;
			continue;
		}
		for (const thing of page.things) {
			if (seen.has(thing.id)) continue;
			seen.add(thing.id);
			if (isWanted(thing)) wanted.push(thing);
		}
		// Of a full page the total may be its own.
		const isLast = page.things.length !== size && seen.size >= (page.total ?? Infinity);
		const isEnd = page.isWhole || seen.size === before || isLast;
		if (isEnd || wanted.length >= limit) return wanted.slice(0, limit);
	}
}
