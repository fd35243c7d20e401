import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';

import { NotSent } from './errors';
import { listParameters, type Template } from './input';
import { Item } from './item';
import { createFailedOutput, createOutput, createStopError } from './report';
import type { ItemResult, Verb } from './result';
import { findRun } from './run';

/** What an operation does for an item, where it is more than one request: asks, and creates the item's output. */
export type Work = (item: Item, request: Template) => Promise<IDataObject[]>;

/** What is done for an item. */
interface Action {
	request: Template;
	/** The parameters that it needs, where they are not those of its request. */
	parameters?: string[];
	/** Checks what else can be checked before anything is sent. */
	check?: (item: Item) => void | Promise<void>;
	work: Work;
}

/** What is performed for each item. */
export interface Performance extends Action {
	/** What is done instead where a parameter has a certain value. */
	instead?: Action & { parameter: string; value: string };
	/** What it does to HighLevel's data, if anything. */
	verb?: Verb;
	/** What the panel calls the parameters. */
	labels: Record<string, string>;
}

/**
 * The routing of an operation. The engine hands each item's request to this function instead of sending it: it calls it
 * pagination, but it is the one place where a declarative node may wrap a request of any kind (n8n-core, RoutingNode,
 * makeRequest). `makeRoutingRequest` is not called, so `postReceive` and `output` of a field do nothing here.
 */
export function createRouting(performance: Performance): INodePropertyRouting {
	return {
		request: performance.request as INodePropertyRouting['request'],
		operations: {
			async pagination({ options }) {
				return await performItem(this, options as Partial<IHttpRequestOptions>, performance);
			},
		},
		send: { paginate: true },
	};
}

/**
 * Performs an operation for one item. A failed item is output as one that says so, or stops the run, as the node's On
 * Error setting says.
 *
 * @throws NodeApiError or NodeOperationError when the run stops, with what became of all its items
 */
async function performItem(
	context: IExecutePaginationFunctions,
	options: Partial<IHttpRequestOptions>,
	performance: Performance,
): Promise<INodeExecutionData[]> {
	const run = findRun(context, performance.verb);
	const item = new Item(context, run, performance.labels);
	const { instead } = performance;
	const isInstead = instead && item.parameter(instead.parameter, '') === instead.value;
	const action = isInstead ? instead : performance;
	const current = run.arrive(item.index);
	await current.entrance.pass();

	const before = run.results.get(item.index);
	let result = before?.is === 'done' ? before : await readItem(item, action, options);
	let known = result && run.record(result);
	if (run.stopsOnFailure) await current.checkIn();
	if (!result) {
		result = await perform(item, async () => {
			if (current.isStopped) throw new NotSent();
			return await action.work(item, action.request);
		});
		known = run.record(result);
	}

	if (result.is === 'done') return createOutput(result.output, result);
	if (!run.stopsOnFailure) {
		return known?.is === 'failed' ? [createFailedOutput(context, known.error, known)] : [];
	}
	if (result.is === 'notSent' || current.stoppedBy !== item.index) return [];
	await current.waitForAll();
	throw createStopError(run, result.error, result);
}

/** Reads and checks all that can be before anything is sent; gives why it failed if it can't be. */
async function readItem(
	item: Item,
	{ request, parameters = listParameters(request), check }: Action,
	options: Partial<IHttpRequestOptions>,
): Promise<ItemResult | undefined> {
	try {
		item.read(parameters, options);
		await check?.(item);
		await item.checkAccess(parameters.includes('locationId'));
		return undefined;
	} catch (error) {
		return item.fail(error);
	}
}

async function perform(item: Item, work: () => Promise<IDataObject[]>): Promise<ItemResult> {
	const { index, ids } = item;
	try {
		const output = await work();
		return { is: 'done', index, ids, attempts: item.attempts, output };
	} catch (error) {
		if (!(error instanceof NotSent)) return item.fail(error);
		if (!item.hasChanged) return { is: 'notSent', index, ids, attempts: item.attempts };
		return item.fail(
			item.rejectResponse(
				'Not completed: the run was stopped',
				'Run this item again: it continues from what exists.',
			),
		);
	}
}
