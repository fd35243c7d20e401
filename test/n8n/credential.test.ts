import { freePort } from './harness/ports';
import { CREDENTIAL_TYPE, useN8n, WRITING_TOKEN } from './harness/useN8n';

const n8n = useN8n();

/** What n8n's editor shows after a credential with this data was saved. */
const shown = async (data: Record<string, unknown>) =>
	await n8n.editor.testCredential({
		name: 'Tested',
		type: CREDENTIAL_TYPE,
		data: n8n.credentialData(data),
	});

test('says that a token works', async () => {
	expect(await shown({})).toEqual({ status: 'OK', message: expect.stringMatching(/\w/) });
});

test('says that a token is wrong', async () => {
	const { status, message } = await shown({ token: 'pit-unknown' });
	expect(status).toBe('Error');
	expect(message).toMatch(/token is wrong/);
	expect(message).not.toContain('pit-unknown');
});

test('names the scope that a token lacks, and says that deleting by ID still works', async () => {
	const { status, message } = await shown({ token: WRITING_TOKEN });
	expect(status).toBe('Error');
	expect(message).toMatch(/associations\.readonly/);
	expect(message).toMatch(/[Dd]eleting by ID still works/);
});

test("says that HighLevel can't be reached", async () => {
	const { status, message } = await shown({ baseUrl: `http://127.0.0.1:${await freePort()}` });
	expect(status).toBe('Error');
	expect(message).toMatch(/can't be reached/);
});

test('puts the token and the version on a request of the HTTP Request node', async () => {
	const parameters = {
		url: `${n8n.simulator.url}/associations/${(await n8n.ids())[0]}`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options: {},
	};
	const id = await n8n.editor.createWorkflow({
		name: 'HTTP Request',
		nodes: [
			{
				id: '1',
				name: 'Trigger',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				...{
					id: '2',
					name: 'Get',
					type: 'n8n-nodes-base.httpRequest',
					typeVersion: 4.2,
					position: [200, 0],
					parameters,
				},
				credentials: n8n.credentials,
			},
		],
		connections: { Trigger: { main: [[{ node: 'Get', type: 'main', index: 0 }]] } },
	});
	const { status } = await n8n.editor.run(id, 'Trigger');
	expect(status).toBe('success');
	expect(await n8n.simulator.requests()).toMatchObject([
		{
			method: 'GET',
			status: 200,
			headers: { authorization: expect.stringMatching(/^Bearer pit-/), version: '2021-07-28' },
		},
	]);
});
