import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { findSecret } from './harness/findSecret';
import { execute, importCredentials, importWorkflows } from './harness/headless';
import { CREDENTIAL_TYPE, TOKEN, useN8n } from './harness/useN8n';

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
	const tested = { name: 'Tested', type: CREDENTIAL_TYPE, data: n8n.credentialData() };
	await n8n.client.testCredential(tested);
	await n8n.simulator.set({ tokens: [] });
	expect((await n8n.client.testCredential(tested)).message).not.toContain(TOKEN);
	expect(n8n.log()).toMatch(/debug/);
	expect(findSecret(n8n.program.home, TOKEN)).toEqual([]);
});

test('n8n execute prints no token either, whether the run succeeds or fails', async () => {
	const credential = { id: 'imported', name: 'Imported' };
	const credentials = { [CREDENTIAL_TYPE]: credential };
	await importCredentials(n8n.program, [
		{ ...credential, type: CREDENTIAL_TYPE, data: n8n.credentialData() },
	]);
	const [id = ''] = await n8n.ids();
	await importWorkflows(n8n.program, [
		{ ...deleteWorkflow({ ids: [id], credentials }), id: 'succeeds' },
		{ ...deleteWorkflow({ ids: ['unknown'], credentials }), id: 'fails' },
	]);

	const succeeds = await execute(n8n.program, 'succeeds', 'debug');
	expect(succeeds.status).toBe('success');
	expect(succeeds.outputs(NODES.delete)[0]?.[0]?.json).toMatchObject({ deleted: true, id });
	expect(succeeds.printed).not.toContain(TOKEN);

	const fails = await execute(n8n.program, 'fails', 'debug');
	expect(fails.status).toBe('error');
	expect(fails.error?.message).toBe('HighLevel returned 404: Association not found');
	expect(fails.printed).not.toContain(TOKEN);
	expect(findSecret(n8n.program.home, TOKEN)).toEqual([]);
});
