import {
	NodeOperationError,
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
	type INodePropertyRouting,
} from 'n8n-workflow';

import { doneItems, failedItem, stopError, type Fate } from './account';
import { Failure, Unsent } from './failure';
import { Item } from './item';
import { runOf, type Run } from './run';
import type { Template } from './template';

/** What an operation does for an item, where it is more than one request: asks, and makes the item's output. */
export type Work = (item: Item, request: Template) => Promise<IDataObject[]>;

const askOnce: Work = async (item, request) => [(await item.ask(request)) as IDataObject];

/**
 * What an operation's routing carries besides its request, so that the engine hands the request over to be delivered.
 * The engine calls it pagination, but it is the one place where a declarative node may wrap a request of any kind.
 */
export function delivery(work: Work = askOnce): INodePropertyRouting {
	return {
		operations: {
			async pagination({ options }) {
				return await deliver(this, options, work);
			},
		},
		send: { paginate: true },
	};
}

/**
 * Does an operation's work for one item. A failed item comes out as one that says so, or ends the run, as the node's
 * On Error setting says.
 *
 * @throws NodeApiError or NodeOperationError when the run ends, with what became of all its items
 */
async function deliver(
	context: IExecutePaginationFunctions,
	request: DeclarativeRestApiSettings.HttpRequestOptions,
	work: Work,
): Promise<INodeExecutionData[]> {
	const run = runOf(context);
	const item = new Item(context, run, request);
	run.arrive(item.index);
	if (item.flaw) run.settle(item.index, { is: 'failed', ids: item.ids, failure: item.flaw });
	await run.gathered();
	const fate = await fateOf(item, run, async () => await work(item, request));
	run.settle(item.index, fate);

	if (fate.is === 'done') return doneItems(fate.output, item);
	if (fate.is === 'unsent') return [];
	if (!run.stopsOnFailure) return [failedItem(fate.failure, item)];
	await run.settled();
	throw stopError(run, fate.failure, item);
}

async function fateOf(item: Item, run: Run, work: () => Promise<IDataObject[]>): Promise<Fate> {
	const { ids, flaw } = item;
	if (flaw) return { is: 'failed', ids, failure: flaw };
	try {
		return { is: 'done', ids, output: await work() };
	} catch (error) {
		if (error instanceof Unsent) return { is: 'unsent', ids };
		if (error instanceof Failure) return { is: 'failed', ids, failure: error };
		const options = { itemIndex: item.index };
		return {
			is: 'failed',
			ids,
			failure: new Failure(new NodeOperationError(run.node, error, options), {}, true),
		};
	}
}
