import type { IHttpRequestOptions } from 'n8n-workflow';

import { bodyOf } from './answer';
import type { Connection, Context } from './connection';
import { limitHeaders } from './headers';
import { isDoubtful, isTurnedAway, pauseBeforeRetry } from './retry';
import { send, type Outcome } from './send';

/** What a request came to: the body of its success, or the outcome of its last try, if there was one. */
export type Exchange = { tries: number; body: unknown } | { tries: number; outcome?: Outcome };

/** Who must know how an exchange goes, and how long it may pause. */
export interface Watcher {
	pause(milliseconds: number): Promise<void>;
	/** HighLevel says that no request is left for today. */
	daySpent(): void;
}

/**
 * Sends a request when the rate limit has room for it, and again where that is safe and may help, until there is an
 * answer to go by or the connection's queue is closed.
 */
export async function exchange(
	context: Context,
	connection: Connection,
	request: IHttpRequestOptions,
	watcher: Watcher,
): Promise<Exchange> {
	let outcome: Outcome | undefined;
	let tries = 0;
	let turnedAway = 0;
	let perhapsDone = false;
	let begin: number | undefined;
	for (;;) {
		const permit = await connection.lane.leave(tries > 0);
		if (!permit) return { tries, outcome };
		begin ??= Date.now();
		tries += 1;
		outcome = await send(context, connection, request).catch((error) => {
			permit.answered();
			throw error;
		});
		const limit = 'headers' in outcome ? limitHeaders(outcome.headers) : {};
		permit.answered('status' in outcome ? { refused: isTurnedAway(outcome), ...limit } : undefined);
		if (limit.dailyRemaining === 0) watcher.daySpent();
		const body = bodyOf(outcome, request, perhapsDone);
		if (body !== undefined) return { tries, body };

		if (isTurnedAway(outcome)) turnedAway += 1;
		perhapsDone ||= isDoubtful(outcome);
		const pause = pauseBeforeRetry(outcome, {
			method: request.method ?? 'GET',
			tries: tries - turnedAway,
			turnedAway,
			elapsed: Date.now() - begin,
		});
		if (pause === undefined) return { tries, outcome };
		await watcher.pause(pause);
	}
}
