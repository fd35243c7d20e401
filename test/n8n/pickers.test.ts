import type {
	INodeListSearchItems,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
} from 'n8n-workflow';

import { CREDENTIAL_TYPE, TOKEN, useN8n, WRITING_TOKEN } from './harness/useN8n';

const n8n = useN8n();

/** What the editor sends with each of these requests, wherever the field is. */
const ask = (
	path: string,
	methodName: string,
	currentNodeParameters: INodeParameters,
	credentials: object,
) => ({
	nodeTypeAndVersion: {
		name: 'n8n-nodes-highlevel-associations.highLevelAssociations',
		version: 1,
	},
	path: `parameters.${path}`,
	methodName,
	currentNodeParameters: { authentication: 'privateIntegration', ...currentNodeParameters },
	credentials,
});

/** A stored credential, as a node names it. */
async function credentials(data: Record<string, unknown> = {}) {
	const { settings } = await n8n.simulator.state();
	const name = 'HighLevel account';
	const complete = n8n.credentialData({ locationId: settings.location, ...data });
	return {
		[CREDENTIAL_TYPE]: {
			id: await n8n.editor.createCredential({ name, type: CREDENTIAL_TYPE, data: complete }),
			name,
		},
	};
}

/** Opens the list of the field Association, types into it or scrolls it. */
async function pick(
	operation: string,
	more: { filter?: string; paginationToken?: string } = {},
	data = {},
) {
	const parameters = {
		resource: 'association',
		operation,
		associationId: { __rl: true, mode: 'list', value: '' },
	};
	const body = {
		...ask('associationId', 'searchAssociations', parameters, await credentials(data)),
		...more,
	};
	return await n8n.editor.rest<INodeListSearchResult>(
		'POST',
		'/dynamic-node-parameters/resource-locator-results',
		body,
	);
}

/** Opens the list of the filter by associations. */
async function choose(data = {}) {
	const parameters = {
		resource: 'relation',
		operation: 'getMany',
		filters: { associationIds: [] },
	};
	const body = ask(
		'filters.associationIds',
		'getAssociations',
		parameters,
		await credentials(data),
	);
	return await n8n.editor.rest<INodePropertyOptions[]>(
		'POST',
		'/dynamic-node-parameters/options',
		body,
	);
}

const namesOf = (items: INodeListSearchItems[]) => items.map(({ name }) => name);

/** What n8n answers where there is nothing to pick; the editor shows its message and its description. */
async function refusal(
	list: () => Promise<unknown>,
): Promise<{ message: string; description?: string }> {
	const error = await list().then(
		(items) => new Error(`It gave ${JSON.stringify(items)}`),
		(reason: Error) => reason,
	);
	const [, json] = /gave 500: (.*)$/s.exec(error.message) ?? [];
	expect(json).toBeDefined();
	expect(json).not.toContain(TOKEN);
	return JSON.parse(json!);
}

test('lists associations by labels and key, those of the system marked', async () => {
	const { results } = await pick('get');
	expect(results).toHaveLength(61);
	expect(results[0]).toEqual({
		name: 'Student ↔ Teacher (student_teacher)',
		value: '6d6f6e676f5f000000000001',
		description: 'custom_objects.students ↔ contact',
	});
	expect(namesOf(results)).toContain(
		'Contact ↔ Opportunity (contact_opportunity) [system-defined]',
	);
});

test('offers none of the system to be deleted', async () => {
	const { results } = await pick('delete');
	expect(results).toHaveLength(60);
	expect(namesOf(results).join()).not.toContain('system-defined');
});

test('goes on page by page as the list is scrolled', async () => {
	await n8n.simulator.reset({ associations: 250, system: 0 });
	const seen: unknown[] = [];
	let paginationToken: string | undefined;
	do {
		const page = await pick('get', { ...(paginationToken && { paginationToken }) });
		seen.push(...page.results.map(({ value }) => value));
		paginationToken = page.paginationToken as string | undefined;
	} while (paginationToken);
	expect(seen).toEqual(await n8n.ids());
});

test('finds one of 2,500 by a part of its label', async () => {
	const associations = Array.from({ length: 2_500 }, (_, index) => ({
		key: `key_${index}`,
		firstObjectLabel: `Label ${index}`,
	}));
	await n8n.simulator.reset({ associations, system: 0 });
	expect(namesOf((await pick('get', { filter: 'LABEL 2345' })).results)).toEqual([
		expect.stringMatching(/^Label 2345 ↔ .* \(key_2345\)$/),
	]);
});

test('finds nothing for what no association has', async () => {
	expect((await pick('get', { filter: 'nobody' })).results).toEqual([]);
});

test('lists all to choose several', async () => {
	const options = await choose();
	expect(options).toHaveLength(61);
	expect(options[0]).toMatchObject({
		name: 'Student ↔ Teacher (student_teacher)',
		value: '6d6f6e676f5f000000000001',
	});
});

describe('says why there is nothing to pick, and what to do', () => {
	const lists = {
		'the list of associations': async (data = {}) => await pick('get', {}, data),
		'the list to choose several': choose,
	};

	test.each(Object.entries(lists))('%s: no association', async (_, list) => {
		await n8n.simulator.reset({ associations: 0, system: 0 });
		expect(await refusal(list)).toMatchObject({
			message: 'There are no associations here',
			description: expect.stringContaining('Create one in HighLevel'),
		});
	});

	test.each(Object.entries(lists))('%s: no location', async (_, list) => {
		expect(await refusal(async () => await list({ locationId: '' }))).toMatchObject({
			message: 'Location ID is missing',
			description: expect.stringContaining('in the credential'),
		});
	});

	test.each(Object.entries(lists))('%s: no scope', async (_, list) => {
		expect(await refusal(async () => await list({ token: WRITING_TOKEN }))).toMatchObject({
			message: 'HighLevel answered 401: The token is not authorized for this scope.',
			description: expect.stringContaining('lacks the scope associations.readonly'),
		});
	});

	test('none that can be deleted', async () => {
		await n8n.simulator.reset({ associations: 0, system: 2 });
		expect(await refusal(async () => await pick('delete'))).toMatchObject({
			message: 'All associations are system-defined: none can be deleted',
			description: 'HighLevel does not let anybody delete those.',
		});
	});
});
