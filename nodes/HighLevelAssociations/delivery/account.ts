import type {
	IDataObject,
	INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { Failure } from './failure';
import type { Item } from './item';
import type { Run } from './run';

/** What became of an item: its output, why it failed, or that it was not sent because the run was stopped. */
export type Fate =
	| { is: 'done'; ids: Item['ids']; output: IDataObject[] }
	| { is: 'failed'; ids: Item['ids']; failure: Failure }
	| { is: 'unsent'; ids: Item['ids'] };

/** So many IDs are named in an error's text; all of them are in its context. */
const NAMED = 10;

/** An item's output. Where a request took more than one try, a single answer says how many. */
export function doneItems(output: IDataObject[], { index, tries }: Item): INodeExecutionData[] {
	const [first] = output;
	const items = output.length === 1 && tries > 1 ? [{ ...first, tries }] : output;
	return items.map((json) => ({ json, pairedItem: { item: index } }));
}

/**
 * A failed item as the output of a node that continues on errors. With the keys `error` and `details` alone n8n takes
 * it for failed, sends it to the error output where that is on, and leaves it its details; an item that carries an
 * error object is stripped of them (n8n-core, WorkflowExecute).
 */
export function failedItem(failure: Failure, item: Item): INodeExecutionData {
	const { message, description } = failure.error;
	return {
		json: { error: message, details: { ...detailsOf(failure, item), description } },
		pairedItem: { item: item.index },
	};
}

/** The error of a run that stops: what failed and why, and what became of all the other items. */
export function stopError(
	run: Run,
	failure: Failure,
	item: Item,
): NodeApiError | NodeOperationError {
	const { error } = failure;
	const { text, ...lists } = summaryOf(run);
	const name = nameOf(item.ids);
	error.description = `Item ${item.index}${name && ` (${name})`} failed and stopped the run. ${text} ${error.description}`;
	Object.assign(error.context, { itemIndex: item.index, ...detailsOf(failure, item), ...lists });
	return error;
}

/** What became of the items of a run, in sentences that name so many IDs each, and as lists of all IDs. */
export function summaryOf(run: Run, named = NAMED) {
	const fates = [...run.fates.values()];
	const isUnsent = (fate: Fate) =>
		fate.is === 'unsent' || (fate.is === 'failed' && fate.failure.unsent);
	const deleted = namesOf(
		fates.filter((fate) => fate.is === 'done' && fate.output[0]?.deleted === true),
	);
	const failed = namesOf(fates.filter((fate) => fate.is === 'failed' && !isUnsent(fate)));
	const notSent = namesOf(fates.filter(isUnsent));
	const text = [
		deleted.length > 0
			? `${deleted.length} deleted: ${listed(deleted, named)}.`
			: 'Nothing was deleted.',
		failed.length > 1 ? `${failed.length} failed: ${listed(failed, named)}.` : '',
		notSent.length > 0 ? `${notSent.length} not sent.` : '',
	];
	return { deleted, failed, notSent, text: text.filter(Boolean).join(' ') };
}

const detailsOf = ({ details }: Failure, { ids, tries }: Item): IDataObject => ({
	...ids,
	...details,
	...(tries > 1 && { tries }),
});

const nameOf = (ids: Item['ids']) => Object.values(ids).join('/');

const namesOf = (fates: Fate[]) => [...new Set(fates.map(({ ids }) => nameOf(ids)))];

function listed(names: string[], named: number): string {
	const more = names.length - named;
	return names.slice(0, named).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
