import { unreliable } from '../../test/simulator/faults';
import type { Settings } from '../../test/simulator/settings';

/** What all contestants are put to. */
export interface Case {
	name: string;
	title: string;
	/** How many associations there are to delete. */
	items: number;
	/** What HighLevel is like. */
	highLevel: Partial<Settings>;
	/** Runs of each contestant, in turn; the one with the middle time counts. One unless told. */
	rounds?: number;
}

/** HighLevel's limit. */
export const LIMIT = { limit: 100, window: 10_000 };

/** Every case that `npm run bench` goes through. */
export const cases: Case[] = [
	{
		name: 'sliding',
		title: '100 per 10 s, sliding window, nobody else',
		items: 1_000,
		highLevel: { ...LIMIT, windowKind: 'sliding' },
	},
	{
		name: 'fixed',
		title: '100 per 10 s, fixed window, nobody else',
		items: 1_000,
		highLevel: { ...LIMIT, windowKind: 'fixed' },
	},
	{
		name: 'foreign',
		title: '100 per 10 s, others send 2 a second',
		items: 1_000,
		highLevel: { ...LIMIT, foreign: 2 },
	},
	{
		name: 'unannounced',
		title: '20 per 10 s, and no header says so',
		items: 100,
		highLevel: { limit: 20, window: 10_000, announce: false },
	},
	{
		name: 'faults',
		title: 'No limit, 5 % broken connections, 5 % 503 responses',
		items: 1_000,
		highLevel: { limit: 0, faults: unreliable(0.1) },
	},
	{
		name: 'no-limit',
		title: 'No limit, 5,000 items',
		items: 5_000,
		highLevel: { limit: 0 },
		rounds: 3,
	},
	{
		name: 'many',
		title: 'No limit, 10,000 items',
		items: 10_000,
		highLevel: { limit: 0 },
	},
];

/** A case small enough to see in a minute that the benchmark works. */
export function quick(one: Case): Case {
	return { ...one, items: one.items / (one.highLevel.limit ? 4 : 10), rounds: 1 };
}
