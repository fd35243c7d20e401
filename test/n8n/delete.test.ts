import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { useN8n } from './harness/useN8n';

const n8n = useN8n();

/** The items of an output of the node, short: which association, and which item it came from. */
const summarize = (items: Array<{ json: object; pairedItem?: unknown }> = []) =>
	items.map(({ json, pairedItem }) => {
		const { id, details } = json as { id?: string; details?: { associationId: string } };
		return { id: id ?? details?.associationId, pairedItem };
	});

const pair = (ids: string[], first = 0) =>
	ids.map((id, index) => ({ id, pairedItem: { item: first + index } }));

test('deletes 50 associations, each paired with its item', async () => {
	const ids = (await n8n.ids()).slice(0, 50);
	const workflow = deleteWorkflow({ ids, credentials: n8n.credentials });
	const { status, outputs } = await n8n.client.run(workflow);
	expect(status).toBe('success');
	expect(summarize(outputs(NODES.delete)[0])).toEqual(pair(ids));
	expect((await n8n.deletions()).sort()).toEqual(ids.map((id) => `/associations/${id}`).sort());
});

test('runs when a Schedule Trigger fires', async () => {
	const ids = (await n8n.ids()).slice(0, 3);
	const workflow = deleteWorkflow({ ids, trigger: 'schedule', credentials: n8n.credentials });
	const id = await n8n.client.createWorkflow(workflow);
	await n8n.client.activate(id);
	const { status, outputs } = await n8n.client.nthRun(id);
	await n8n.client.deactivate(id);
	expect(status).toBe('success');
	expect(summarize(outputs(NODES.delete)[0])).toEqual(pair(ids));
});

test('an unknown ID leaves by the error output, with its ID, and the others by the regular one', async () => {
	const [first = '', second = '', third = ''] = await n8n.ids();
	const workflow = deleteWorkflow({
		ids: [first, second, 'unknown', third],
		credentials: n8n.credentials,
		settings: { onError: 'continueErrorOutput' },
	});
	const { status, outputs, json } = await n8n.client.run(workflow);
	expect(status).toBe('success');
	const [deleted, failed] = outputs(NODES.delete);
	expect(summarize(deleted)).toEqual([...pair([first, second]), ...pair([third], 3)]);
	expect(summarize(failed)).toEqual(pair(['unknown'], 2));
	const error = 'HighLevel returned 404: Association not found';
	expect(json(NODES.failed)[0]).toMatchObject({ error });
});

test('a failure under On Error = Stop is kept in the execution with what became of all items', async () => {
	const [first = '', second = ''] = await n8n.ids();
	const ids = [first, 'unknown', second];
	const workflow = deleteWorkflow({ ids, credentials: n8n.credentials });
	const { status, error } = await n8n.client.run(workflow);
	expect(status).toBe('error');
	expect(error).toMatchObject({
		message: 'HighLevel returned 404: Association not found',
		description: expect.stringContaining('Item 1 (unknown) stopped the run.'),
	});
	const left = await n8n.ids();
	const deleted = [first, second].filter((id) => !left.includes(id));
	for (const id of deleted) expect(error!.description).toContain(id);
	expect(error!.context?.deleted ?? []).toEqual(deleted);
});
