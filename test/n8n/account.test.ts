import { stripVTControlCharacters } from 'node:util';
import type { INode, INodeParameters } from 'n8n-workflow';

import { defaults } from '../simulator/settings';
import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { finishedRun, until } from './harness/n8nClient';
import { CREDENTIAL_TYPE, LOCATION, useN8n } from './harness/useN8n';
import { chain, node, to } from './harness/workflow';

const n8n = useN8n();

const { scopes } = defaults.tokens[0]!;

/** Has the node work on these items, each of which is an object or the ID of an association. */
const workflowOf = (items: unknown[], settings: Partial<INode> = {}) =>
	deleteWorkflow({ ids: items, credentials: n8n.credentials, settings });

const run = async (items: unknown[], settings: Partial<INode> = {}) =>
	await n8n.client.run(workflowOf(items, settings));

const locate = (mode: 'id' | 'key', value: string) => ({ __rl: true as const, mode, value });

const deletion = (options: INodeParameters) => ({
	parameters: { associationId: locate('id', '={{ $json.id }}'), options },
});

const creation = (options: INodeParameters = {}) => ({
	parameters: {
		operation: 'create',
		key: '={{ $json.key }}',
		firstObjectKey: 'contact',
		firstObjectLabel: 'Owner',
		secondObjectKey: 'custom_objects.pets',
		secondObjectLabel: 'Pet',
		options,
	},
});

const retryOnFail = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

const associations = async () =>
	(await n8n.simulator.state()).associations.filter(
		({ associationType }) => associationType === 'USER_DEFINED',
	);

/** The credential of a token that nothing was sent with before, so that nothing is known of its limit. */
async function createFreshCredential(token: string) {
	await n8n.simulator.set({ latency: 40, tokens: [{ name: token, scopes }] });
	return { [CREDENTIAL_TYPE]: await n8n.createCredential({ token }) };
}

describe('with Retry On Fail', () => {
	test('a second try sends only the deletions that are not done', async () => {
		const items = (await associations()).slice(0, 6).map(({ id, key }) => ({ id, key }));
		const { id: failing } = items[4]!;
		await n8n.simulator.set({
			faults: [{ kind: 'status', status: 500, method: 'DELETE', path: failing, times: 1 }],
		});
		const { status, outputs } = await run(items, {
			...deletion({ expectedKey: '={{ $json.key }}' }),
			...retryOnFail,
		});
		expect(status).toBe('success');
		expect(outputs(NODES.delete)[0]!.map(({ json }) => json)).toMatchObject(
			items.map(({ id }) => ({ deleted: true, id })),
		);
		const path = (id: string) => `/associations/${id}`;
		expect((await n8n.deletions()).sort()).toEqual(
			[...items.map(({ id }) => id), failing].map(path).sort(),
		);
	});

	test('nothing is created twice', async () => {
		await n8n.simulator.set({
			faults: [{ kind: 'status', status: 400, method: 'POST', times: 1, body: { message: 'No' } }],
		});
		const keys = ['fresh_0', 'fresh_1', 'fresh_2'];
		const { status, outputs } = await run(
			keys.map((key) => ({ key })),
			{ ...creation({ locationId: LOCATION }), ...retryOnFail },
		);
		expect(status).toBe('success');
		expect(outputs(NODES.delete)[0]!.map(({ json }) => json.key)).toEqual(keys);
		const statuses = (await n8n.simulator.requests()).map((request) => request.status);
		expect(statuses.sort()).toEqual([201, 201, 201, 400]);
	});
});

describe('with several sub-accounts', () => {
	const names = ['ours', 'theirs'];
	const ids = ['6d6f6e676f5f0000000000aa', '6d6f6e676f5f0000000000bb'];
	const items = names.map((location) => ({ location, token: `pit-of-${location}`, key: 'fresh' }));

	beforeEach(
		async () =>
			await n8n.simulator.reset({
				tokens: items.map(({ token: name, location }) => ({ name, scopes, location })),
				associations: names.map((locationId, index) => ({
					...{ id: ids[index]!, key: 'same', locationId },
				})),
				system: 0,
			}),
	);

	const byKey = (options: INodeParameters = {}) => ({
		parameters: { associationId: locate('key', 'same'), options },
	});

	/** The credential that names the token and the sub-account by expressions. */
	const perItem = async () => ({
		[CREDENTIAL_TYPE]: await n8n.createCredential({
			...{ token: '={{ $json.token }}', locationId: '={{ $json.location }}' },
		}),
	});

	test('a key is looked up in the Location ID of each item', async () => {
		const { token } = items[0]!;
		const { outputs } = await run(items, {
			...byKey({ locationId: '={{ $json.location }}' }),
			credentials: { [CREDENTIAL_TYPE]: await n8n.createCredential({ token }) },
			onError: 'continueRegularOutput',
		});
		expect(outputs(NODES.delete)[0]!.map(({ json }) => json)).toMatchObject([
			{ deleted: true, id: ids[0] },
			{ error: expect.stringContaining('does not have access to this location') },
		]);
	});

	test('a deletion goes to the sub-account that its item has in the credential', async () => {
		const { status, outputs } = await run(items, { ...byKey(), credentials: await perItem() });
		expect(status).toBe('success');
		expect(outputs(NODES.delete)[0]!.map(({ json }) => json.id)).toEqual(ids);
		expect(await associations()).toEqual([]);
	});

	test('so does a creation', async () => {
		const { status, outputs } = await run(items, { ...creation(), credentials: await perItem() });
		expect(status).toBe('success');
		expect(outputs(NODES.delete)[0]!.map(({ json }) => json.locationId)).toEqual(names);
		const created = (await associations()).filter(({ key }) => key === 'fresh');
		expect(created.map(({ locationId }) => locationId).sort()).toEqual(names);
	});
});

