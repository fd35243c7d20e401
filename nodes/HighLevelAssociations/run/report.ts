import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeExecutionData,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { ItemError } from './errors';
import type { ItemResult, Outcomes, Subject, Verb } from './result';

const MAX_IDS_IN_MESSAGE = 10;

/** How to run a stopped workflow again where HighLevel refuses to do again what is done. */
const WAYS_ON: Partial<Record<Verb, string>> = {
	created: "To go on from here, set the option 'If Exists' to Succeed and run the workflow again.",
	deleted:
		"To go on from here, set the option 'If Not Found' to Succeed and run the workflow again.",
};

/** The output of an item. One that took more than one attempt says how many. */
export function createOutput(
	output: IDataObject[],
	{ index, attempts }: Subject,
): INodeExecutionData[] {
	const [first] = output;
	const items = output.length === 1 && attempts > 1 ? [{ ...first, attempts }] : output;
	return items.map((json) => ({ json, pairedItem: { item: index } }));
}

/**
 * A failed item as the output of a node that continues on errors. With the keys `error` and `details` alone n8n counts
 * it as failed, sends it to the error output where that is on, and leaves it its details; an item that carries an error
 * object loses them. Up to 2.34.4 n8n knows no `details` and asks for that object. There it is one that can't be
 * enumerated, so that it is gone once the engine has merged the input in (n8n-core, WorkflowExecute,
 * handleNodeErrorOutput and normalizeNodeErrors).
 */
export function createFailedOutput(
	context: IExecuteSingleFunctions,
	{ error, failure }: ItemError,
	item: Subject,
): INodeExecutionData {
	const { message, description } = error;
	const output = {
		json: { error: message, details: { ...listDetails(failure.details, item), description } },
		pairedItem: { item: item.index },
	};
	const isMerged = context.getExecuteData().source !== null;
	if (context.getNode().onError === 'continueErrorOutput' && isMerged) {
		Object.defineProperty(output, 'error', { value: error, writable: true });
	}
	return output;
}

/** The error of a run that stops: what to do about the item that failed, and what became of all the others. */
export function createStopError(
	run: Outcomes,
	{ error, failure }: ItemError,
	item: Subject,
): NodeApiError | NodeOperationError {
	const { text, lists } = summarize(run);
	const [, nextStep, request = ''] = /^(.*?)( \([A-Z]+ \/\S*\))?$/s.exec(error.description ?? '')!;
	const name = formatName(item.ids);
	const which = run.total > 1 ? `Item ${item.index}${name && ` (${name})`} stopped the run. ` : '';
	const isAllNamed = Object.values(lists).every((list) => list.length <= MAX_IDS_IN_MESSAGE);
	const more = isAllNamed ? '' : ' All are listed under Error details.';
	const { verb } = run;
	const wayOn = (verb && run.changes.length > 0 && WAYS_ON[verb]) || '';
	error.description = `${nextStep} ${which}${text}${more} ${wayOn}`.trim() + request;
	Object.assign(error.context, {
		itemIndex: item.index,
		...listDetails(failure.details, item),
		...lists,
		// This is what the editor shows under Error details, with a button that copies it.
		data: lists,
	});
	return error;
}

/**
 * What became of the items of a run over all of n8n's tries, each in one place: in sentences that name the first IDs,
 * and as lists that name all.
 */
export function summarize(run: Outcomes, maxIds = MAX_IDS_IN_MESSAGE) {
	const { verb, total } = run;
	const changed = run.changes.map(({ id }) => id);
	const unconfirmed = run.changes.filter(({ isConfirmed }) => !isConfirmed).map(({ id }) => id);
	const results: ItemResult[] = [...run.results.values()];
	const failed: string[] = [];
	const unknown: string[] = [];
	const notSent: string[] = [];
	let notSentCount = total - results.length;
	for (const result of results) {
		if (result.is === 'done') continue;
		const failure = result.is === 'failed' ? result.error.failure : { isNotSent: true };
		if (failure.isNotSent) notSentCount += 1;
		const list = failure.isNotSent ? notSent : failure.mayHaveSucceeded ? unknown : failed;
		list.push(formatName(result.ids));
	}
	const unique = (names: string[]) => [...new Set(names.filter(Boolean))];
	const count = (names: string[], word: string) => {
		const list = listNames(unique(names), maxIds);
		return names.length > 0 && `${names.length} ${word}${list && `: ${list}`}.`;
	};
	const sentences = [
		verb && (count(changed, verb) || (unknown.length === 0 && `Nothing was ${verb}.`)),
		unconfirmed.length > 0 &&
			`HighLevel did not confirm ${unconfirmed.length} of them: ${listNames(unconfirmed, maxIds)}.`,
		total > 1 && count(failed, 'failed'),
		verb && count(unknown, `may have been ${verb}`),
		total > 1 && notSentCount > 0 && `${notSentCount} not sent.`,
	];
	const lists: Record<string, string[]> = {
		...(verb && { [verb]: changed }),
		...(unconfirmed.length > 0 && { unconfirmed }),
		failed: unique(failed),
		unknown: unique(unknown),
		notSent: unique(notSent),
	};
	return { text: sentences.filter(Boolean).join(' '), lists };
}

const listDetails = (details: IDataObject = {}, { ids, attempts }: Subject): IDataObject => ({
	...ids,
	...details,
	...(attempts > 1 && { attempts }),
});

/** What an item is about: the key of what it creates, or its IDs. */
export const formatName = (ids: Subject['ids']): string => ids.key ?? Object.values(ids).join('/');

function listNames(names: string[], maxIds: number): string {
	const more = names.length - maxIds;
	return names.slice(0, maxIds).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
