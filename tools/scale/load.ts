import { randomUUID } from 'node:crypto';

import { deletable, endsOf, readRuns, startDeletions } from '../../test/n8n/harness/deletions';
import { accept } from '../../test/simulator/settings';
import { NODES } from '../../test/n8n/harness/deleteWorkflow';
import { chain, HIGHLEVEL, locate, node, sequence, to } from '../../test/n8n/harness/workflow';
import type { WorkflowFile } from '../../test/n8n/harness/workflow';
import { floorOf } from '../../test/simulator/rateLimit';
import { LIMIT } from '../bench/cases';
import { mebibytes } from '../bench/table';
import {
	count,
	deleteAll,
	findFailures,
	findMisses,
	judge,
	LONGEST_RUN,
	signIn,
	type Figures,
	type Outcome,
	type Setup,
} from './measure';

/** Tokens, each of which has the limit for itself. */
export const TEN = Array.from({ length: 10 }, (_, index) => `pit-demo-${index}`);

export async function deleteWithTen(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const all = await Promise.all(TEN.map(async (token) => await signIn(setup, token)));
	const size = ids.length / all.length;
	const began = Date.now();
	const started = await Promise.all(
		all.map(async (credentials, index) => {
			const share = ids.slice(index * size, (index + 1) * size);
			return await startDeletions(n8n.main, { ids: share, executions: 1, credentials });
		}),
	);
	const executionIds = started.flat();
	const ends = await endsOf(n8n.main, executionIds, LONGEST_RUN);
	const outcome = await judge(setup, { ids, began, executionIds, ends }, {});
	const floor = floorOf(LIMIT, size);
	return { ...outcome, deletions: { ...outcome.deletions, floor } };
}

const BATCH = 1_000;

/** Deletes all by a workflow that hands batches to a sub-workflow. */
export async function deleteInBatches(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const credentials = await signIn(setup);
	const associationId = locate('id', '={{ $json.id }}');
	const steps = [
		node(NODES.trigger, 'n8n-nodes-base.executeWorkflowTrigger', 1),
		node(NODES.delete, HIGHLEVEL, 1, { associationId }, { credentials }),
		// What goes back to the calling workflow.
		node('First', 'n8n-nodes-base.limit', 1, { maxItems: 1 }),
	];
	const part = await n8n.main.createWorkflow(sequence('Delete a batch', ...steps));
	await n8n.main.activate(part);
	const whole = await n8n.main.createWorkflow(batchWorkflow(ids, part));
	const began = Date.now();
	const executionId = await n8n.main.start(whole, NODES.trigger);
	const ends = await endsOf(n8n.main, [executionId], LONGEST_RUN);

	const parts = await n8n.main.executions(part);
	const partIds = parts.map(({ id }) => id);
	const deletions = await count(setup, { ids, began, runs: await readRuns(n8n.main, partIds) });
	const failures = findFailures([...ends, ...parts.map(({ status }) => status)]);
	return {
		deletions,
		notes: [`Sub-workflows: ${parts.length}.`],
		misses: [...findMisses(deletions, {}), ...failures],
	};
}

function batchWorkflow(ids: string[], workflowId: string): WorkflowFile {
	const jsonOutput = JSON.stringify({ id: ids });
	const nodes = [
		node(NODES.trigger, 'n8n-nodes-base.manualTrigger', 1),
		node('IDs', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput }),
		node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'id' }),
		node('Batches', 'n8n-nodes-base.splitInBatches', 3, { batchSize: BATCH, options: {} }),
		node('Delete a batch', 'n8n-nodes-base.executeWorkflow', 1.1, {
			...{ source: 'database', mode: 'once', options: {} },
			workflowId: locate('id', workflowId),
		}),
	];
	return {
		name: 'Delete in batches',
		nodes,
		connections: {
			...chain(...nodes.slice(0, 4)),
			Batches: { main: [[], [to('Delete a batch')]] },
			'Delete a batch': { main: [[to('Batches')]] },
		},
	};
}

const MINUTE = 60_000;

/** Runs workflows for five minutes and compares the heap of each worker after the first minute and at the end. */
export async function soak(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const heaps = () =>
		n8n.workers.map((worker) => {
			const samples = worker.log().matchAll(/heap after collection: (\d+) bytes/g);
			return middle([...samples].map(([, size]) => Number(size)));
		});
	const began = Date.now();
	let early: number[] | undefined;
	let sum: Figures | undefined;
	const misses: string[] = [];
	while (Date.now() - began < 5 * MINUTE) {
		const token = `pit-${randomUUID()}`;
		await simulator.reset({ associations: 400, ...accept(token) });
		const credentials = await signIn(setup, token);
		const outcome = await deleteAll(setup, { executions: 4, credentials });
		misses.push(...outcome.misses);
		sum = add(sum, outcome.deletions);
		if (Date.now() - began > 1.5 * MINUTE) early ??= heaps();
	}
	const [before, after] = [early!, heaps()];
	const growth = after.map((size, worker) => size / before[worker]! - 1);
	return {
		deletions: { ...sum!, time: Date.now() - began, floor: undefined },
		notes: before.map(
			(size, worker) =>
				`Worker ${worker + 1}: ${mebibytes(size)} after the first minute, ${mebibytes(after[worker]!)} at the end.`,
		),
		misses: [
			...new Set(misses),
			...growth
				.filter((part) => part > 0.05)
				.map((part) => `heap grown by ${(100 * part).toFixed(1)} % (at most 5 %)`),
		],
	};
}

/** The middle one of the last three samples. */
const middle = (samples: number[]) => samples.slice(-3).sort((a, b) => a - b)[1]!;

function add(sum: Figures | undefined, more: Figures): Figures {
	if (!sum) return more;
	const keys = ['items', 'lost', 'unaccounted', 'requests', 'turnedAway', 'again'] as const;
	return { ...sum, ...Object.fromEntries(keys.map((key) => [key, sum[key] + more[key]])) };
}
