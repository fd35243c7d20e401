import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { useN8n } from './harness/useN8n';

const n8n = useN8n();

test('deletes 50 associations, each paired with its item', async () => {
	const ids = (await n8n.ids()).slice(0, 50);
	const workflow = deleteWorkflow({ ids, credentials: n8n.credentials });
	const { status, outputs } = await n8n.client.run(workflow);
	expect(status).toBe('success');
	const pairs = outputs(NODES.delete)[0]?.map(({ json, pairedItem }) => [json.id, pairedItem]);
	expect(pairs).toEqual(ids.map((id, item) => [id, { item }]));
	expect((await n8n.deletions()).sort()).toEqual(ids.map((id) => `/associations/${id}`).sort());
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
