import { join } from 'node:path';

import type { N8nProgram } from '../../test/n8n/harness/commandLine';
import { deleteWorkflow, NODES } from '../../test/n8n/harness/deleteWorkflow';
import { execute, importCredentials, importWorkflows } from '../../test/n8n/harness/headless';
import type { StartedSimulator } from '../../test/simulator/start';
import type { Case } from './cases';
import { CREDENTIAL_TYPE, type Contestant } from './contestants';
import { namedDeleted, tally, type Tally } from './tally';

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

/** Has one contestant delete all associations of a case that HighLevel was reset to, in an n8n of its own. */
export async function measure(
	{ simulator, program }: Arena,
	{ items, highLevel }: Case,
	contestant: Contestant,
): Promise<Measurement> {
	const credential = { id: 'bench', name: 'HighLevel' };
	const data = {
		token: 'pit-demo',
		locationId: '',
		apiVersion: '2021-07-28',
		baseUrl: simulator.url,
	};
	await importCredentials(program, [{ ...credential, type: CREDENTIAL_TYPE, data }]);
	await simulator.reset({ ...highLevel, associations: items, system: 0, relations: 0 });
	const ids = (await simulator.state()).associations.map(({ id }) => id);
	const workflow = deleteWorkflow({
		ids,
		credentials: { [CREDENTIAL_TYPE]: credential },
		settings: contestant.settings(simulator.url),
	});
	await importWorkflows(program, [{ ...workflow, id: 'bench' }]);

	const flags = ['--require', join(__dirname, 'peakMemory.js')];
	const { printed, ...run } = await execute({ ...program, flags }, 'bench');
	const left = new Set((await simulator.state()).associations.map(({ id }) => id));
	const [task] = run.raw.data.resultData.runData[NODES.delete] ?? [];
	return {
		contestant,
		...tally(ids, left, await simulator.requests(), namedDeleted(run, NODES.delete)),
		time: task?.executionTime ?? NaN,
		memory: Number(/peak memory: (\d+) bytes/.exec(printed)?.[1]),
	};
}
