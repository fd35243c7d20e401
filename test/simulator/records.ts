/** What `records` seeds: how many records each object has, or their IDs. */
export type RecordSeeds = Record<string, number | string[]>;

/** Something that happens to an object's records while a client reads them. */
export interface RecordChange {
	/** The object's key. */
	object: string;
	/** After so many searches of this object. */
	afterPage: number;
	/** So many records are added. */
	add?: number;
	/** So many records are removed, with their relations. */
	remove?: number;
	/** Where in the list; at its `start` by default. */
	at?: 'start' | 'end';
}

/** A record; lists are in the order of `position`. */
export interface StoredRecord {
	id: string;
	position: number;
}

/** What a search asks for. */
export interface Search {
	/** From 1. */
	page?: number;
	pageLimit: number;
	/** The `searchAfter` of the last record that was read; it goes before `page`. */
	searchAfter?: Array<string | number>;
}

/** When the first record was made: what `searchAfter` counts from, in ms since 1970. */
const firstMade = Date.UTC(2025, 0, 1);

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** Makes the ID of a record: the same number always gives the same 20 letters and digits. */
export function recordId(number: number): string {
	let rest = (BigInt(number) + 1n) * 0x9e3779b97f4a7c15f39cc0605cedc835n;
	let id = '';
	for (let position = 0; position < 20; position++) {
		id += alphabet[Number(rest % 56n)];
		rest /= 56n;
	}
	return id;
}

/** When a record was made. */
export const timeOf = (record: StoredRecord): number => firstMade + record.position * 1000;

/** What a list says of a record so that a client can read on after it. */
export const searchAfterOf = (record: StoredRecord): [number, string] => [
	timeOf(record),
	record.id,
];

/** The records of each object of the simulator's location. */
export class Records {
	private readonly seeded: Set<string>;
	private readonly lists = new Map<string, StoredRecord[]>();
	private readonly ids = new Map<string, Set<string>>();
	private readonly pages = new Map<string, number>();
	private made = 0;

	constructor(seeds: RecordSeeds) {
		this.seeded = new Set(Object.keys(seeds));
		// Numbers far from those that relations without seeded records use.
		Object.entries(seeds).forEach(([object, given], at) => {
			const wanted =
				typeof given === 'number'
					? Array.from({ length: given }, (_, index) => recordId((at + 1) * 10_000_000 + index))
					: given;
			const list = wanted.map((id, position) => ({ id, position }));
			this.lists.set(object, list);
			this.ids.set(object, new Set(wanted));
		});
	}

	/** The objects that have records. */
	get objects(): string[] {
		return [...this.lists.keys()];
	}

	/** The IDs of an object's records, in the order of the lists; undefined where none were seeded. */
	list(object: string): string[] | undefined {
		return this.seeded.has(object) ? this.lists.get(object)!.map(({ id }) => id) : undefined;
	}

	/** Lists a record that is related, where its object has no seeded ones. */
	mention(object: string, id: string): void {
		if (this.seeded.has(object) || this.ids.get(object)?.has(id)) return;
		this.add(object, 'end', id);
	}

	/** Whether a record can be related: it exists, or nothing is known of its object's records. */
	mayExist(object: string, id: string): boolean {
		return !this.seeded.has(object) || this.ids.get(object)!.has(id);
	}

	/** Reads a page of an object's records and counts it. */
	search(object: string, { page = 1, pageLimit, searchAfter = [] }: Search) {
		const all = this.lists.get(object) ?? [];
		this.pages.set(object, (this.pages.get(object) ?? 0) + 1);
		const from =
			searchAfter.length > 0
				? all.findIndex((record) => timeOf(record) > Number(searchAfter[0]))
				: (page - 1) * pageLimit;
		const start = from < 0 ? all.length : from;
		return { total: all.length, records: all.slice(start, start + pageLimit) };
	}

	/** Adds what is due after the last search of this object, and gives the IDs of what is to be removed. */
	applyChanges(changes: RecordChange[], object: string): string[] {
		const due = changes.filter(
			(change) => change.object === object && change.afterPage === this.pages.get(object),
		);
		return due.flatMap(({ add = 0, remove = 0, at = 'start' }) => {
			const all = this.lists.get(object) ?? [];
			const removed = at === 'start' ? all.slice(0, remove) : all.slice(all.length - remove);
			for (let index = 0; index < add; index++) this.add(object, at);
			return removed.map(({ id }) => id);
		});
	}

	/** Removes a record, of whatever object. */
	remove(id: string): void {
		for (const [object, ids] of this.ids) {
			if (!ids.delete(id)) continue;
			const left = this.lists.get(object)!.filter((record) => record.id !== id);
			this.lists.set(object, left);
		}
	}

	private add(
		object: string,
		at: 'start' | 'end',
		id = recordId(1_000_000_000 + this.made++),
	): void {
		const all = this.lists.get(object) ?? [];
		const position =
			at === 'start' ? (all[0]?.position ?? 1) - 1 : (all.at(-1)?.position ?? -1) + 1;
		const record = { id, position };
		if (at === 'start') all.unshift(record);
		else all.push(record);
		this.lists.set(object, all);
		this.ids.set(object, (this.ids.get(object) ?? new Set<string>()).add(id));
	}
}
