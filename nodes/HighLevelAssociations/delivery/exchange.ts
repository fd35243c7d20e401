import type { IExecuteSingleFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { limitHeaders } from './headers';
import { isDoubtful, isTurnedAway, pauseBeforeRetry } from './retry';
import type { Run } from './run';
import { send, type Outcome } from './send';

/** Milliseconds after which a request without an answer is given up, unless the user sets the node's own timeout. */
const TIMEOUT = 60_000;

/** What the engine sets where the user sets no timeout (n8n-core, RoutingNode). */
const ENGINE_TIMEOUT = 300_000;

/** What a request came to after all its tries. */
export interface Exchange {
	/** Undefined if the run was stopped before the first try. */
	outcome?: Outcome;
	tries: number;
	/** Whether a try before the last may have been carried out although its answer was lost. */
	doubtful: boolean;
}

/**
 * Sends a request when the rate limit has room for it, and again where that is safe and may help, until there is an
 * answer to go by. When the run is stopped, what is under way is awaited and nothing is sent any more.
 */
export async function exchange(
	context: IExecuteSingleFunctions,
	run: Run,
	options: IHttpRequestOptions,
): Promise<Exchange> {
	const result: Exchange = { tries: 0, doubtful: false };
	const method = options.method ?? 'GET';
	const { baseUrl } = await run.credential();
	const baseURL = String(baseUrl).replace(/\/+$/, '');
	const timeout = options.timeout === ENGINE_TIMEOUT ? TIMEOUT : options.timeout;
	let turnedAway = 0;
	let begin: number | undefined;
	for (;;) {
		const permit = await run.lane.leave(result.tries > 0);
		if (!permit) return result;
		begin ??= Date.now();
		result.doubtful ||= result.outcome !== undefined && isDoubtful(result.outcome);
		result.tries += 1;
		try {
			result.outcome = await send(context, run.credentialType, { ...options, baseURL, timeout });
		} catch (error) {
			permit.answered();
			throw error;
		}
		const { outcome } = result;
		const limit = 'headers' in outcome ? limitHeaders(outcome.headers) : {};
		if (isTurnedAway(outcome)) turnedAway += 1;
		permit.answered('status' in outcome ? { refused: isTurnedAway(outcome), ...limit } : undefined);
		if (limit.dailyRemaining === 0) run.spendDay();
		const pause = pauseBeforeRetry(outcome, {
			method,
			tries: result.tries - turnedAway,
			turnedAway,
			elapsed: Date.now() - begin,
		});
		if (pause === undefined) return result;
		await run.pause(pause);
	}
}
