import type { INode } from 'n8n-workflow';

import { defaults } from '../simulator/settings';
import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { until } from './harness/n8nClient';
import { CREDENTIAL_TYPE, useN8n } from './harness/useN8n';
import { chain, locate, node, to } from './harness/workflow';

const n8n = useN8n();

/** Has the node work on these items, each of which is an object or the ID of an association. */
const workflowOf = (items: unknown[], settings: Partial<INode> = {}) =>
	deleteWorkflow({ ids: items, credentials: n8n.credentials, settings });

const run = async (items: unknown[], settings: Partial<INode> = {}) =>
	await n8n.client.run(workflowOf(items, settings));

test('a second try of Retry On Fail sends only the deletions that are not done', async () => {
	const ids = (await n8n.ids()).slice(0, 6);
	const [failing = ''] = ids.slice(4);
	await n8n.simulator.set({
		faults: [{ kind: 'status', status: 500, method: 'DELETE', path: failing, times: 1 }],
	});
	const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const { status, json } = await run(ids, retry);
	expect(status).toBe('success');
	expect(json(NODES.delete)).toMatchObject(ids.map((id) => ({ deleted: true, id })));
	expect((await n8n.deletions()).sort()).toEqual(
		[...ids, failing].map((id) => `/associations/${id}`).sort(),
	);
});

test('a deletion goes to the sub-account that its item has in the credential', async () => {
	const { scopes } = defaults.tokens[0]!;
	const items = ['ours', 'theirs'].map((location) => ({ location, token: `pit-of-${location}` }));
	const ids = ['6d6f6e676f5f0000000000aa', '6d6f6e676f5f0000000000bb'];
	await n8n.simulator.reset({
		tokens: items.map(({ token: name, location }) => ({ name, scopes, location })),
		associations: ids.map((id, index) => ({ id, key: 'same', locationId: items[index]!.location })),
		system: 0,
	});
	const data = { token: '={{ $json.token }}', locationId: '={{ $json.location }}' };
	const credential = await n8n.createCredential(data);
	const { status, json } = await run(items, {
		parameters: { associationId: locate('key', 'same') },
		credentials: { [CREDENTIAL_TYPE]: credential },
	});
	expect(status).toBe('success');
	expect(json(NODES.delete).map(({ id }) => id)).toEqual(ids);
	expect((await n8n.simulator.state()).associations).toEqual([]);
});

test('a response that never ends blocks no other run once its own is stopped', async () => {
	const ids = (await n8n.ids()).slice(0, 40);
	// Ten responses make room for ten requests at once.
	const endless = ids.slice(10, 39);
	await n8n.simulator.set({
		faults: [{ kind: 'dribble', method: 'DELETE', path: endless.join('|') }],
	});
	const before = n8n.log().length;
	const workflowId = await n8n.client.createWorkflow(workflowOf(ids.slice(0, 39)));
	const executionId = await n8n.client.start(workflowId, NODES.trigger);
	const isFull = async () => (await n8n.deletions()).length === 20;
	await until('ten requests without a response', isFull);
	await n8n.client.rest('POST', `/executions/${executionId}/stop`);
	expect((await n8n.client.finishedRun(executionId)).status).toBe('canceled');

	const { status, json } = await run(ids.slice(39));
	expect(status).toBe('success');
	expect(json(NODES.delete).map(({ id }) => id)).toEqual(ids.slice(39));
	expect(await n8n.deletions()).toHaveLength(21);
	expect(n8n.log().slice(before)).toContain(`deleted ${ids[0]}`);
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
	const { status, outputs, json } = await n8n.client.run({
		name: 'Unpaired items',
		nodes: [trigger, numbers, split, code, { ...deleting, parameters: { associationId } }, failed],
		connections: {
			...chain(trigger, numbers, split, code, deleting),
			[NODES.delete]: { main: [[], [to(NODES.failed)]] },
		},
	});
	expect(status).toBe('success');
	const pairs = outputs('Code')[0]!.map(({ pairedItem }) => pairedItem);
	expect(pairs).toEqual(Array(3).fill(undefined));
	expect(json(NODES.delete).map(({ id }) => id)).toEqual([first, second]);
	const error = 'HighLevel returned 404: Association not found';
	expect(json(NODES.delete, 1)).toMatchObject([{ error, details: { associationId: 'unknown' } }]);
	expect(outputs(NODES.failed)[0]).toHaveLength(1);
});
