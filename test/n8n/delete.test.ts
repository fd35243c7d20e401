import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { useN8n } from './harness/useN8n';

const n8n = useN8n();

/** Runs the node in n8n for these IDs. */
async function run(
	ids: unknown[],
	onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput',
) {
	const workflow = deleteWorkflow({ ids, credentials: n8n.credentials, settings: { onError } });
	return await n8n.editor.run(await n8n.editor.createWorkflow(workflow), NODES.trigger);
}

/** The items of an output of the node, short: which association, and which item it came from. */
const summary = (items: Array<{ json: object; pairedItem?: unknown }> = []) =>
	items.map(({ json, pairedItem }) => {
		const { id, details } = json as { id?: string; details?: { associationId: string } };
		return { id: id ?? details?.associationId, pairedItem };
	});

const paired = (ids: string[], first = 0) =>
	ids.map((id, index) => ({ id, pairedItem: { item: first + index } }));

test('deletes one association and gives the answer as it is', async () => {
	const [id = ''] = await n8n.ids();
	const { status, outputs } = await run([id], 'stopWorkflow');
	expect(status).toBe('success');
	expect(outputs(NODES.delete)[0]).toEqual([
		{
			json: { deleted: true, id, message: 'Association deleted successfully' },
			pairedItem: { item: 0 },
		},
	]);
	expect(await n8n.deletions()).toEqual([`/associations/${id}`]);
});

test('deletes 50 associations, each paired with its item', async () => {
	const ids = (await n8n.ids()).slice(0, 50);
	const { status, outputs } = await run(ids, 'stopWorkflow');
	expect(status).toBe('success');
	expect(summary(outputs(NODES.delete)[0])).toEqual(paired(ids));
	expect((await n8n.deletions()).sort()).toEqual(ids.map((id) => `/associations/${id}`).sort());
});

test('runs when a Schedule Trigger fires', async () => {
	const ids = (await n8n.ids()).slice(0, 3);
	const workflow = deleteWorkflow({ ids, trigger: 'schedule', credentials: n8n.credentials });
	const id = await n8n.editor.createWorkflow(workflow);
	await n8n.editor.activate(id);
	const { status, outputs } = await n8n.editor.firstTriggeredRun(id);
	await n8n.editor.deactivate(id);
	expect(status).toBe('success');
	expect(summary(outputs(NODES.delete)[0])).toEqual(paired(ids));
	expect(Object.keys(outputs(NODES.trigger)[0]?.[0]?.json ?? {})).toContain('timestamp');
});

describe('one unknown ID among five', () => {
	const setUp = async () => {
		const [first = '', second = '', third = '', fourth = ''] = await n8n.ids();
		return [first, second, 'unknown', third, fourth];
	};

	test('On Error = Stop fails the run and says what became of all', async () => {
		const { status, error, outputs } = await run(await setUp(), 'stopWorkflow');
		expect(status).toBe('error');
		expect(error).toMatchObject({
			message: 'HighLevel answered 404: Association not found',
			description: expect.stringContaining('Item 2 (unknown) failed and stopped the run.'),
		});
		expect(outputs(NODES.delete)).toEqual([]);
	});

	test('On Error = Continue lets all out, in order, the failed one with its ID', async () => {
		const ids = await setUp();
		const { status, outputs } = await run(ids, 'continueRegularOutput');
		expect(status).toBe('success');
		expect(summary(outputs(NODES.delete)[0])).toEqual(paired(ids));
		expect(outputs(NODES.delete)[0]?.[2]?.json).toMatchObject({
			error: 'HighLevel answered 404: Association not found',
			details: { associationId: 'unknown', status: 404 },
		});
	});

	test('On Error = Continue (using error output) parts the failed one from the others', async () => {
		const ids = await setUp();
		const { status, outputs } = await run(ids, 'continueErrorOutput');
		expect(status).toBe('success');
		const [deleted, failed] = outputs(NODES.delete);
		expect(summary(deleted)).toEqual(paired(ids).filter(({ id }) => id !== 'unknown'));
		expect(summary(failed)).toEqual(paired(['unknown'], 2));
		expect(outputs(NODES.failed)[0]?.[0]?.json).toMatchObject({
			error: 'HighLevel answered 404: Association not found',
		});
	});
});
