import { check, lock } from 'proper-lockfile';

/** A lock whose holder has not said for 15 seconds that it lives is taken over; who waits tries once a second. */
const OPTIONS = { realpath: false, stale: 15_000 };
const ONCE_A_SECOND = { forever: true, minTimeout: 1_000, maxTimeout: 1_000 };

/**
 * Does the work while no other process does it for the same path, and gives what it gives. Where one does, it waits and
 * says so once on stderr.
 *
 * @param path a file or folder, there or not; its parent must be there
 * @param waiting what to say while another process holds the lock
 */
export async function withLock<Result>(
	path: string,
	waiting: string,
	work: () => Promise<Result>,
): Promise<Result> {
	if (await check(path, OPTIONS)) process.stderr.write(`${waiting}\n`);
	const release = await lock(path, {
		...OPTIONS,
		retries: ONCE_A_SECOND,
		// A machine that slept may find its lock taken over. The work then fails by itself, or is found done.
		onCompromised: () => {},
	});
	try {
		return await work();
	} finally {
		await release().catch(() => {});
	}
}
