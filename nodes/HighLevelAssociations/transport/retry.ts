import { sleep } from 'n8n-workflow';

import { send, type HighLevelRequest } from './client';
import type { Context, Credential } from './credential';
import { isScopeMissing } from './errors';
import type { RequestQueue } from './queue';
import {
	isNotFound,
	isRateLimited,
	isSuccess,
	isTransient,
	mayHaveSucceeded,
	readMessage,
	readRateLimit,
	type Outcome,
} from './response';

/** At most so many attempts for one request; one that is rate-limited does not count. */
const MAX_ATTEMPTS = 8;

/** Milliseconds after its first attempt beyond which a request is not sent again. */
const MAX_ELAPSED = 300_000;

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** What a request came to, after so many attempts, the last of them under this credential. */
export type Result = { attempts: number; credential: Credential } & (
	| { is: 'success'; body: unknown; isConfirmed: boolean }
	| { is: 'failure'; outcome: Outcome; mayHaveSucceeded: boolean }
	/** Not sent, or only rate-limited: the run was stopped, or HighLevel asked to wait for too long, in ms since 1970. */
	| { is: 'notSent'; blockedUntil?: number; outcome?: Outcome }
);

/** Of a request that did not succeed. */
export type FailedResult = Exclude<Result, { is: 'success' }>;

/** A request over its attempts, those of an earlier try of the same run included. */
export interface RequestHistory {
	/** Whether an attempt may have been carried out although its response was lost. */
	mayHaveSucceeded: boolean;
}

/** How a request is sent: for whom, with what credential, through which queue. */
export interface Sender {
	context: Context;
	credential: Credential;
	queue: RequestQueue;
	/** Waits, but no longer than until the run is stopped. */
	pause(milliseconds: number): Promise<void>;
	/** Takes note that the day's last request was used up; `reset` in ms from now or since 1970. */
	reachDailyLimit(reset?: number): void;
	/** Calls back when the run is stopped by hand, unless what it returns was called before. */
	whenCancelled?(act: () => void): () => void;
	/** How to send under another token after one was refused; undefined if there is no other. */
	renew?(): Promise<Sender | undefined>;
}

/**
 * Sends a request when the rate limit has room for it, and again where that is safe and may help, until there is a
 * result or the queue lets nothing through any more.
 */
export async function requestWithRetry(
	sender: Sender,
	request: HighLevelRequest,
	history: RequestHistory = { mayHaveSucceeded: false },
): Promise<Result> {
	let outcome: Outcome | undefined;
	let attempts = 0;
	let rateLimited = 0;
	let isRenewed = false;
	let start: number | undefined;
	for (;;) {
		const turn = await sender.queue.acquire(attempts > 0);
		if ('isTokenRefused' in turn) {
			sender = (await sender.renew?.()) ?? sender;
			continue;
		}
		if (!('slot' in turn)) {
			const blockedUntil = 'blockedUntil' in turn ? turn.blockedUntil : undefined;
			const { credential } = sender;
			if (outcome && history.mayHaveSucceeded) {
				return { is: 'failure', attempts, credential, outcome, ...history };
			}
			return { is: 'notSent', attempts, credential, blockedUntil, outcome };
		}
		start ??= performance.now();
		attempts += 1;
		const forget = sender.whenCancelled?.(() => turn.slot.release());
		outcome = await send(sender.context, sender.credential, request)
			.catch((error) => {
				turn.slot.release();
				throw error;
			})
			.finally(forget);
		const { dailyRemaining, dailyReset, ...limit } =
			'headers' in outcome ? readRateLimit(outcome.headers) : {};
		if (dailyRemaining === 0) sender.reachDailyLimit(dailyReset);
		const info = 'status' in outcome && { rateLimited: isRateLimited(outcome), ...limit };
		// Whoever stops the run because of this response does so before the next request gets the slot.
		const release = () => void sleep(0).then(() => turn.slot.release(info || undefined));

		const renewed = isTokenRefused(outcome) && !isRenewed && (await sender.renew?.());
		if (renewed) {
			isRenewed = true;
			if (renewed.queue !== sender.queue) sender.queue.refuseToken();
			sender = renewed;
			release();
			continue;
		}
		release();
		const { credential } = sender;
		if (isSuccess(isRead(request) ? 'GET' : request.method, outcome)) {
			return { is: 'success', attempts, credential, body: outcome.body, isConfirmed: true };
		}
		if (request.method === 'DELETE' && history.mayHaveSucceeded && isNotFound(outcome)) {
			return { is: 'success', attempts, credential, body: undefined, isConfirmed: false };
		}
		if (isRateLimited(outcome)) rateLimited += 1;
		if (!isRead(request)) history.mayHaveSucceeded ||= mayHaveSucceeded(outcome);
		const pause = findPause(outcome, attempts - rateLimited);
		if (pause === undefined || performance.now() - start > MAX_ELAPSED) {
			return { is: 'failure', attempts, credential, outcome, ...history };
		}
		await sender.pause(pause);
	}
}

/** Whether a request changes nothing at HighLevel. */
export const isRead = ({ method, isRead = method === 'GET' }: HighLevelRequest): boolean => isRead;

/** Whether another token may help. A scope that is missing stays so. */
const isTokenRefused = (outcome: Outcome) =>
	'status' in outcome &&
	outcome.status === 401 &&
	!isScopeMissing(outcome.status, readMessage(outcome.body));

/**
 * How long to wait before a failed request is sent again, in milliseconds; undefined if that does not help. It does no
 * harm: HighLevel refuses a duplicate of what a POST has created. A rate-limited request needs no pause of its own: the
 * queue knows when there is room again.
 */
function findPause(outcome: Outcome, attempts: number): number | undefined {
	if (isRateLimited(outcome)) return 0;
	if (!isTransient(outcome) || attempts >= MAX_ATTEMPTS) return undefined;
	const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1));
	return pause * (0.5 + Math.random() / 2);
}
