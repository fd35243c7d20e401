import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { findSecret } from './harness/findSecret';
import { execute } from './harness/headless';
import { TOKEN, useN8n } from './harness/useN8n';

const n8n = useN8n();

test('the token is in no output, error, log, execution or file of n8n', async () => {
	const [id = ''] = await n8n.ids();
	for (const onError of ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const) {
		const workflow = deleteWorkflow({
			ids: [id, 'unknown', '..'],
			credentials: n8n.credentials,
			settings: { onError },
		});
		expect(JSON.stringify((await n8n.client.run(workflow)).raw)).not.toContain(TOKEN);
	}
	await n8n.client.testCredential(n8n.credential());
	await n8n.simulator.set({ tokens: [] });
	expect((await n8n.client.testCredential(n8n.credential())).message).not.toContain(TOKEN);
	expect(n8n.log()).toMatch(/debug/);
	expect(findSecret(n8n.program.home, TOKEN)).toEqual([]);
});

test('n8n execute prints no token either, whether the run succeeds or fails', async () => {
	const [id = ''] = await n8n.ids();
	const executed = async (ids: string[]) => {
		const workflow = deleteWorkflow({ ids, credentials: n8n.credentials });
		return await execute(n8n.program, await n8n.client.createWorkflow(workflow), 'debug');
	};
	const [succeeds, fails] = [await executed([id]), await executed(['unknown'])];
	expect(succeeds.status).toBe('success');
	expect(succeeds.json(NODES.delete)[0]).toMatchObject({ deleted: true, id });
	expect(succeeds.printed).not.toContain(TOKEN);

	expect(fails.status).toBe('error');
	expect(fails.error?.message).toBe('HighLevel returned 404: Association not found');
	expect(fails.printed).not.toContain(TOKEN);
	expect(findSecret(n8n.program.home, TOKEN)).toEqual([]);
});
