import type { IDataObject } from 'n8n-workflow';

import type { ItemError } from './errors';

/** Which item it is, what it is about, and the highest number of attempts of its requests. */
export interface Subject {
	index: number;
	/** By parameter, e.g. `{ associationId: '6d6f…' }`. */
	ids: Record<string, string>;
	attempts: number;
}

/** What became of an item: its output, why it failed, or that it was not sent because the run was stopped. */
export type ItemResult = Subject &
	({ is: 'done'; output: IDataObject[] } | { is: 'failed'; error: ItemError } | { is: 'notSent' });

/** What an operation has changed at HighLevel. */
export interface Change {
	id: string;
	/** False where the response was lost, and what HighLevel said then fits, but may have been so before. */
	isConfirmed: boolean;
}

/** What an operation does to HighLevel's data. */
export type Verb = 'created' | 'deleted' | 'restored' | 'updated';

/** What became of a run so far, over all of n8n's tries. */
export interface Outcomes {
	/** How many items the node gets. */
	total: number;
	/** What the operation does to HighLevel's data, if anything. */
	verb?: Verb;
	/** What was changed at HighLevel, in order. */
	changes: Change[];
	/** What became of each item, by its index. */
	results: Map<number, ItemResult>;
}
