import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';

import type { StartedSimulator } from '../../simulator/start';
import { deleteWorkflow, NODES } from './deleteWorkflow';
import { isOver, until, type N8nClient } from './n8nClient';
import type { Server } from './n8nServer';
import { locate, type WorkflowRun } from './workflow';

/** What several executions delete, and how. */
export interface Deletions {
	ids: string[];
	/** How many executions share them. */
	executions: number;
	credentials: INode['credentials'];
	/** Parameters of the node besides. */
	parameters?: INode['parameters'];
}

/** Starts workflows that share these associations, all at once, and gives the executions' IDs. */
export async function startDeletions(
	{ createWorkflow, start }: N8nClient,
	{ ids, executions, credentials, parameters }: Deletions,
): Promise<string[]> {
	const associationId = locate('id', '={{ $json.id }}');
	const settings = { parameters: { associationId, ...parameters } };
	const size = Math.ceil(ids.length / executions);
	const workflowIds: string[] = [];
	for (let from = 0; from < ids.length; from += size) {
		const workflow = deleteWorkflow({ ids: ids.slice(from, from + size), credentials, settings });
		workflowIds.push(await createWorkflow(workflow));
	}
	return await Promise.all(workflowIds.map(async (id) => await start(id, NODES.trigger)));
}

/** The IDs of the associations that can be deleted. */
export const deletable = async (simulator: StartedSimulator): Promise<string[]> =>
	(await simulator.state()).associations
		.filter(({ associationType }) => associationType === 'USER_DEFINED')
		.map(({ id }) => id);

/** Waits until so many of the deletions that arrived were answered with success. */
export const deleted = async (simulator: StartedSimulator, count: number): Promise<void> => {
	await until(`${count} deletions`, async () => {
		const requests = await simulator.requests();
		const done = requests.filter(({ method, status }) => method === 'DELETE' && status === 200);
		return done.length >= count;
	});
};

/** Waits until a worker has taken an execution, and gives that worker. */
export const workerOf = async (workers: Server[], executionId: string): Promise<Server> =>
	await until(`a worker for execution ${executionId}`, async () =>
		workers.find((worker) => worker.log().includes(`Worker started execution ${executionId} `)),
	);

/** Waits, at most so many ms, until executions have ended, and gives the status of each. n8n is asked once a second. */
export async function endsOf(
	n8n: N8nClient,
	executionIds: string[],
	longest: number,
): Promise<string[]> {
	const what = `the end of executions ${executionIds.join(', ')}`;
	const readEnds = async () => {
		await sleep(1_000);
		const executions = await n8n.executions();
		const ended = executions.filter((one) => executionIds.includes(one.id) && isOver(one));
		return ended.length === executionIds.length && ended;
	};
	const ended = await until(what, readEnds, longest);
	return executionIds.map((id) => ended.find((one) => one.id === id)!.status);
}

/** Reads executions that have ended and were not given up: those have no data. */
export const readRuns = async (n8n: N8nClient, executionIds: string[]): Promise<WorkflowRun[]> =>
	await Promise.all(executionIds.map(async (id) => await n8n.finishedRun(id)));
