import { runWorkflow } from '../../test/engine/runWorkflow';
import { privateIntegration } from '../../test/n8n/harness/credentials';
import { startSimulator } from '../../test/simulator/start';

/** Deletes an association through n8n's workflow engine and prints the output. `deleteThroughEngine` starts it. */
async function deleteAssociation(): Promise<void> {
	const simulator = await startSimulator({});
	const { associations } = await simulator.state();
	const { output, error } = await runWorkflow({
		parameters: { associationId: { __rl: true, mode: 'id', value: associations[0]!.id } },
		credentials: privateIntegration(simulator).data,
	});
	process.stdout.write(error?.message ?? JSON.stringify(output[0]?.json));
	await simulator.stop();
}

void deleteAssociation();
