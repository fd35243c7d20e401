import { existsSync } from 'node:fs';

import { Problem } from '../../test/program/problem';
import { readArguments } from '../../test/program/arguments';
import { onEnd } from '../../test/program/main';
import { progress } from '../../test/program/progress';
import { startSimulator, type StartedSimulator } from '../../test/simulator/start';
import { LOCATION } from '../../test/simulator/webhooks';
import { startN8n } from '../../test/n8n/harness/n8nServer';
import { exampleWorkflows } from '../../test/n8n/harness/examples';
import { createHome } from '../../test/n8n/harness/home';
import { installN8n } from '../../test/n8n/install/install';
import { requireFreePort } from '../../test/n8n/harness/ports';
import { cacheFolder, CURRENT } from '../../test/n8n/install/versions';
import { OWNER } from '../../test/n8n/harness/n8nClient';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import { deleteThroughEngine } from './deleteThroughEngine';

/** Those that the simulator has by itself, and some for the nightly clean-up and the form that asks. */
const ASSOCIATIONS = [{}, {}, {}, { key: 'temp_import' }, { key: 'temp_test' }];

const USAGE = 'Usage: npm start -- [--once] [--port NUMBER]';

type N8n = Awaited<ReturnType<typeof startN8n>>;

/**
 * Shows the node in the real n8n against a simulated HighLevel: deletes one association without a browser and prints
 * what came of it. Then it keeps n8n's editor up until it is interrupted, or with `--once` it ends.
 *
 * @throws {Problem} with a sentence where something is missing or the deletion did not do what it should
 */
export async function demo(args: string[]): Promise<void> {
	const options = { once: { type: 'boolean' }, port: { type: 'string', default: '5678' } } as const;
	const { once, port: given } = readArguments(args, options, USAGE);
	const port = Number(given);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Problem(`The port must be a number from 1 to 65535, not ${given}. ${USAGE}`);
	}
	if (!once) await requireFreePort(port);
	const [installation] = await Promise.all([
		installN8n(),
		existsSync(cacheFolder(CURRENT)) || deleteThroughEngine(),
	]);

	const [simulator, n8n] = await progress(
		'Starting n8n with the node, and a simulated HighLevel',
		async () => {
			const home = await createHome(installation);
			const settings = once ? {} : { port, pages: true };
			const starting = startSimulator({ associations: ASSOCIATIONS });
			return await Promise.all([starting, startN8n(home, settings)]);
		},
	);
	onEnd(async () => await simulator.stop());
	await showDeletion(n8n, simulator);
	// What was deleted is there again for the user, who finds the same example in the n8n.
	await simulator.reset();
	if (!once) await keepUp(n8n, simulator);
}

async function showDeletion(n8n: N8n, simulator: StartedSimulator): Promise<void> {
	const data = { locationId: LOCATION };
	const credential = await n8n.createCredential(privateIntegration(simulator, data));
	const stored = new Map<string, string>();
	for (const [file, workflow] of exampleWorkflows(CREDENTIAL_TYPE, credential)) {
		stored.set(file, await n8n.createWorkflow(workflow));
	}

	const trigger = "When clicking 'Execute workflow'";
	const run = await n8n.runStored(stored.get('delete-association.json')!, trigger);
	const [answer] = run.json('Delete association');
	if (run.status !== 'success' || !answer?.deleted) {
		const words = run.error?.message ?? run.status;
		throw new Problem(`The association was not deleted. n8n says: ${words}`);
	}
	process.stdout.write(`Deleted the association ${answer.id}. HighLevel says: ${answer.message}\n`);
	const received = (await simulator.requests()).map(({ method, path, headers }) =>
		[method, path, headers.authorization, `Version ${headers.version}`].join(', '),
	);
	process.stdout.write(`The simulated HighLevel received: ${received.join('; ')}\n`);
}

async function keepUp(n8n: N8n, simulator: StartedSimulator): Promise<void> {
	process.stdout.write(
		[
			'',
			`n8n's editor:        ${n8n.url}`,
			`Sign in with:        ${OWNER.email}  ${OWNER.password}`,
			`Simulated HighLevel: ${simulator.url}`,
			'Ctrl-C ends both.',
			'',
		].join('\n'),
	);
	await n8n.ended;
	throw new Problem(`n8n exited unexpectedly. Last output:\n${n8n.log().slice(-1000)}`);
}
