import type { INodeParameters } from 'n8n-workflow';

import { CREDENTIAL_TYPE, LOCATION, useN8n } from './harness/useN8n';
import { HIGHLEVEL, locate, node, sequence } from './harness/workflow';

const n8n = useN8n();

/** The steps of an association's life: the name of each node, its resource, operation and what else it sets. */
const STEPS: Array<[string, string, string, INodeParameters]> = [
	[
		...(['Create association', 'association', 'create'] as const),
		{
			key: 'student_teacher',
			firstObjectKey: 'custom_objects.students',
			firstObjectLabel: 'Student',
			secondObjectKey: 'contact',
			secondObjectLabel: 'Teacher',
		},
	],
	[
		...(['Relate two records', 'relation', 'create'] as const),
		{
			associationId: locate('id', '={{ $json.id }}'),
			firstRecordId: '65f1c0a7b3d94e0012ab34cd',
			secondRecordId: 've9EPM428h8vShlRW1KT',
		},
	],
	[
		...(['Get relations of the student', 'relation', 'getMany'] as const),
		{ recordId: '={{ $json.firstRecordId }}', returnAll: true },
	],
	[
		...(['Rename the teacher', 'association', 'update'] as const),
		{ associationId: locate('id', '={{ $json.associationId }}'), secondObjectLabel: 'Tutor' },
	],
	[
		...(['Dry run', 'association', 'delete'] as const),
		{ associationId: locate('key', '={{ $json.key }}'), options: { dryRun: true } },
	],
	[
		...(['Delete it with its relations', 'association', 'delete'] as const),
		{ associationId: locate('key', '={{ $json.association.key }}') },
	],
];

test('one workflow creates, relates, reads back, renames, dry-runs and deletes, and leaves nothing behind', async () => {
	await n8n.simulator.reset({ associations: 0, system: 0, relations: 0 });
	const credential = await n8n.createCredential({ locationId: LOCATION });
	const credentials = { [CREDENTIAL_TYPE]: credential };
	const workflow = sequence(
		'Life',
		node('Trigger', 'n8n-nodes-base.manualTrigger', 1),
		...STEPS.map(([name, resource, operation, parameters]) =>
			node(name, HIGHLEVEL, 1, { resource, operation, ...parameters }, { credentials }),
		),
	);
	const { status, outputs, json } = await n8n.client.run(workflow);
	expect(status).toBe('success');
	for (const [name] of STEPS) {
		expect(outputs(name)).toEqual([[expect.objectContaining({ pairedItem: { item: 0 } })]]);
	}
	const association = json('Rename the teacher')[0]!;
	expect(association).toMatchObject({ key: 'student_teacher', secondObjectLabel: 'Tutor' });
	expect(json('Dry run')[0]).toMatchObject({ deleted: false, association });
	expect(await n8n.simulator.state()).toMatchObject({ associations: [], relations: [] });
	expect(
		(await n8n.simulator.requests()).map(({ method, path }) => `${method} ${path.split('?')[0]}`),
	).toEqual([
		'POST /associations/',
		'POST /associations/relations',
		expect.stringMatching(/^GET \/associations\/relations\/\w+$/),
		`GET /associations/${association.id}`,
		`PUT /associations/${association.id}`,
		'GET /associations/key/student_teacher',
		'GET /associations/key/student_teacher',
		`DELETE /associations/${association.id}`,
	]);
});
