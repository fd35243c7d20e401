import { Limiter } from './limiter';

const limiters = new Map<string, Limiter>();

/** The limiter that everything in this process shares which uses one credential. Those that idle are let go. */
export function limiterOf(credential: string): Limiter {
	for (const [key, limiter] of limiters) if (limiter.idle) limiters.delete(key);
	const limiter = limiters.get(credential) ?? new Limiter();
	limiters.set(credential, limiter);
	return limiter;
}
