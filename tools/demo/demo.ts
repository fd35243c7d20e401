import { Problem } from '../../test/program/problem';
import { onEnd } from '../../test/program/main';
import { progress } from '../../test/program/progress';
import { startSimulator, type StartedSimulator } from '../../test/simulator/start';
import { readDemoArguments } from './arguments';
import { startEditor, type Editor } from '../../test/n8n/harness/n8nServer';
import { exampleWorkflows } from '../../test/n8n/harness/examples';
import { createHome } from '../../test/n8n/harness/home';
import { installN8n } from '../../test/n8n/install/install';
import { requireFreePort } from '../../test/n8n/harness/ports';
import { OWNER } from '../../test/n8n/harness/rest';

/** Those that the simulator has by itself, and some for the nightly clean-up and the form that asks. */
const ASSOCIATIONS = [{}, {}, {}, { key: 'temp_import' }, { key: 'temp_test' }];

const CREDENTIAL = { name: 'HighLevel account', type: 'highLevelPrivateIntegrationApi' };

/**
 * Shows the node in the real n8n against a simulated HighLevel: deletes one association without a browser and prints
 * what came of it. Then it keeps n8n's editor up until it is interrupted, or with `--once` it ends.
 *
 * @throws {Problem} with a sentence where something is missing or the deletion did not do what it should
 */
export async function demo(args: string[]): Promise<void> {
	const { once, port } = readDemoArguments(args);
	if (!once) await requireFreePort(port);
	const installation = await installN8n();

	const [simulator, editor] = await progress(
		'Starting n8n with the node, and a simulated HighLevel',
		async () =>
			await Promise.all([
				startSimulator({ associations: ASSOCIATIONS }),
				createHome(installation).then(
					async (home) => await startEditor(home, once ? {} : { port, pages: true }),
				),
			]),
	);
	onEnd(async () => await simulator.stop());
	await showDeletion(editor, simulator);
	// What was deleted is there again for the user, who finds the same example in the editor.
	await simulator.reset();
	if (!once) await keepUp(editor, simulator);
}

async function showDeletion(editor: Editor, simulator: StartedSimulator): Promise<void> {
	const { settings } = await simulator.state();
	const data = {
		token: 'pit-demo',
		locationId: settings.location,
		apiVersion: '2021-07-28',
		baseUrl: simulator.url,
	};
	const id = await editor.createCredential({ ...CREDENTIAL, data });
	const stored = new Map<string, string>();
	for (const [file, workflow] of exampleWorkflows({ ...CREDENTIAL, id })) {
		stored.set(file, await editor.createWorkflow(workflow));
	}

	const run = await editor.run(
		stored.get('delete-association.json')!,
		"When clicking 'Execute workflow'",
	);
	const answer = run.outputs('Delete association')[0]?.[0]?.json;
	if (run.status !== 'success' || !answer?.deleted) {
		throw new Problem(
			`The association was not deleted. n8n says: ${run.error?.message ?? run.status}`,
		);
	}
	process.stdout.write(`Deleted the association ${answer.id}. HighLevel says: ${answer.message}\n`);
	await checkRequests(simulator);
}

/** The one request that HighLevel should have had: a DELETE with the token and the API's version. */
async function checkRequests(simulator: StartedSimulator): Promise<void> {
	const deletions = (await simulator.requests()).filter(({ method }) => method === 'DELETE');
	const [deletion] = deletions;
	const { authorization = '', version } = deletion?.headers ?? {};
	if (
		!deletion ||
		deletions.length > 1 ||
		!/^Bearer ./.test(authorization) ||
		version !== '2021-07-28'
	) {
		throw new Problem(
			`The simulated HighLevel did not get the one request it should have: ${JSON.stringify(deletions)}`,
		);
	}
	process.stdout.write(
		`HighLevel, simulated, got one request: DELETE ${deletion.path}, with a Bearer token and Version 2021-07-28.\n`,
	);
}

async function keepUp(editor: Editor, simulator: StartedSimulator): Promise<void> {
	process.stdout.write(
		[
			'',
			`n8n's editor:        ${editor.url}`,
			`Sign in with:        ${OWNER.email}  ${OWNER.password}`,
			`Simulated HighLevel: ${simulator.url}`,
			'Ctrl-C ends both.',
			'',
		].join('\n'),
	);
	await editor.ended;
	throw new Problem(`n8n has ended by itself. Its last words:\n${editor.log().slice(-1000)}`);
}
