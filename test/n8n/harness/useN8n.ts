import { accept, defaults, type Settings } from '../../simulator/settings';
import { startSimulator, type StartedSimulator } from '../../simulator/start';
import { CREDENTIAL_TYPE, privateIntegration } from './credentials';
import { deletable } from './deletions';
import { createClient, type N8nClient } from './n8nClient';
import { readLog } from './n8nServer';
import { findShared } from './sharedN8n';

/** The token that the tests use, not a real one. It must be found nowhere but in the credential. */
export const TOKEN = ['pit', 'that', 'is', 'made', 'up'].join('-');

/** A token that may delete and not read. */
export const WRITING_TOKEN = 'pit-that-only-writes';

export { CREDENTIAL_TYPE };

/** The sub-account that the tokens belong to. */
export const LOCATION = defaults.location;

// A busy machine may take a minute for what takes seconds.
jest.setTimeout(240_000);

/**
 * A client of the shared n8n, and a simulated HighLevel for a test file; the latter as it was before each test, with 60
 * associations.
 *
 * @param highLevel settings of the simulator besides
 */
export function useN8n(highLevel: Partial<Settings> = {}) {
	const { url, program } = findShared();
	const client = createClient(url);
	const started = {} as {
		simulator: StartedSimulator;
		credential: Awaited<ReturnType<N8nClient['createCredential']>>;
	};

	beforeAll(async () => {
		started.simulator = await startSimulator({
			tokens: [...accept(TOKEN).tokens, { name: WRITING_TOKEN, scopes: ['associations.write'] }],
			...{ associations: 60, relations: 0 },
			...highLevel,
		});
		await client.logIn();
		started.credential = await createCredential();
	});
	beforeEach(async () => await started.simulator.reset());
	afterAll(async () => await started.simulator?.stop());

	/** A credential for the simulated HighLevel, with this data besides. */
	const credential = (more: Record<string, unknown> = {}) =>
		privateIntegration(started.simulator, { token: TOKEN, ...more });

	const createCredential = async (more: Record<string, unknown> = {}) =>
		await client.createCredential(credential(more));

	return {
		client,
		/** The n8n's command-line program and home. */
		program,
		/** Everything that the n8n has printed up to now. */
		log: () => readLog(program.home),
		get simulator() {
			return started.simulator;
		},
		/** The stored credential, as a node of a workflow names it. */
		get credentials() {
			return { [CREDENTIAL_TYPE]: started.credential };
		},
		credential,
		/** Stores another credential, and gives it as a node names it. */
		createCredential,
		/** IDs that can be deleted. */
		ids: async () => await deletable(started.simulator),
		/** Paths of the deletions that arrived. */
		async deletions() {
			return (await started.simulator.requests())
				.filter(({ method }) => method === 'DELETE')
				.map(({ path }) => path);
		},
	};
}
