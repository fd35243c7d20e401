import {
	NodeOperationError,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';

/** What one try came to: an answer of any status, or the code of a loss on the network such as `ECONNRESET`. */
export type Outcome =
	| { status: number; body: unknown; headers: Record<string, unknown> }
	| { code: string };

/**
 * Sends one request through the engine, once, and tells what came of it instead of throwing.
 *
 * - No status is an exception: on a 401 that is one, the engine authenticates and sends a second time.
 * - No redirect is followed: the engine would take the token along.
 * - Stopping the execution does not abort it, as the engine's signal would: what became of it must be known.
 *
 * (n8n-core, httpRequestWithAuthentication)
 *
 * @throws NodeOperationError when the engine could not even try, e.g. without its credential
 */
export async function send(
	context: IExecuteSingleFunctions,
	credentialType: string,
	options: IHttpRequestOptions,
): Promise<Outcome> {
	const unaborted = Object.create(context, {
		getExecutionCancelSignal: { value: () => undefined },
	}) as IExecuteSingleFunctions;
	try {
		const answer = (await context.helpers.httpRequestWithAuthentication.call(unaborted, credentialType, {
			...options,
			json: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
		})) as IN8nHttpFullResponse;
		return { status: answer.statusCode, body: answer.body, headers: answer.headers };
	} catch (error) {
		const code = error.cause?.code ?? error.code;
		if (typeof code === 'string') return { code };
		throw new NodeOperationError(context.getNode(), String(error.message), {
			itemIndex: context.getItemIndex(),
			description: error.description,
		});
	}
}
