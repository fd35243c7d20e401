import type { INodeParameters } from 'n8n-workflow';

import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node';
import { ASSOCIATION, KEY } from './operations';
import { accept, byId, byKey, respond, useSimulator } from './useSimulator';
import { createWorkflow } from './webhookServer';

const sim = useSimulator();
const SYSTEM = 'contact_opportunity';

const remove = async (options: object, associationId: object = byId(ASSOCIATION)) =>
	await sim.run({ parameters: { associationId, options } as INodeParameters });

test('a dry run says what would be deleted and deletes nothing', async () => {
	const before = await sim.simulator.state();
	const { output } = await remove({ dryRun: true });
	expect(output[0]?.json).toMatchObject({
		deleted: false,
		dryRun: true,
		id: ASSOCIATION,
		message: expect.stringMatching(
			/^Would delete 'student_teacher' \(.+ ↔ .+\) and all of its relations$/,
		),
		association: { id: ASSOCIATION, key: KEY, associationType: 'USER_DEFINED' },
	});
	expect(await sim.requested()).toEqual([`GET /associations/${ASSOCIATION}`]);
	expect((await sim.simulator.state()).associations).toEqual(before.associations);
});

test.each([['={{ $json.missing }}'], ['={{ null }}'], ['={{ "" }}'], [true]])(
	'takes a dry run of %p for one',
	async (dryRun) => {
		await remove({ dryRun });
		expect(await sim.ids()).toContain(ASSOCIATION);
	},
);

test.each([
	[true, {}, { dryRun: true }],
	[false, {}, {}],
	[false, {}, { dryRun: false }],
	// Each item may have another value.
	[false, {}, { dryRun: '={{ $json.dryRun }}' }],
	[false, { operation: 'update' }, { dryRun: true }],
	[false, { resource: 'relation', operation: 'delete' }, { dryRun: true }],
])('the editor says that it is a dry run: %s, for %j with %j', (isSaid, chosen, options) => {
	const type = new HighLevelAssociations();
	const parameters = { resource: 'association', operation: 'delete', ...chosen, options };
	const workflow = createWorkflow(type, { parameters });
	const evaluate = (expression: string) =>
		workflow.expression.getSimpleParameterValue(
			workflow.getNode('Trigger')!,
			expression,
			'internal',
			{},
		);
	const { hints, subtitle } = type.description;
	expect(Boolean(evaluate(hints![0]!.displayCondition!))).toBe(isSaid);
	const isInSubtitle = String(evaluate(subtitle!)).endsWith(' (dry run)');
	expect(isInSubtitle).toBe(isSaid);
});

test('deletes when the dry run is off', async () => {
	const { output } = await remove({ dryRun: false });
	expect(output[0]?.json.deleted).toBe(true);
	expect(await sim.requested()).toEqual([`DELETE /associations/${ASSOCIATION}`]);
});

test('deletes an association that has the expected key', async () => {
	const { output } = await remove({ expectedKey: ` ${KEY} ` });
	expect(output[0]?.json).toMatchObject({ deleted: true, id: ASSOCIATION });
	expect(await sim.requested()).toEqual([
		`GET /associations/${ASSOCIATION}`,
		`DELETE /associations/${ASSOCIATION}`,
	]);
});

test.each([
	['another', 'pet_owner', "the association's key is 'student_teacher', not 'pet_owner'"],
	['empty', ' ', "'Expected Key' is empty"],
	['left empty by its expression', '={{ $json.missing }}', "'Expected Key' is empty"],
])('refuses to delete when the expected key is %s', async (_, expectedKey, message) => {
	const { error } = await remove({ expectedKey });
	expect(error?.message).toBe(`Not deleted: ${message}`);
	expect(await sim.ids()).toContain(ASSOCIATION);
});

