import type { INodeListSearchResult } from 'n8n-workflow';

import { HIGHLEVEL } from './harness/workflow';
import { CREDENTIAL_TYPE, LOCATION, TOKEN, useN8n, WRITING_TOKEN } from './harness/useN8n';

const n8n = useN8n();

/** Asks n8n what the editor asks when it opens the list of the field Association, types into it or scrolls it. */
const pick = async (more: { filter?: string; paginationToken?: string } = {}, data = {}) =>
	await n8n.client.rest<INodeListSearchResult>(
		'POST',
		'/dynamic-node-parameters/resource-locator-results',
		{
			nodeTypeAndVersion: { name: HIGHLEVEL, version: 1 },
			currentNodeParameters: {
				authentication: 'privateIntegration',
				resource: 'association',
				operation: 'delete',
				associationId: { __rl: true, mode: 'list', value: '' },
			},
			credentials: {
				[CREDENTIAL_TYPE]: await n8n.createCredential({ locationId: LOCATION, ...data }),
			},
			path: 'parameters.associationId',
			methodName: 'searchAssociations',
			...more,
		},
	);

test('the list of associations goes on page by page as it is scrolled, and finds by a part of a label', async () => {
	await n8n.simulator.reset({ associations: 250 });
	const seen: unknown[] = [];
	let paginationToken: string | undefined;
	do {
		const page = await pick({ ...(paginationToken && { paginationToken }) });
		seen.push(...page.results.map(({ value }) => value));
		paginationToken = page.paginationToken as string | undefined;
	} while (paginationToken);
	expect(seen).toEqual(await n8n.ids());

	const { results } = await pick({ filter: 'OWNER' });
	expect(results.map(({ name }) => name)).toContain(
		'Pet ↔ Owner (pet_owner) · custom_objects.pets ↔ contact',
	);
	expect(results.length).toBeLessThan(250);
});

test('a list that fails says why and what to do, without the token', async () => {
	const error = await pick({}, { token: WRITING_TOKEN }).then(
		(items) => new Error(`It gave ${JSON.stringify(items)}`),
		(reason: Error) => reason,
	);
	expect(error.message).not.toContain(TOKEN);
	// The editor shows the message and the description.
	const [, json = '{}'] = /gave 500: (.*)$/s.exec(error.message) ?? [];
	expect(JSON.parse(json)).toMatchObject({
		message: expect.stringMatching(/^HighLevel says: /),
		description: expect.stringContaining('associations.readonly'),
	});
});
