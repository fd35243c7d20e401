import { join } from 'node:path';

import type { N8nProgram } from '../../test/n8n/harness/commandLine';
import { deleteWorkflow, NODES } from '../../test/n8n/harness/deleteWorkflow';
import { execute, importCredentials, importWorkflows } from '../../test/n8n/harness/headless';
import { privateIntegration } from '../../test/n8n/harness/privateIntegration';
import { namedDeleted, tally, type Tally } from '../../test/n8n/harness/tally';
import type { WorkflowFile, WorkflowRun } from '../../test/n8n/harness/workflow';
import { CREDENTIAL_TYPE } from '../../test/n8n/harness/sharedN8n';
import type { StartedSimulator } from '../../test/simulator/start';
import { LOCATION } from '../../test/simulator/webhooks';
import type { Case } from './cases';
import type { Contestant } from './contestants';

/** What one run of one contestant came to. */
export interface Measurement extends Tally {
	contestant: Contestant;
	/** How long n8n ran the node, in milliseconds. */
	time: number;
	/** The most memory that the n8n process held, in bytes. */
	memory: number;
}

/** Where everything is measured: one simulated HighLevel, and a home for an n8n that is started anew for each run. */
export interface Arena {
	simulator: StartedSimulator;
	program: N8nProgram;
}

const ID = 'bench';

/** The credential that each run finds, as a node names it. */
export const CREDENTIALS = { [CREDENTIAL_TYPE]: { id: ID, name: 'HighLevel account' } };

/** Runs a workflow in an n8n of its own; `memory` is the most that the n8n process held, in bytes. */
export async function runMeasured(
	{ simulator, program }: Arena,
	workflow: WorkflowFile,
): Promise<WorkflowRun & { memory: number }> {
	const credential = privateIntegration(simulator, undefined, { locationId: LOCATION });
	await importCredentials(program, [{ ...credential, id: ID }]);
	await importWorkflows(program, [{ ...workflow, id: ID }]);
	const flags = ['--require', join(__dirname, 'peakMemory.js')];
	const { printed, ...run } = await execute({ ...program, flags }, ID);
	return { ...run, memory: Number(/peak memory: (\d+) bytes/.exec(printed)?.[1]) };
}

/** Has one contestant delete all associations of a case that HighLevel was reset to, in an n8n of its own. */
export async function measure(
	{ simulator, program }: Arena,
	{ items, highLevel }: Case,
	contestant: Contestant,
): Promise<Measurement> {
	await simulator.reset({ ...highLevel, associations: items, system: 0, relations: 0 });
	const ids = (await simulator.state()).associations.map(({ id }) => id);
	const workflow = deleteWorkflow({
		ids,
		credentials: CREDENTIALS,
		settings: contestant.settings(simulator.url),
	});
	const { memory, ...run } = await runMeasured({ simulator, program }, workflow);
	const left = new Set((await simulator.state()).associations.map(({ id }) => id));
	const [task] = run.raw.data.resultData.runData[NODES.delete] ?? [];
	return {
		contestant,
		...tally(ids, left, await simulator.requests(), namedDeleted(run, NODES.delete)),
		time: task?.executionTime ?? NaN,
		memory,
	};
}