test.each([
	['by key', {}, byKey(SYSTEM)],
	['in a dry run', { dryRun: true }, undefined],
	['with an expected key', { expectedKey: SYSTEM }, undefined],
])(
	'refuses a system-defined association %s without asking to delete it',
	async (_, options, locator) => {
		const system = (await sim.simulator.state()).associations.find(({ key }) => key === SYSTEM)!;
		const { error } = await remove(options, locator ?? byId(system.id));
		expect(error?.message).toBe(
			"Not deleted: 'contact_opportunity' is a system-defined association",
		);
		expect(await sim.requested('DELETE')).toEqual([]);
	},
);

test('says where to enter the location if it is missing', async () => {
	const { error } = await sim.run({
		parameters: { associationId: byKey(KEY) },
		credentials: sim.credentials({ locationId: '' }),
	});
	expect(error).toMatchObject({
		message: "'Location ID' is missing",
		description: expect.stringContaining('Enter'),
	});
	expect(await sim.requested()).toEqual([]);
});

test.each([
	['missing', '={{ $json.missing }}'],
	['null', '={{ null }}'],
	['empty', ' '],
])('a location of the operation that is %s is not the credential’s', async (what, locationId) => {
	const { error } = await remove({ locationId }, byKey(KEY));
	expect(error?.message).toBe(`'Location ID' is ${what}`);
	expect(await sim.requested()).toEqual([]);
});

describe('update', () => {
	const update = async (labels: object) =>
		await sim.run({
			parameters: { operation: 'update', associationId: byId(ASSOCIATION), ...labels },
		});

	test('changes one label and leaves the other as it is', async () => {
		const [before, ...others] = await sim.associations();
		await update({ secondObjectLabel: 'Tutor' });
		const after = { ...before, secondObjectLabel: 'Tutor' };
		expect(await sim.associations()).toEqual([after, ...others]);
	});

	test('sends a label that looks like a place of a request as it is', async () => {
		const labels = { firstObjectLabel: '{locationId}', secondObjectLabel: '{x}' };
		await update(labels);
		const [request] = await sim.simulator.requests();
		expect(request!.body).toEqual(labels);
	});

	test('keeps what an update before may have changed whose response is lost', async () => {
		const labels = [
			{ firstObjectLabel: 'A' },
			{ secondObjectLabel: 'B' },
			{ firstObjectLabel: 'C' },
		];
		const second = { method: 'PUT', stage: 'after', times: 1 } as const;
		await sim.fail({ ...second, kind: 'slow', delay: 1 }, respond(500, undefined, second));
		const { output } = await sim.run({
			parameters: {
				...{ operation: 'update', associationId: byId(ASSOCIATION) },
				firstObjectLabel: '={{ $json.firstObjectLabel ?? "" }}',
				secondObjectLabel: '={{ $json.secondObjectLabel ?? "" }}',
			},
			items: labels.map((json) => ({ json })),
			onError: 'continueRegularOutput',
		});
		expect(output[1]?.json.error).toMatch(/^HighLevel returned 500/);
		const [after] = await sim.associations();
		expect(after).toMatchObject({ firstObjectLabel: 'C', secondObjectLabel: 'B' });
	});

	test("keeps the label that an item's own token reads", async () => {
		const tokens = ['pit-one', 'pit-two'];
		await sim.simulator.set(accept(...tokens));
		const own = { ...(await sim.associations())[0], secondObjectLabel: 'Own' };
		await sim.fail(respond(200, own, { method: 'GET', token: tokens[1] }));
		const { error } = await sim.run({
			parameters: {
				...{ operation: 'update', associationId: byId(ASSOCIATION) },
				firstObjectLabel: 'New',
			},
			items: tokens.map((json) => ({ json: { json } })),
			credentialsFor: (index) => ({ token: tokens[index]! }),
		});
		expect(error).toBeUndefined();
		const requests = await sim.simulator.requests();
		const sent = requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);
		expect(sent).toMatchObject([{ secondObjectLabel: 'Teacher' }, { secondObjectLabel: 'Own' }]);
	});

	test('refuses to change nothing', async () => {
		const { error } = await update({});
		expect(error?.message).toBe('Both labels are empty');
		expect(await sim.requested()).toEqual([]);
	});
});
