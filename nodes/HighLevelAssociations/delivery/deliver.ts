import {
	NodeOperationError,
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestOptions,
	type INodeExecutionData,
	type INodePropertyRouting,
} from 'n8n-workflow';

import { failedItem, stopError } from './account';
import { answerIn } from './answer';
import { apiError, daySpentError } from './errors';
import { exchange, type Exchange } from './exchange';
import { fillPath, type Ids } from './path';
import { isTurnedAway } from './retry';
import { runOf, type Fate, type Run } from './run';

/**
 * What an Operation menu carries so that the engine hands every request of its operations to `deliver`. The engine
 * calls it pagination, but it is the one place where a declarative node may wrap a request of any kind.
 */
export const throughDelivery: INodePropertyRouting = {
	operations: { pagination: deliver },
	send: { paginate: true },
};

/**
 * Takes one item's request, whose URL is a path with `{parameter}` parts, to HighLevel, and its answer back as the
 * item's output. A failed item comes out as one that says so, or ends the run, as the node's On Error setting says.
 *
 * @throws NodeApiError or NodeOperationError when the run ends, with what became of all its items
 */
async function deliver(
	this: IExecutePaginationFunctions,
	{ options }: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const itemIndex = this.getItemIndex();
	const run = runOf(this);
	run.arrive(itemIndex);
	const { path, ids, flaw } = fillPath(this, options.url ?? '');
	const refused: Fate | undefined = flaw && { is: 'failed', ids, error: flaw, details: {}, unsent: true };
	if (refused) run.settle(itemIndex, refused);
	await run.gathered();
	const fate = refused ?? (await ask(this, run, { ...options, url: path } as IHttpRequestOptions, ids));
	run.settle(itemIndex, fate);

	if (fate.is === 'done') return [{ json: fate.json, pairedItem: { item: itemIndex } }];
	if (fate.is === 'unsent') return [];
	if (!run.stopsOnFailure) return [failedItem(fate, itemIndex)];
	await run.settled();
	throw stopError(run, fate, itemIndex);
}

/** Asks HighLevel for what one item wants, together with the other items that want the same deletion. */
async function ask(
	context: IExecutePaginationFunctions,
	run: Run,
	request: IHttpRequestOptions,
	ids: Ids,
): Promise<Fate> {
	const key = `${request.method} ${request.url}`;
	const work = async () => await exchange(context, run, request);
	try {
		const result = await (request.method === 'DELETE' ? run.once(key, work) : work());
		const fate = await fateOf(context, run, request, ids, result);
		if (fate.is !== 'done') run.forget(key);
		return fate;
	} catch (error) {
		run.forget(key);
		return { is: 'failed', ids, error: new NodeOperationError(run.node, error), details: {}, unsent: true };
	}
}

async function fateOf(
	context: IExecutePaginationFunctions,
	run: Run,
	request: IHttpRequestOptions,
	ids: Ids,
	{ outcome, tries, doubtful }: Exchange,
): Promise<Fate> {
	const effort: IDataObject = tries > 1 ? { tries } : {};
	const about = { method: request.method ?? 'GET', path: request.url, itemIndex: context.getItemIndex() };
	if (run.dayIsSpent && (!outcome || isTurnedAway(outcome))) {
		return { is: 'failed', ids, error: daySpentError(run.node, about), details: effort, unsent: true };
	}
	if (!outcome) return { is: 'unsent', ids };
	const { ifNotFound } = context.getNodeParameter('options', {}) as { ifNotFound?: string };
	const json = answerIn(outcome, about.method, ids, { goneIsDone: doubtful, goneIsFine: ifNotFound === 'succeed' });
	if (json) return { is: 'done', ids, json: { ...json, ...effort } };
	const error = apiError(run.node, about, await run.withoutSecrets(outcome));
	const cause: IDataObject = 'status' in outcome ? { status: outcome.status } : { code: outcome.code };
	return { is: 'failed', ids, error, details: { ...cause, ...effort } };
}
