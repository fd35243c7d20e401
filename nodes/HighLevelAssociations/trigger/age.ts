/** How far a delivery's timestamp may be off the clock of this machine, either way, in ms. */
export const LONGEST_AGE = 5 * 60_000;

/** Smaller numbers are seconds, others milliseconds. In seconds it is the year 5138, in milliseconds 1973. */
const FIRST_MILLISECONDS = 1e11;

/** The time that a delivery's `timestamp` names, in ms since 1970: ISO 8601, seconds or milliseconds. NaN if it is none. */
export function timeOf(timestamp: unknown): number {
	if (typeof timestamp === 'string' && !/^\d+$/.test(timestamp)) {
		// A time without a zone is meant as UTC, wherever this machine is.
		return Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(timestamp) ? timestamp : `${timestamp}Z`);
	}
	const number = Number(timestamp ?? NaN);
	return number < FIRST_MILLISECONDS ? number * 1_000 : number;
}

/** Whether a delivery's `timestamp` is at most `LONGEST_AGE` off. */
export function isOnTime(timestamp: unknown): boolean {
	return Math.abs(Date.now() - timeOf(timestamp)) <= LONGEST_AGE;
}
