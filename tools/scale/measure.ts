import type { INode } from 'n8n-workflow';

import {
	deletable,
	endsOf,
	readRuns,
	startDeletions,
	workerOf,
	type Deletions,
} from '../../test/n8n/harness/deletions';
import { NODES } from '../../test/n8n/harness/deleteWorkflow';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import type { QueueMode } from '../../test/n8n/harness/queueMode';
import { namedDeleted, tally, type Tally } from '../../test/n8n/harness/tally';
import type { WorkflowRun } from '../../test/n8n/harness/workflow';
import { floorOf } from '../../test/simulator/rateLimit';
import type { StartedSimulator } from '../../test/simulator/start';

/** An n8n in queue mode and a simulated HighLevel. */
export interface Setup {
	n8n: QueueMode;
	simulator: StartedSimulator;
}

/** What a scenario has come to. */
export interface Outcome {
	deletions?: Figures;
	/** What else was seen. */
	notes: string[];
	/** What was expected and is not so. */
	misses: string[];
}

/** What became of deletions. */
export interface Figures extends Tally {
	items: number;
	/** From the start of the first execution to the end of the last, in ms. */
	time: number;
	/** What the limit dictates, in ms. */
	floor?: number;
}

/** The longest that executions are waited for, in ms. */
export const LONGEST_RUN = 1_800_000;

/** Stores a credential, and gives it as a node names it. */
export async function signIn(
	{ n8n, simulator }: Setup,
	token = 'pit-demo',
): Promise<NonNullable<INode['credentials']>> {
	const credential = await n8n.main.createCredential(privateIntegration(simulator, { token }));
	return { [CREDENTIAL_TYPE]: credential };
}

/** What is expected of deletions at most; nothing lost in any case. */
export interface Bounds {
	unaccounted?: number;
	/** Of all requests. */
	turnedAway?: number;
	/** Time over the floor. */
	over?: number;
}

export function findMisses(
	{ lost, unaccounted, requests, turnedAway, time, floor = Infinity }: Figures,
	bounds: Bounds,
): string[] {
	const { unaccounted: mayBeUnaccounted = 0, turnedAway: part = 1, over = Infinity } = bounds;
	return [
		lost > 0 && `${lost} lost`,
		unaccounted > mayBeUnaccounted &&
			`${unaccounted} unaccounted for (at most ${mayBeUnaccounted})`,
		turnedAway > part * requests &&
			`${((100 * turnedAway) / requests).toFixed(1)} % of the requests answered 429 (at most ${100 * part} %)`,
		time > over * floor && `${(time / floor).toFixed(2)} × the floor (at most ${over} ×)`,
	].filter((miss) => miss !== false);
}

/** What has become of these associations, as reports of runs and other accounts name them. */
export async function count(
	{ simulator }: Setup,
	{ ids, began, runs, accounts = [] }: Counted,
): Promise<Figures> {
	const named = new Set([
		...runs.flatMap((run) => [...namedDeleted(run, NODES.delete)]),
		...accounts.flatMap((account) => [...account]),
	]);
	const left = new Set(await deletable(simulator));
	const requests = (await simulator.requests()).filter(({ method }) => method === 'DELETE');
	const ended = Math.max(...runs.map(({ raw }) => Date.parse(raw.stoppedAt)));
	return { items: ids.length, ...tally(ids, left, requests, named), time: ended - began };
}

interface Counted {
	ids: string[];
	/** In ms since 1970. */
	began: number;
	runs: WorkflowRun[];
	/** The IDs that others than the runs name as deleted. */
	accounts?: Array<Set<string>>;
}

/** Deletes all that there is, does something meanwhile, and counts; all executions must succeed. */
export async function deleteAll(
	setup: Setup,
	{ executions, credentials, parameters }: Pick<Deletions, 'executions'> & Partial<Deletions>,
	meanwhile: (executionIds: string[]) => Promise<void> = async () => {},
	bounds: Bounds = {},
): Promise<Outcome & { deletions: Figures }> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const used = credentials ?? (await signIn(setup));
	const began = Date.now();
	const deletions = { ids, executions, credentials: used, parameters };
	const executionIds = await startDeletions(n8n.main, deletions);
	await meanwhile(executionIds);
	const ends = await endsOf(n8n.main, executionIds, LONGEST_RUN);
	return await judge(setup, { ids, began, ends, executionIds }, bounds);
}

export async function judge(
	setup: Setup,
	{ ids, began, ends, executionIds }: Started,
	bounds: Bounds,
): Promise<Outcome & { deletions: Figures }> {
	const runs = await readRuns(setup.n8n.main, executionIds);
	const { settings } = await setup.simulator.state();
	const floor = floorOf(settings, ids.length);
	const deletions = { ...(await count(setup, { ids, began, runs })), floor };
	return {
		deletions,
		notes: [await describeSharing(setup, executionIds)],
		misses: [...findMisses(deletions, bounds), ...findFailures(ends)],
	};
}

interface Started {
	ids: string[];
	began: number;
	executionIds: string[];
	ends: string[];
}

export const findFailures = (ends: string[]) =>
	ends.every((end) => end === 'success') ? [] : [`executions ended as ${ends.join(', ')}`];

/** How many executions each worker has had. */
async function describeSharing({ n8n }: Setup, executionIds: string[]): Promise<string> {
	const used = await Promise.all(executionIds.map(async (id) => await workerOf(n8n.workers, id)));
	const counts = n8n.workers.map((worker) => used.filter((one) => one === worker).length);
	return `Executions by worker: ${counts.join(' : ')}.`;
}
