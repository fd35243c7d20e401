import {
	NodeOperationError,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';

import type { Context, Credential } from './credential';
import type { Outcome } from './response';

/** A request, complete but for what the credential adds. */
export interface HighLevelRequest {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** The path, with its IDs percent-encoded. */
	url: string;
	qs?: IHttpRequestOptions['qs'];
	body?: IHttpRequestOptions['body'];
	headers?: IHttpRequestOptions['headers'];
	/** Whether a POST only reads, as a search does: then it is treated like a GET. */
	isRead?: boolean;
	/** What the engine and the user's Request Options add, such as a proxy. */
	options?: Partial<IHttpRequestOptions>;
}

/** Milliseconds after which a request without a whole response is given up, unless the user sets a timeout. */
const TIMEOUT = 60_000;

/**
 * Up to 2.8 n8n knows no `except`, so that a 401 is no exception there and renews nothing: then the request is sent once
 * more, with any status one. These go one after the other, as a refresh token works once and the engine has no lock.
 */
let renewing: Promise<unknown> = Promise.resolve();

/**
 * Sends one request through the engine, once, and tells what came of it instead of throwing. No token is spelled out in it
 * that the request was sent with.
 *
 * - The timeout is a deadline for the whole response: the engine's own begins anew with every byte.
 * - Stopping the execution does not abort the request, as the engine's own signal would: its outcome must be known.
 * - No status is an exception, as the engine would authenticate and send once more on a 401 that is one. With OAuth2 that
 *   is wanted, since it renews the token before.
 * - No redirect is followed: the engine would take the token along.
 * - With OAuth2 an error may be that of a renewal, which the engine begins once HighLevel has refused the request.
 *
 * (n8n-core, httpRequestWithAuthentication and requestOAuth2)
 *
 * @throws NodeOperationError when the engine could not even try, e.g. because the credential is not connected
 */
export async function send(
	context: Context,
	credential: Credential,
	{ method, url, qs, body, headers, options }: HighLevelRequest,
): Promise<Outcome> {
	const timeout = options?.timeout ?? TIMEOUT;
	const deadline = AbortSignal.timeout(timeout);
	/** Whether the engine was answered 401 last. */
	let isRefused = false;
	/** The token that the engine signed with last: it may have been renewed. */
	let signed = '';
	const httpRequest: typeof context.helpers.httpRequest = async (request) => {
		isRefused = false;
		signed = String(request.headers?.Authorization ?? '').replace('Bearer ', '');
		return await context.helpers.httpRequest(request).catch((error: RequestError) => {
			isRefused = error.response?.status === 401;
			throw error;
		});
	};
	const bounded = Object.create(context, {
		getExecutionCancelSignal: { value: () => deadline },
		helpers: { value: Object.create(context.helpers, { httpRequest: { value: httpRequest } }) },
	}) as Context;
	const redact = (body: unknown) => credential.redact(body, signed);
	const attempt = async (
		ignoreHttpStatusErrors: IHttpRequestOptions['ignoreHttpStatusErrors'],
	): Promise<IN8nHttpFullResponse> =>
		(await context.helpers.httpRequestWithAuthentication.call(
			bounded,
			credential.type,
			{
				...options,
				...credential.request,
				headers: { ...credential.request.headers, ...headers },
				method,
				url,
				qs,
				...(body !== undefined && { body }),
				timeout,
				arrayFormat: 'repeat',
				json: true,
				returnFullResponse: true,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors,
			},
			credential.authentication,
		)) as IN8nHttpFullResponse;
	try {
		const { isRenewedByEngine } = credential;
		let response = await attempt(isRenewedByEngine ? { ignore: true, except: [401] } : true);
		if (isRenewedByEngine && response.statusCode === 401) {
			const renewal = renewing.then(async () => await attempt(false));
			renewing = renewal.catch(() => {});
			response = await renewal;
		}
		const { statusCode: status, headers: received } = response;
		return { status, body: redact(response.body), headers: received };
	} catch (thrown) {
		const error = thrown as RequestError;
		const outcome = deadline.aborted ? { code: 'ETIMEDOUT' } : readOutcome(error);
		if (outcome && 'body' in outcome) outcome.body = redact(outcome.body);
		if (outcome) return { ...outcome, isRefused };
		throw new NodeOperationError(context.getNode(), String(error.message), {
			description: error.description,
		});
	}
}

/** What a failed request came to; undefined if the error is not of the network. */
function readOutcome(error: RequestError): Outcome | undefined {
	const cause = error.cause ?? error;
	// The refusal of a refresh token, in words, in an n8n that has none of its own.
	if ([cause.code, cause.httpCode].includes('EAUTH')) {
		return { status: 401, body: cause.message, headers: {} };
	}
	// n8n 1.104 to 2.33 loses the cause, and keeps its status or code, and its body. The error of a renewal has them itself.
	const { httpCode, context, code = httpCode, status = Number(httpCode) } = cause;
	const { body = context?.data } = cause;
	const response = cause.response ?? (status ? { status, data: body, headers: {} } : undefined);
	if (response && response.status >= 400) {
		return { status: response.status, body: response.data, headers: response.headers };
	}
	// A response whose body breaks off is an error in spite of its status.
	if (response) return { code: 'ECONNRESET' };
	return typeof code === 'string' ? { code } : undefined;
}

interface RequestError {
	message: string;
	description?: string;
	cause?: RequestError;
	code?: unknown;
	httpCode?: unknown;
	context?: { data?: unknown };
	status?: number;
	body?: unknown;
	response?: { status: number; data: unknown; headers: Record<string, unknown> };
}
