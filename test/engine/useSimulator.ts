import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { scopes } from '../simulator/contract';
import { startSimulator } from '../simulator/start';
import { runWorkflow, type RunSettings } from './runWorkflow';

/** The token that the tests use. It must be found nowhere but in the credential. */
export const TOKEN = 'pit-not-a-real-token';

/**
 * One simulated HighLevel for a test file, as it was before each test. `run` runs the node against it, with an
 * association a given ID is deleted unless the settings say otherwise.
 */
export function useSimulator() {
	let simulator: Awaited<ReturnType<typeof startSimulator>>;
	let tests = 0;
	beforeAll(async () => {
		simulator = await startSimulator(['--token', TOKEN, '--associations', '12', '--limit', '0']);
	});
	beforeEach(async () => {
		tests += 1;
		await simulator.reset();
	});
	afterAll(async () => await simulator?.stop());
	return {
		get simulator() {
			return simulator;
		},
		/** The sub-account that the token belongs to. */
		location: 've9EPM428h8vShlRW1KT',
		credentials: (more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject => ({
			token: TOKEN,
			baseUrl: simulator.url,
			...more,
		}),
		async ids() {
			return (await simulator.state()).associations
				.filter((association) => association.associationType === 'USER_DEFINED')
				.map((association) => association.id);
		},
		async run(settings: Partial<RunSettings> = {}) {
			return await runWorkflow({
				parameters: deleteById(),
				credentials: this.credentials(),
				// No test inherits what another one's rate limit was.
				credentialId: `test ${tests}`,
				...settings,
			});
		},
	};
}

/** The node's parameters to delete the association whose ID each item holds as `id`. */
export function deleteById(
	value: unknown = '={{ $json.id }}',
	more: INodeParameters = {},
): INodeParameters {
	return {
		resource: 'association',
		operation: 'delete',
		associationId: byId(value as string),
		...more,
	};
}

/** The field Association, in the modes By ID and By Key. */
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });
export const byKey = (value: string) => ({ __rl: true, mode: 'key', value });

/** Settings of the simulator by which it accepts these tokens, each with all scopes. */
export const accept = (...names: string[]) => ({
	tokens: names.map((name) => ({ name, scopes: [...scopes] })),
});

/** Items that hold an `id` each. */
export const itemsOf = (ids: unknown[]) => ids.map((id) => ({ json: { id: id as string } }));

/** Lets five minutes, the longest that a run waits for the rate limit, pass in half a second. */
export function hastenClock(): void {
	const now = performance.now.bind(performance);
	jest.spyOn(performance, 'now').mockImplementation(() => now() * 600);
}