describe('On Error = Stop', () => {
	test('nothing is sent once a failure is known', async () => {
		const credentials = await createFreshCredential('pit-before-a-failure');
		await n8n.simulator.set({
			faults: [{ kind: 'status', status: 403, method: 'DELETE', times: 1 }],
		});
		const { error } = await run((await n8n.ids()).slice(0, 20), { credentials });
		expect(error?.description).toContain('Nothing was deleted. 1 failed: ');
		expect(await n8n.deletions()).toHaveLength(1);
	});

	test('nothing is sent once the day is used up', async () => {
		const credentials = await createFreshCredential('pit-before-the-end-of-the-day');
		await n8n.simulator.set({ daily: 1 });
		const [first, ...others] = (await n8n.ids()).slice(0, 20);
		const { error } = await run([first, ...others], { credentials });
		expect(error?.context?.deleted).toEqual([first]);
		expect(await n8n.deletions()).toHaveLength(1);
	});

	test('a column of numbers instead of IDs is one failure, and all of them are counted', async () => {
		const { error } = await run(Array.from({ length: 2_000 }, (_, index) => index));
		expect(error).toMatchObject({
			message: "'Association' must be a string, not a number",
			description: expect.stringContaining('Nothing was deleted. 2000 not sent.'),
		});
		expect(await n8n.deletions()).toEqual([]);
	});
});

describe('a response that comes byte by byte and never ends', () => {
	test('is given up after the Timeout', async () => {
		const [id = ''] = await n8n.ids();
		await n8n.simulator.set({ faults: [{ kind: 'dribble', delay: 50 }] });
		const { error } = await run([id], {
			parameters: {
				associationId: locate('id', '={{ $json.id }}'),
				requestOptions: { timeout: 500 },
			},
			onError: 'stopWorkflow',
		});
		expect(error?.message).toMatch(/did not respond in time/);
	});

	test('blocks no other run once its own is stopped', async () => {
		const ids = (await n8n.ids()).slice(0, 40);
		// Ten responses make room for ten requests at once.
		const endless = ids.slice(10, 39);
		await n8n.simulator.set({
			faults: [{ kind: 'dribble', method: 'DELETE', path: endless.join('|') }],
		});
		const before = n8n.log().length;
		const workflowId = await n8n.client.createWorkflow(workflowOf(ids.slice(0, 39)));
		const executionId = await n8n.client.start(workflowId, NODES.trigger);
		await until('ten requests without a response', async () =>
			(await n8n.deletions()).length === 20 ? true : undefined,
		);
		await n8n.client.rest('POST', `/executions/${executionId}/stop`);
		expect((await finishedRun(n8n.client.rest, executionId)).status).toBe('canceled');

		const { status, outputs } = await run(ids.slice(39));
		expect(status).toBe('success');
		expect(outputs(NODES.delete)[0]!.map(({ json }) => json.id)).toEqual(ids.slice(39));
		expect(await n8n.deletions()).toHaveLength(21);
		expect(n8n.log().slice(before)).toContain(`deleted ${ids[0]}`);
	});
});

test('each deletion is a line of the log', async () => {
	const ids = (await n8n.ids()).slice(0, 3);
	const before = n8n.log().length;
	await run(ids);
	const lines = stripVTControlCharacters(n8n.log().slice(before)).split('\n');
	for (const id of ids) {
		expect(lines).toContainEqual(
			expect.stringMatching(new RegExp(`info.*${NODES.delete}: deleted ${id}`)),
		);
	}
});

test('a failed item leaves by the error output only, also where nothing says which item it came from', async () => {
	const [first = '', second = ''] = await n8n.ids();
	const associationId = locate('id', '={{ $json.id }}');
	const { nodes } = workflowOf([1, 2], { onError: 'continueErrorOutput' });
	const [trigger, numbers, split, deleting, failed] = nodes as [INode, INode, INode, INode, INode];
	// Two items become three, so n8n does not pair them.
	const items = [first, 'unknown', second].map((id) => ({ json: { id } }));
	const code = node('Code', 'n8n-nodes-base.code', 2, {
		jsCode: `return ${JSON.stringify(items)};`,
	});
	const { status, outputs } = await n8n.client.run({
		name: 'Unpaired items',
		nodes: [trigger, numbers, split, code, { ...deleting, parameters: { associationId } }, failed],
		connections: {
			...chain(trigger, numbers, split, code, deleting),
			[NODES.delete]: { main: [[], [to(NODES.failed)]] },
		},
	});
	expect(status).toBe('success');
	expect(outputs('Code')[0]!.map(({ pairedItem }) => pairedItem)).toEqual([
		undefined,
		undefined,
		undefined,
	]);
	const [deleted, rejected] = outputs(NODES.delete);
	expect(deleted!.map(({ json }) => json.id)).toEqual([first, second]);
	expect(rejected!.map(({ json }) => json)).toMatchObject([
		{
			error: 'HighLevel returned 404: Association not found',
			details: { associationId: 'unknown' },
		},
	]);
	expect(outputs(NODES.failed)[0]).toHaveLength(1);
});
