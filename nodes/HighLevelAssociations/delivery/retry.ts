import type { Outcome } from './send';

/** At most so many tries for one request; being turned away by the rate limit is no try of HighLevel's service. */
const TRIES = 8;
const TURNED_AWAY = 50;

/** Milliseconds after its first try beyond which a request is not tried again. */
const PATIENCE = 300_000;

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** Nothing can have been carried out: the connection was not made. */
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** It may have been carried out although no answer came. */
const LOST = ['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE'];

/** How often and for how long a request has been tried. */
export interface Effort {
	method: string;
	tries: number;
	turnedAway: number;
	/** Milliseconds since the first try. */
	elapsed: number;
}

/**
 * How long to wait before a failed request is tried again, in milliseconds; undefined if it must not be. A POST is
 * not idempotent, so it is tried again only where it cannot have been carried out. Being turned away with 429 needs
 * no pause of its own: the limiter knows when there is room again.
 */
export function pauseBeforeRetry(outcome: Outcome, effort: Effort): number | undefined {
	if (effort.elapsed > PATIENCE) return undefined;
	if (isTurnedAway(outcome)) return effort.turnedAway < TURNED_AWAY ? 0 : undefined;
	const certain = 'code' in outcome && UNSENT.includes(outcome.code);
	const passing = certain || isDoubtful(outcome) || ('status' in outcome && outcome.status === 503);
	if (!passing || effort.tries >= TRIES || (effort.method === 'POST' && !certain)) return undefined;
	const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (effort.tries - 1));
	return pause * (0.5 + Math.random() / 2);
}

/** Whether the rate limit turned the request away, so that it was not carried out. */
export function isTurnedAway(outcome: Outcome): boolean {
	return 'status' in outcome && outcome.status === 429;
}

/** Whether the request may have been carried out all the same. */
export function isDoubtful(outcome: Outcome): boolean {
	return 'status' in outcome ? [502, 504].includes(outcome.status) : LOST.includes(outcome.code);
}
