import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import type { FaultRule } from '../simulator/faults';
import { accept, defaults } from '../simulator/settings';
import { startSimulator } from '../simulator/start';
import { runWorkflow, type RunSettings } from './runWorkflow';

export { accept };

/** The token that the tests use. It must be found nowhere but in the credential. */
export const TOKEN = 'pit-not-a-real-token';
const LOCATION = defaults.location;

/**
 * One simulated HighLevel for a test file, as it was before each test. `run` runs the node against it, with an
 * association a given ID is deleted unless the settings say otherwise.
 */
export function useSimulator() {
	let simulator: Awaited<ReturnType<typeof startSimulator>>;
	let tests = 0;
	beforeAll(async () => {
		simulator = await startSimulator({ ...accept(TOKEN), associations: 12, limit: 0 });
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
		location: LOCATION,
		credentials: (more: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject => ({
			token: TOKEN,
			locationId: LOCATION,
			baseUrl: simulator.url,
			...more,
		}),
		/** The user-defined associations. */
		async associations() {
			const { associations } = await simulator.state();
			return associations.filter(({ associationType }) => associationType === 'USER_DEFINED');
		},
		async ids() {
			return (await this.associations()).map(({ id }) => id);
		},
		/** What HighLevel received, without queries: `DELETE /associations/6d6f…`. */
		async requested(method = '') {
			return (await simulator.requests())
				.map((request) => `${request.method} ${request.path.split('?')[0]}`)
				.filter((request) => request.startsWith(method));
		},
		/** Makes requests fail by these rules, and by no others. */
		fail: async (...faults: FaultRule[]) => await simulator.set({ faults }),
		async run(settings: Partial<RunSettings> = {}) {
			return await runWorkflow({
				parameters: deleteById(),
				credentials: this.credentials(),
				// No test inherits what another one's rate limit was.
				credentialId: `test ${tests}`,
				...settings,
			});
		},
		/** As `run`, of a run that must not end with an error. */
		async succeed(settings: Partial<RunSettings> = {}) {
			const result = await this.run(settings);
			if (result.error) throw result.error;
			return result;
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

/** A response in place of HighLevel's own; without a body, with the words of its status. */
export const respond = (
	code: number,
	body?: unknown,
	more: Partial<FaultRule> = {},
): FaultRule => ({ kind: 'status', status: code, body, ...more });

/** Items that hold an `id` each. */
export const itemsOf = (ids: unknown[]) => ids.map((id) => ({ json: { id: id as string } }));

/** Lets five minutes, the longest that a run waits for the rate limit, pass in half a second. */
export function hastenClock(): void {
	const now = performance.now.bind(performance);
	jest.spyOn(performance, 'now').mockImplementation(() => now() * 600);
}
