import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodePropertyRouting,
} from 'n8n-workflow';

import { apiError } from './errors';
import { fillPath } from './path';
import { runOf } from './run';
import { send } from './send';

/** Milliseconds after which a request without an answer is given up, unless the user sets the node's own timeout. */
const TIMEOUT = 60_000;

/** What the engine sets where the user sets no timeout (n8n-core, RoutingNode). */
const ENGINE_TIMEOUT = 300_000;

/**
 * What an Operation menu carries so that the engine hands every request of its operations to `deliver`. The engine
 * calls it pagination, but it is the one place where a declarative node may wrap a request of any kind.
 */
export const throughDelivery: INodePropertyRouting = {
	operations: { pagination: deliver },
	send: { paginate: true },
};

/**
 * Takes one item's request, whose URL is a path with `{parameter}` parts, to HighLevel and its answer back.
 *
 * @throws NodeOperationError for input that can't be sent, NodeApiError for what HighLevel refuses or loses
 */
async function deliver(
	this: IExecutePaginationFunctions,
	{ options }: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const path = fillPath(this, options.url ?? '');
	const request = { method: options.method ?? 'GET', path, itemIndex: this.getItemIndex() };
	const run = await runOf(this);
	const outcome = await send(this, run.credentialType, {
		...(options as IHttpRequestOptions),
		url: path,
		baseURL: run.baseURL,
		timeout: options.timeout === ENGINE_TIMEOUT ? TIMEOUT : options.timeout,
	});
	if ('status' in outcome && outcome.status >= 200 && outcome.status < 300) {
		return [{ json: outcome.body as IDataObject, pairedItem: { item: request.itemIndex } }];
	}
	throw apiError(this.getNode(), request, run.withoutSecrets(outcome));
}
