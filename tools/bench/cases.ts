import type { Settings } from '../../test/simulator/settings';

/** What all contestants are put to. */
export interface Case {
	name: string;
	title: string;
	/** How many associations there are to delete. */
	items: number;
	/** What HighLevel is like. */
	highLevel: Partial<Settings>;
	/** What the limit itself dictates cannot be the measure where there is none: the HTTP Request node is, then. */
	hasLimit: boolean;
	/** Runs of each contestant, in turn; the one with the middle time counts. */
	rounds: number;
}

const limited = { limit: 100, window: 10_000 };

/** Every case that `npm run bench` goes through. */
export const cases: Case[] = [
	{
		name: 'sliding',
		title: '100 per 10 s, sliding window, nobody else',
		items: 1_000,
		highLevel: { ...limited, windowKind: 'sliding' },
		hasLimit: true,
		rounds: 1,
	},
	{
		name: 'fixed',
		title: '100 per 10 s, fixed window, nobody else',
		items: 1_000,
		highLevel: { ...limited, windowKind: 'fixed' },
		hasLimit: true,
		rounds: 1,
	},
	{
		name: 'foreign',
		title: '100 per 10 s, others send 2 a second',
		items: 1_000,
		highLevel: { ...limited, foreign: 2 },
		hasLimit: true,
		rounds: 1,
	},
	{
		name: 'unannounced',
		title: '20 per 10 s, and no header says so',
		items: 100,
		highLevel: { limit: 20, window: 10_000, announce: false },
		hasLimit: true,
		rounds: 1,
	},
	{
		name: 'faults',
		title: 'No limit, 5 % broken connections, 5 % answers 503',
		items: 1_000,
		highLevel: {
			limit: 0,
			// Half of the connections break before the deletion and half after it, when only the answer is lost.
			faults: [
				{ kind: 'reset', probability: 0.025 },
				{ kind: 'reset', probability: 0.025, stage: 'after' },
				{ kind: 'status', status: 503, probability: 0.05 },
			],
		},
		hasLimit: false,
		rounds: 1,
	},
	{
		name: 'no-limit',
		title: 'No limit, 5,000 items',
		items: 5_000,
		highLevel: { limit: 0 },
		hasLimit: false,
		rounds: 3,
	},
	{
		name: 'many',
		title: 'No limit, 10,000 items',
		items: 10_000,
		highLevel: { limit: 0 },
		hasLimit: false,
		rounds: 1,
	},
];

/** A case small enough to see in a minute that the benchmark works. */
export function quick(one: Case): Case {
	return { ...one, items: one.items / (one.hasLimit ? 4 : 10), rounds: 1 };
}
