import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';

import { defaults, type Settings } from '../../simulator/settings';
import type { StartedSimulator } from '../../simulator/start';
import { deleteWorkflow, NODES } from './deleteWorkflow';
import { finishedRun, until, type N8nClient } from './n8nClient';
import type { Server } from './n8nServer';
import type { WorkflowRun } from './workflow';

/** Settings of the simulator by which it accepts these tokens. */
export const accept = (...tokens: string[]): Pick<Settings, 'tokens'> => ({
	tokens: tokens.map((name) => ({ name, scopes: defaults.tokens[0]!.scopes })),
});

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

const UNFINISHED = ['new', 'running', 'waiting'];

/** Waits, at most so many ms, until executions have ended, and gives the status of each. n8n is asked once a second. */
export async function endsOf(
	{ rest }: N8nClient,
	executionIds: string[],
	longest: number,
): Promise<string[]> {
	return await until(
		`the end of executions ${executionIds.join(', ')}`,
		async () => {
			await sleep(1_000);
			const { results } = await rest<{ results: Array<{ id: string; status: string }> }>(
				...(['GET', '/executions?limit=100'] as const),
			);
			const statuses = executionIds.map((id) => results.find((one) => one.id === id)?.status);
			return statuses.every((status) => status !== undefined && !UNFINISHED.includes(status))
				? (statuses as string[])
				: undefined;
		},
		longest,
	);
}

/** Reads executions that have ended and were not given up: those have no data. */
export const readRuns = async (
	{ rest }: N8nClient,
	executionIds: string[],
): Promise<WorkflowRun[]> =>
	await Promise.all(executionIds.map(async (id) => await finishedRun(rest, id)));
