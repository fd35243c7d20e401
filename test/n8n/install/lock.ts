import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

/** A lock whose holder has not said for this long that it lives is taken over, in ms. */
const STALE = 15_000;

/**
 * Does the work while no other process does it for the same path, and gives what it gives. Where one does, it waits and
 * says so once on stderr; a lock whose holder died is taken over.
 *
 * @param path a file or folder, there or not; its parent must be there
 * @param waiting what to say while another process holds the lock
 */
export async function withLock<Result>(
	path: string,
	waiting: string,
	work: () => Promise<Result>,
): Promise<Result> {
	const release = await take(path, () => process.stderr.write(`${waiting}\n`));
	try {
		return await work();
	} finally {
		await release().catch(() => {});
	}
}

async function take(path: string, onWait: () => void): Promise<() => Promise<void>> {
	for (let tries = 0; ; tries++) {
		try {
			return await lock(path, {
				realpath: false,
				stale: STALE,
				// A machine that slept may find its lock taken over. The work then fails by itself, or is found done.
				onCompromised: () => {},
			});
		} catch (error) {
			if (error.code !== 'ELOCKED') throw error;
			if (tries === 0) onWait();
			await sleep(1000);
		}
	}
}
