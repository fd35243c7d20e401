import { deleteById, itemsOf, TOKEN, useSimulator } from './useSimulator';

const sim = useSimulator();

test('answers as HighLevel does and sends one DELETE with token and version', async () => {
	const [id] = await sim.ids();
	const { output } = await sim.succeed({ items: itemsOf([id]) });
	const json = { deleted: true, id, message: 'Association deleted successfully' };
	expect(output).toEqual([{ json, pairedItem: { item: 0 } }]);
	expect(await sim.simulator.requests()).toMatchObject([
		{
			method: 'DELETE',
			path: `/associations/${id}`,
			status: 200,
			headers: { authorization: expect.stringMatching(/^Bearer pit-/), version: '2021-07-28' },
		},
	]);
	expect(await sim.ids()).not.toContain(id);
});

test('deletes one association an item, and pairs each answer with its item', async () => {
	const ids = (await sim.ids()).slice(0, 5);
	const { output } = await sim.run({ items: itemsOf(ids) });
	expect(output.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
		ids.map((id, item) => [id, { item }]),
	);
	expect(await sim.simulator.requests()).toHaveLength(5);
});

test('takes a fixed ID, and an ID that is not a resource locator', async () => {
	const [first, second] = await sim.ids();
	await sim.run({ parameters: deleteById(first) });
	await sim.run({ parameters: { ...deleteById(), associationId: second! } });
	expect(await sim.ids()).not.toContain(first);
	expect(await sim.ids()).not.toContain(second);
});

test('runs with the parameters that the editor leaves out because they are defaults', async () => {
	const [id] = await sim.ids();
	const { associationId } = deleteById(id);
	const { output } = await sim.run({ parameters: { associationId: associationId! } });
	expect(output[0]?.json).toMatchObject({ deleted: true, id });
});

test.each([
	['as it is', TOKEN],
	['with blanks and a line break around it', `\n  ${TOKEN} \r\n`],
	['with Bearer before it', `Bearer ${TOKEN}`],
	['with bearer, blanks and a line break', ` bearer   ${TOKEN}\n`],
])('accepts a token pasted %s', async (_, token) => {
	const { output } = await sim.run({
		items: itemsOf((await sim.ids()).slice(0, 1)),
		credentials: sim.credentials({ token }),
	});
	expect(output[0]?.json.deleted).toBe(true);
});
