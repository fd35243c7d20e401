import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';

import type { Rest } from './rest';
import { readRun, type RawRun, type WorkflowRun } from './workflow';

/** How long one workflow may take to be started and to end, in ms. */
const LONGEST = 120_000;

/** Waits until a workflow is run for the nth time, whatever starts it, and gives the ID of that run. */
export async function startedRun(rest: Rest, workflowId: string, n = 1): Promise<string> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	return await until(`run ${n} of workflow ${workflowId}`, async () => {
		const { results } = await rest<{ results: Array<{ id: string }> }>(
			'GET',
			`/executions?filter=${filter}`,
		);
		return results.at(-n)?.id;
	});
}

/** Waits for the end of a run. */
export async function finishedRun(rest: Rest, executionId: string): Promise<WorkflowRun> {
	const execution = await until(`the end of execution ${executionId}`, async () => {
		const found = await rest<{ status: string; data: string }>('GET', `/executions/${executionId}`);
		return ['new', 'running', 'waiting'].includes(found.status) ? undefined : found;
	});
	return readRun({ ...execution, data: parse(execution.data) } as unknown as RawRun);
}

/** Asks again and again until there is an answer. */
export async function until<Answer>(
	what: string,
	ask: () => Promise<Answer | undefined>,
): Promise<Answer> {
	for (const began = Date.now(); Date.now() - began < LONGEST; ) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		await sleep(50);
	}
	throw new Error(`Waited in vain for ${what}.`);
}
