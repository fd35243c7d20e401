import type { INodeListSearchResult, INodeParameters, INodePropertyOptions } from 'n8n-workflow';

import { HIGHLEVEL } from './harness/workflow';
import { CREDENTIAL_TYPE, LOCATION, TOKEN, useN8n, WRITING_TOKEN } from './harness/useN8n';

const n8n = useN8n();

/** Asks n8n what the editor asks when it opens a list of this node. */
async function ask<Answer>(
	list: 'resource-locator-results' | 'options',
	field: { path: string; methodName: string; paginationToken?: string; filter?: string },
	currentNodeParameters: INodeParameters,
	data: object = {},
): Promise<Answer> {
	const credential = await n8n.createCredential({ locationId: LOCATION, ...data });
	return await n8n.client.rest<Answer>('POST', `/dynamic-node-parameters/${list}`, {
		nodeTypeAndVersion: { name: HIGHLEVEL, version: 1 },
		currentNodeParameters: { authentication: 'privateIntegration', ...currentNodeParameters },
		credentials: { [CREDENTIAL_TYPE]: credential },
		...field,
	});
}

/** Opens the list of the field Association, and types into it or scrolls it. */
const pick = async (more: { filter?: string; paginationToken?: string } = {}, data = {}) =>
	await ask<INodeListSearchResult>(
		'resource-locator-results',
		{ path: 'parameters.associationId', methodName: 'searchAssociations', ...more },
		{
			resource: 'association',
			operation: 'delete',
			associationId: { __rl: true, mode: 'list', value: '' },
		},
		data,
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

test('the list to choose several holds all', async () => {
	const options = await ask<INodePropertyOptions[]>(
		'options',
		{ path: 'parameters.filters.associationIds', methodName: 'getAssociations' },
		{ resource: 'relation', operation: 'getMany', filters: { associationIds: [] } },
	);
	expect(options).toHaveLength(61);
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
