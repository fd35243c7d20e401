import type { Case } from './cases';

/**
 * The least time in which so many requests can be sent, in milliseconds, as the limit dictates it: a first window's
 * worth at once, then one window after the other, each less what others take of it. Undefined without a limit.
 */
export function floorOf({
	items,
	highLevel: { limit = 0, window = 0, foreign = 0 },
}: Pick<Case, 'items' | 'highLevel'>): number | undefined {
	if (limit === 0) return undefined;
	const perWindow = limit - (foreign * window) / 1_000;
	return (Math.ceil(items / perWindow) - 1) * window;
}
