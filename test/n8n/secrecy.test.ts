import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { execute, importCredentials, importWorkflows } from './harness/headless';
import { CREDENTIAL_TYPE, TOKEN, useN8n } from './harness/useN8n';

const n8n = useN8n({ logLevel: 'debug' });

/** Files below n8n's home, its database and logs among them, that hold the token. */
function filesWithToken(): string[] {
	return readdirSync(n8n.home.home, { recursive: true })
		.map((name) => join(n8n.home.home, String(name)))
		.filter((file) => statSync(file).isFile() && readFileSync(file).includes(TOKEN));
}

test('the token is in no output, error, log, execution or file of n8n', async () => {
	const [id = ''] = await n8n.ids();
	for (const onError of ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const) {
		const workflow = deleteWorkflow({
			ids: [id, 'unknown', '..'],
			credentials: n8n.credentials,
			settings: { onError },
		});
		const run = await n8n.editor.run(await n8n.editor.createWorkflow(workflow), NODES.trigger);
		expect(JSON.stringify(run.raw)).not.toContain(TOKEN);
	}
	await n8n.editor.testCredential({
		name: 'Tested',
		type: CREDENTIAL_TYPE,
		data: n8n.credentialData(),
	});
	await n8n.simulator.set({ tokens: [] });
	const { message } = await n8n.editor.testCredential({
		name: 'Tested',
		type: CREDENTIAL_TYPE,
		data: n8n.credentialData(),
	});
	expect(message).not.toContain(TOKEN);
	expect(n8n.editor.log()).toMatch(/debug/);
	expect(n8n.editor.log()).not.toContain(TOKEN);
	expect(filesWithToken()).toEqual([]);
});

test('n8n execute prints no token either, whether the run succeeds or fails', async () => {
	const credential = { id: 'imported', name: 'Imported' };
	const credentials = { [CREDENTIAL_TYPE]: credential };
	await importCredentials(n8n.home, [
		{ ...credential, type: CREDENTIAL_TYPE, data: n8n.credentialData() },
	]);
	const [id = ''] = await n8n.ids();
	await importWorkflows(n8n.home, [
		{ ...deleteWorkflow({ ids: [id], credentials }), id: 'succeeds' },
		{ ...deleteWorkflow({ ids: ['unknown'], credentials }), id: 'fails' },
	]);

	const succeeds = await execute(n8n.home, 'succeeds', 'debug');
	expect(succeeds.status).toBe('success');
	expect(succeeds.outputs(NODES.delete)[0]?.[0]?.json).toMatchObject({ deleted: true, id });
	expect(succeeds.printed).not.toContain(TOKEN);

	const fails = await execute(n8n.home, 'fails', 'debug');
	expect(fails.status).toBe('error');
	expect(fails.error?.message).toBe('HighLevel answered 404: Association not found');
	expect(fails.printed).not.toContain(TOKEN);
	expect(filesWithToken()).toEqual([]);
});
