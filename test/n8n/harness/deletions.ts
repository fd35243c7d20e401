import type { INode } from 'n8n-workflow';

import type { StartedSimulator } from '../../simulator/start';
import { deleteWorkflow, NODES } from './deleteWorkflow';
import { until, type N8nClient } from './n8nClient';
import type { Server } from './n8nServer';

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
	const associationId = { __rl: true as const, mode: 'id', value: '={{ $json.id }}' };
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
		return done.length >= count ? true : undefined;
	});
};

/** Waits until a worker has taken an execution, and gives that worker. */
export const workerOf = async (workers: Server[], executionId: string): Promise<Server> =>
	await until(`a worker for execution ${executionId}`, async () =>
		workers.find((worker) => worker.log().includes(`Worker started execution ${executionId} `)),
	);
