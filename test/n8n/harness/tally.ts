import type { WorkflowRun } from './workflow';
import type { RequestEntry } from '../../simulator/log';

/** What became of the associations that were to be deleted. */
export interface Tally {
	/** Asked for, and still there. */
	lost: number;
	/** Gone, and neither the run's output nor its error says so. */
	unaccounted: number;
	/** Requests that HighLevel received. */
	requests: number;
	/** Those that its limit turned away. */
	turnedAway: number;
	/** Deletions that were asked for again after the answer that they were done. */
	again: number;
}

/** @param left IDs that HighLevel still has */
export function tally(
	ids: string[],
	left: Set<string>,
	requests: RequestEntry[],
	named: Set<string>,
): Tally {
	const gone = ids.filter((id) => !left.has(id));
	return {
		lost: ids.length - gone.length,
		unaccounted: gone.filter((id) => !named.has(id)).length,
		requests: requests.length,
		turnedAway: requests.filter(({ status }) => status === 429).length,
		again: sentAgain(requests),
	};
}

function sentAgain(requests: RequestEntry[]): number {
	const done = new Set<string>();
	return requests.filter(({ path, status }) => {
		const again = done.has(path);
		if (status === 200) done.add(path);
		return again;
	}).length;
}

/** The IDs that a run says it has deleted: as output of its node, or in its error. */
export function namedDeleted(run: WorkflowRun, node: string): Set<string> {
	const items = run.outputs(node).flat();
	const deleted = items.filter(({ json }) => json.deleted === true);
	const { context } = (run.error ?? {}) as { context?: { deleted?: string[] } };
	return new Set([...deleted.map(({ json }) => String(json.id)), ...(context?.deleted ?? [])]);
}

/** The IDs that n8n's log says a node has deleted. */
export const namedInLog = (log: string, node: string): Set<string> =>
	new Set(
		[...log.matchAll(/^(.+): deleted (\w+)/gm)].flatMap(([, by, id]) => (by === node ? [id!] : [])),
	);
