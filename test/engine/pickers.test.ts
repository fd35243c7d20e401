import { LoadOptionsContext } from 'n8n-core';
import { Workflow, type INodeParameters, type IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node';
import { createNode, createNodeTypes, credentialsHelper } from './runWorkflow';
import { respond, TOKEN, useSimulator } from './useSimulator';

const sim = useSimulator();
const node = new HighLevelAssociations();
const { searchAssociations, searchObjects } = node.methods.listSearch;
const { getAssociations } = node.methods.loadOptions;

/** What n8n makes for a picker of the node in the editor, with its parameters as they stand there. */
function picker(current: INodeParameters = {}, credentials = sim.credentials()) {
	const parameters = { authentication: 'privateIntegration', ...current };
	const stored = { highLevelPrivateIntegrationApi: { id: 'picker', name: 'HighLevel' } };
	const workflow = new Workflow({
		nodes: [createNode('HighLevel', 'node', { parameters, credentials: stored })],
		connections: {},
		active: false,
		nodeTypes: createNodeTypes(() => node),
	});
	const additionalData = {
		credentialsHelper: credentialsHelper(credentials),
		currentNodeParameters: parameters,
	} as unknown as IWorkflowExecuteAdditionalData;
	return new LoadOptionsContext(workflow, workflow.getNode('HighLevel')!, additionalData, '');
}

test('lists associations by labels, key and objects', async () => {
	const { results } = await searchAssociations.call(picker({ operation: 'get' }));
	expect(results).toContainEqual({
		name: expect.stringMatching(
			/^Student ↔ Teacher \(student_teacher\) · custom_objects\.students ↔ contact$/,
		),
		value: '6d6f6e676f5f000000000001',
	});
});

test.each([
	['association', 'get', true],
	['association', 'delete', false],
	['relation', 'delete', true],
])("%s %s: offers HighLevel's own, marked: %s", async (resource, operation, isOffered) => {
	const { results } = await searchAssociations.call(picker({ resource, operation }));
	expect(results).not.toHaveLength(0);
	expect(results.some(({ name }) => name.includes("HighLevel's own"))).toBe(isOffered);
});

test.each([0, 20])(
	'goes on page by page; HighLevel allows %d a page (0: any)',
	async (maximumLimit) => {
		await sim.simulator.reset({ associations: 250, system: 0, relations: 0, maximumLimit });
		const seen: unknown[] = [];
		let paginationToken: string | undefined;
		do {
			const context = picker({ operation: 'get' });
			const page = await searchAssociations.call(context, undefined, paginationToken);
			seen.push(...page.results.map(({ value }) => value));
			({ paginationToken } = page);
		} while (paginationToken);
		expect(seen.sort()).toEqual((await sim.ids()).sort());
	},
);

test("finds one of 2,500 by a part of its label within two requests' time", async () => {
	const associations = Array.from({ length: 2_500 }, (_, index) => ({
		key: `key_${index}`,
		firstObjectLabel: `Label ${index}`,
	}));
	await sim.simulator.reset({ associations, system: 0, relations: 0 });
	const { results } = await searchAssociations.call(picker({ operation: 'get' }), 'label 2345');
	expect(results.map(({ name }) => name)).toEqual([expect.stringContaining('(key_2345)')]);
	const [first, ...rest] = await sim.simulator.requests();
	expect(first!.path).toMatch(/[?&]skip=0(&|$)/);
	expect(rest.length).toBeLessThanOrEqual(9);
});

describe('where HighLevel refuses a limit of 1,000', () => {
	beforeEach(async () => {
		await sim.simulator.reset({ associations: 250, system: 0, relations: 0, maximumLimit: 100 });
	});
	test('a search falls back to smaller pages', async () => {
		const { results } = await searchAssociations.call(picker({ operation: 'get' }), 'teacher_84');
		expect(results).toHaveLength(1);
		expect(results[0]!.name).toContain('(student_teacher_84)');
		const limits = (await sim.simulator.requests()).map(({ path }) => /limit=(\d+)/.exec(path)![1]);
		expect(limits).toEqual(['1000', '200', '100', '100', '100', '100']);
	});

	test('so does the list to choose several', async () => {
		expect(await getAssociations.call(picker())).toHaveLength(250);
	});

	test('whatever the size, the list says why there is nothing to pick', async () => {
		await sim.simulator.set({ maximumLimit: 10 });
		const refusal = 'HighLevel says: limit must not be greater than 10';
		await expect(searchAssociations.call(picker())).rejects.toThrow(refusal);
		await expect(getAssociations.call(picker())).rejects.toThrow(refusal);
	});
});

const none = { associations: 0, system: 0 };
test.each([
	['there is no association', none, {}, 'No associations found in this sub-account'],
	['the location is missing', {}, { locationId: '' }, "'Location ID' is missing"],
	['the token is wrong', {}, { token: 'pit-wrong' }, /^HighLevel says: Invalid/],
] as const)('says why there is nothing to pick: %s', async (_, state, credential, message) => {
	await sim.simulator.reset(state);
	const context = picker({}, sim.credentials(credential));
	await expect(searchAssociations.call(context)).rejects.toThrow(message);
});

test.each([
	['associations', { message: 'Try again' }],
	['objects', { message: 'Try again' }],
	['associations', ['a']],
	['objects', [null]],
])('does not take another body for a list of %s: %j', async (name, body) => {
	await sim.fail(respond(200, body));
	const search = name === 'objects' ? searchObjects : searchAssociations;
	const error = { message: `HighLevel returned no list of ${name}` };
	await expect(search.call(picker())).rejects.toMatchObject(error);
});

test('says which scope is missing', async () => {
	await sim.simulator.set({ tokens: [{ name: TOKEN, scopes: ['associations.write'] }] });
	await expect(searchAssociations.call(picker())).rejects.toMatchObject({
		description: expect.stringMatching(
			/lacks the scope associations\.readonly.*settings: create one in the sub-account\.$/,
		),
	});
});

describe('of objects', () => {
	const setScope = async (scope: string) =>
		await sim.simulator.set({ tokens: [{ name: TOKEN, scopes: [scope as never] }] });

	test('lists keys by their names, and finds by either', async () => {
		await setScope('objects/schema.readonly');
		const { results } = await searchObjects.call(picker());
		expect(results).toContainEqual({ name: 'Contacts (contact)', value: 'contact' });
		const found = await searchObjects.call(picker(), 'STUDENT');
		expect(found.results.map(({ value }) => value)).toEqual(['custom_objects.students']);
	});

	test('says that the scope is missing, by which keys can be typed all the same', async () => {
		await setScope('associations.readonly');
		await expect(searchObjects.call(picker())).rejects.toMatchObject({
			description: expect.stringContaining('lacks the scope objects/schema.readonly'),
		});
	});
});

test('waits for the rate limit', async () => {
	await sim.simulator.set({ faults: [{ kind: 'status', status: 429, times: 1 }], window: 200 });
	const { results } = await searchAssociations.call(picker());
	expect(results).not.toHaveLength(0);
});
