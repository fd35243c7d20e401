import type { INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Failed, Fate, Run } from './run';

/** So many IDs are named in a text; all of them are in the error's context. */
const NAMED = 10;

/**
 * A failed item as the output of a node that continues on errors. With the keys `error` and `details` alone n8n takes
 * it for failed, sends it to the error output where that is on, and leaves it its details; an item that carries an
 * error object is stripped of them (n8n-core, WorkflowExecute).
 */
export function failedItem({ ids, error, details }: Failed, itemIndex: number): INodeExecutionData {
	return {
		json: { error: error.message, details: { ...ids, ...details, description: error.description } },
		pairedItem: { item: itemIndex },
	};
}

/** The error of a run that stops: what failed and why, and what became of all the other items. */
export function stopError(run: Run, { ids, error, details }: Failed, itemIndex: number): NodeApiError | NodeOperationError {
	const { text, ...lists } = summaryOf(run);
	const name = nameOf(ids);
	error.description = `Item ${itemIndex}${name && ` (${name})`} failed and stopped the run. ${text} ${error.description ?? ''}`.trim();
	Object.assign(error.context, { itemIndex, ...ids, ...details, ...lists });
	return error;
}

/** What became of the items of a run, in a sentence and as lists of IDs. */
export function summaryOf(run: Run) {
	const fates = [...run.fates.values()];
	const deleted = namesOf(fates.filter((fate) => fate.is === 'done' && fate.json.deleted === true));
	const failed = namesOf(fates.filter((fate) => fate.is === 'failed' && !fate.unsent));
	const notSent = namesOf(fates.filter((fate) => fate.is === 'unsent' || (fate.is === 'failed' && fate.unsent)));
	const text = [
		deleted.length > 0 ? `${deleted.length} deleted: ${listed(deleted)}.` : 'Nothing was deleted.',
		failed.length > 1 ? `${failed.length} failed: ${listed(failed)}.` : '',
		notSent.length > 0 ? `${notSent.length} not sent.` : '',
	];
	return { deleted, failed, notSent, text: text.filter(Boolean).join(' ') };
}

const nameOf = (ids: Fate['ids']) => Object.values(ids).join('/');

const namesOf = (fates: Fate[]) => [...new Set(fates.map(({ ids }) => nameOf(ids)))];

function listed(names: string[]): string {
	const more = names.length - NAMED;
	return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
