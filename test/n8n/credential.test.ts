import { CREDENTIAL_TYPE, useN8n, WRITING_TOKEN } from './harness/useN8n';
import { node, sequence } from './harness/workflow';

const n8n = useN8n();

test.each([
	['a token that works', {}, 'OK', /\w/],
	[
		'a token without a scope',
		{ token: WRITING_TOKEN },
		'Error',
		/associations\.readonly.*[Dd]eleting by ID still works/s,
	],
])('n8n says of %s what is the matter', async (_, data, status, message) => {
	const shown = await n8n.client.testCredential(n8n.credential(data));
	expect(shown).toEqual({ status, message: expect.stringMatching(message) });
	expect(shown.message).not.toMatch(/pit-/);
});

test('puts the token and the version on a request of the HTTP Request node', async () => {
	const parameters = {
		url: `${n8n.simulator.url}/associations/${(await n8n.ids())[0]}`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options: {},
	};
	const { credentials } = n8n;
	const workflow = sequence(
		'HTTP Request',
		node('Trigger', 'n8n-nodes-base.manualTrigger', 1),
		node('Get', 'n8n-nodes-base.httpRequest', 4.2, parameters, { credentials }),
	);
	expect((await n8n.client.run(workflow)).status).toBe('success');
	expect(await n8n.simulator.requests()).toMatchObject([
		{
			method: 'GET',
			status: 200,
			headers: { authorization: expect.stringMatching(/^Bearer pit-/), version: '2021-07-28' },
		},
	]);
});
