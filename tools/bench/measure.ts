import { join } from 'node:path';

import type { N8nProgram } from '../../test/n8n/harness/commandLine';
import { deletable } from '../../test/n8n/harness/deletions';
import { deleteWorkflow, NODES } from '../../test/n8n/harness/deleteWorkflow';
import { execute, importCredential, importWorkflow } from '../../test/n8n/harness/headless';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import { namedDeleted, tally, type Tally } from '../../test/n8n/harness/tally';
import type { WorkflowFile, WorkflowRun } from '../../test/n8n/harness/workflow';
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
	const credential = privateIntegration(simulator, { locationId: LOCATION });
	await importCredential(program, { ...credential, id: ID });
	await importWorkflow(program, { ...workflow, id: ID });
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
	const ids = await deletable(simulator);
	const settings = contestant.settings(simulator.url);
	const workflow = deleteWorkflow({ ids, credentials: CREDENTIALS, settings });
	const { memory, ...run } = await runMeasured({ simulator, program }, workflow);
	const left = new Set(await deletable(simulator));
	const [task] = run.raw.data.resultData.runData[NODES.delete] ?? [];
	return {
		contestant,
		...tally(ids, left, await simulator.requests(), namedDeleted(run, NODES.delete)),
		time: task?.executionTime ?? NaN,
		memory,
	};
}
