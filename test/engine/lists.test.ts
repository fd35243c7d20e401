import type { INodeParameters } from 'n8n-workflow';

import { RECORD } from './operations';
import { respond, useSimulator } from './useSimulator';

const sim = useSimulator();

const list = async (parameters: INodeParameters) =>
	await sim.run({ parameters: { operation: 'getMany', ...parameters } });
const ids = (result: Awaited<ReturnType<typeof list>>) => result.output.map(({ json }) => json.id);

test('Return All gets each of 2,500 associations once', async () => {
	await sim.simulator.reset({ associations: 2_500, relations: 0, system: 0 });
	const result = await list({ resource: 'association', returnAll: true });
	expect(result.error).toBeUndefined();
	expect([...ids(result)].sort()).toEqual([...(await sim.ids())].sort());
});

test.each(['={{ "true" }}', '={{ "TRUE" }}', '={{ 1 }}'])(
	'Return All is on where it is %s',
	async (returnAll) => {
		await sim.simulator.reset({ associations: 60, relations: 0, system: 0 });
		const result = await list({ resource: 'association', returnAll });
		expect(ids(result)).toHaveLength(60);
	},
);

test.each([1, 50, 100, 150])('Limit %d gets so many', async (limit) => {
	await sim.simulator.reset({ associations: 200, relations: 0 });
	const result = await list({ resource: 'association', limit });
	expect(new Set(ids(result)).size).toBe(limit);
	expect(await sim.simulator.requests()).toHaveLength(Math.ceil(limit / 100));
});

test.each(['wrapped', 'array', 'single'] as const)(
	'takes lists that come %s',
	async (listShape) => {
		await sim.simulator.set({ listShape });
		const associations = await list({ resource: 'association', returnAll: true });
		expect(associations.output).not.toHaveLength(0);
		expect(associations.output[0]?.json).toMatchObject({
			id: expect.any(String),
			key: expect.any(String),
		});
		const relations = await list({ resource: 'relation', recordId: RECORD, returnAll: true });
		expect(relations.output[0]?.json).toMatchObject({
			id: expect.any(String),
			associationId: expect.any(String),
		});
	},
);

test('says what came if it is no list', async () => {
	await sim.fail(respond(200, { surprise: true }));
	const { error } = await list({ resource: 'association', returnAll: true });
	expect(error).toMatchObject({
		message: 'HighLevel returned no list of associations',
		description: expect.stringContaining('{"surprise":true}'),
	});
});

const nothing = '={{ $json.missing }}';
test.each([
	['association', { objectKey: '' }, "'Object Key' is empty"],
	['association', { objectKey: nothing }, "'Object Key' is missing"],
	['relation', { associationIds: [] }, "'Association Names or IDs' is empty"],
	['relation', { associationIds: nothing }, "'Association Names or IDs' is empty"],
])(
	'refuses an empty filter of %s, as it would list everything: %j',
	async (resource, filters, message) => {
		const { error } = await list({ resource, recordId: RECORD, filters } as INodeParameters);
		expect(error?.message).toBe(message);
		expect(await sim.simulator.requests()).toEqual([]);
	},
);

test.each([
	['={{ $json.missing }}', 0],
	['={{ null }}', 0],
	['={{ "true" }}', 0],
	['={{ "false" }}', 4],
])("with User-Defined Only %s lists %d of HighLevel's own", async (userDefinedOnly, count) => {
	await sim.simulator.reset({ builtIn: true, system: 0 });
	const { output } = await list({ resource: 'association', filters: { userDefinedOnly } });
	expect(output.filter(({ json }) => /_ASSOCIATION$/.test(String(json.key)))).toHaveLength(count);
});

test.each(['={{ "true" }}', '={{ "false" }}'])(
	'takes Include Internal for what it says where it is %s',
	async (includeInternalAssociations) => {
		const filters = { objectKey: 'contact', includeInternalAssociations };
		await list({ resource: 'association', filters });
		const [request] = await sim.simulator.requests();
		expect(request!.path.includes('includeInternalAssociations=true')).toBe(
			includeInternalAssociations.includes('true'),
		);
	},
);

test.each([
	['={{ [$json.missing] }}', 'is missing'],
	['={{ ["abc", null] }}', 'is null'],
	['={{ [{ id: "a" }] }}', 'must be a string, not an object'],
	['abc, undefined', "is 'undefined': the expression returned nothing"],
])('refuses associations of which %s is one', async (associationIds, problem) => {
	const filters = { associationIds };
	const { error } = await list({ resource: 'relation', recordId: RECORD, filters });
	expect(error?.message).toBe(`'Association Names or IDs' ${problem}`);
	expect(await sim.simulator.requests()).toEqual([]);
});

test.each([
	['a list', (ids: string[]) => ids],
	['text with commas', (ids: string[]) => ids.join(', ')],
])('filters the relations of a record by several associations, given as %s', async (_, write) => {
	const parameters = { resource: 'relation', recordId: RECORD, returnAll: true };
	const associationsOf = ({ output }: Awaited<ReturnType<typeof list>>) => [
		...new Set(output.map(({ json }) => json.associationId as string)),
	];
	const all = await list(parameters);
	const two = associationsOf(all).slice(0, 2);
	const filtered = await list({ ...parameters, filters: { associationIds: write(two) } });
	expect(associationsOf(filtered).sort()).toEqual(two.sort());
	expect(all.output.length).toBeGreaterThan(filtered.output.length);
});
