import { startSimulator, type StartedSimulator } from '../../simulator/start';
import { startEditor, type Editor } from './n8nServer';
import { createHome, type Home } from './home';
import { installN8n } from '../install/install';
import type { ServerSettings } from './server';

/** The token that the tests use, not a real one. It must be found nowhere but in the credential. */
export const TOKEN = ['pit', 'that', 'is', 'made', 'up'].join('-');

/** A token that may delete and not read. */
export const WRITING_TOKEN = 'pit-that-only-writes';

export const CREDENTIAL_TYPE = 'highLevelPrivateIntegrationApi';

// On a busy machine a start of n8n takes half a minute.
jest.setTimeout(240_000);

/** n8n may have to be installed first, where a file is run without `npm test`. */
const LONGEST_START = 900_000;

/**
 * One n8n and one simulated HighLevel for a test file; the latter as it was before each test, with 60 associations.
 *
 * @param settings for n8n, or what gives them once the URL of the simulated HighLevel is known
 */
export function useN8n(settings: ServerSettings | ((highLevel: string) => ServerSettings) = {}) {
	const started = {} as {
		simulator: StartedSimulator;
		home: Home;
		editor: Editor;
		credential: { id: string; name: string };
	};

	beforeAll(async () => {
		const tokens = ['--token', TOKEN, '--token', `${WRITING_TOKEN}=associations.write`];
		started.simulator = await startSimulator([
			...tokens,
			'--associations',
			'60',
			'--relations',
			'0',
		]);
		started.home = await createHome(await installN8n());
		const { url } = started.simulator;
		started.editor = await startEditor(
			started.home,
			typeof settings === 'function' ? settings(url) : settings,
		);
		const name = 'HighLevel account';
		const id = await started.editor.createCredential({
			name,
			type: CREDENTIAL_TYPE,
			data: credentialData(),
		});
		started.credential = { id, name };
	}, LONGEST_START);
	beforeEach(async () => await started.simulator.reset());
	afterAll(async () => {
		await started.editor?.stop();
		await started.home?.remove();
		await started.simulator?.stop();
	});

	function credentialData(more: Record<string, unknown> = {}): Record<string, unknown> {
		return {
			token: TOKEN,
			locationId: '',
			apiVersion: '2021-07-28',
			baseUrl: started.simulator.url,
			...more,
		};
	}

	return {
		get simulator() {
			return started.simulator;
		},
		get home() {
			return started.home;
		},
		get editor() {
			return started.editor;
		},
		/** The stored credential, as a node of a workflow names it. */
		get credentials() {
			return { [CREDENTIAL_TYPE]: started.credential };
		},
		credentialData,
		/** IDs that can be deleted. */
		async ids() {
			return (await started.simulator.state()).associations
				.filter((association) => association.associationType === 'USER_DEFINED')
				.map((association) => association.id);
		},
		/** Paths of the deletions that arrived. */
		async deletions() {
			return (await started.simulator.requests())
				.filter(({ method }) => method === 'DELETE')
				.map(({ path }) => path);
		},
	};
}
