import {
	NodeOperationError,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';

import type { Connection, Context } from './connection';

/** What one try came to: an answer of any status, or the code of a loss on the network such as `ECONNRESET`. */
export type Outcome =
	| { status: number; body: unknown; headers: Record<string, unknown> }
	| { code: string };

/**
 * Sends one request through the engine, once, and tells what came of it instead of throwing. Stopping the execution
 * does not abort it, as the engine's own signal would: what became of it must be known.
 *
 * @throws NodeOperationError when the engine could not even try, e.g. without its credential
 */
export async function send(
	context: Context,
	connection: Connection,
	request: IHttpRequestOptions,
): Promise<Outcome> {
	const unaborted = Object.create(context, {
		getExecutionCancelSignal: { value: () => undefined },
	}) as Context;
	try {
		const { statusCode, body, headers } = (await context.helpers.httpRequestWithAuthentication.call(
			unaborted,
			connection.credentialType,
			await connection.complete(request),
			await connection.authentication(),
		)) as IN8nHttpFullResponse;
		return { status: statusCode, body, headers };
	} catch (error) {
		const cause = error.cause ?? error;
		if (cause.response) {
			const { status, data, headers } = cause.response;
			return { status, body: data, headers };
		}
		if (typeof cause.code === 'string') return { code: cause.code };
		throw new NodeOperationError(context.getNode(), String(error.message), {
			description: error.description,
		});
	}
}
