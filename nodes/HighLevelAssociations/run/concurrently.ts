import { CONCURRENCY } from '../transport/queue';

/**
 * Works on values as they come, on as many at once as can be under way.
 *
 * @param work gives false where no more is wanted
 * @throws the first error of any; then no further value is begun, and what was begun is completed
 */
export async function workConcurrently<Value>(
	values: AsyncGenerator<Value>,
	work: (value: Value) => Promise<boolean>,
): Promise<void> {
	const errors: unknown[] = [];
	const takeTurns = async () => {
		try {
			// Whoever leaves this loop closes the generator for all.
			for await (const value of values) if (!(await work(value))) return;
		} catch (error) {
			errors.push(error);
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, takeTurns));
	if (errors.length > 0) throw errors[0];
}
