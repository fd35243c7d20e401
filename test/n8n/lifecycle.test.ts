import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CREDENTIAL_TYPE, useN8n } from './harness/useN8n';
import type { WorkflowFile } from './harness/workflow';

const n8n = useN8n();

/** The workflow as a user imports it, with its nodes set to this credential. */
function lifecycle(credential: { id: string; name: string }): WorkflowFile {
	const workflow: WorkflowFile = JSON.parse(
		readFileSync(join(__dirname, 'lifecycle.json'), 'utf8'),
	);
	const nodes = workflow.nodes.map((node) =>
		node.credentials ? { ...node, credentials: { [CREDENTIAL_TYPE]: credential } } : node,
	);
	return { ...workflow, nodes };
}

test('one workflow creates, relates, reads back, renames, dry-runs and deletes, and leaves nothing behind', async () => {
	await n8n.simulator.reset({ associations: 0, system: 0, relations: 0 });
	const { settings } = await n8n.simulator.state();
	const name = 'HighLevel account with its location';
	const data = n8n.credentialData({ locationId: settings.location });
	const id = await n8n.editor.createCredential({ name, type: CREDENTIAL_TYPE, data });
	const workflow = lifecycle({ id, name });

	const { status, outputs } = await n8n.editor.run(
		await n8n.editor.createWorkflow(workflow),
		workflow.nodes[0]!.name,
	);
	expect(status).toBe('success');
	const only = (node: string) => {
		const items = outputs(node)[0] ?? [];
		expect(items).toHaveLength(1);
		expect(items[0]?.pairedItem).toEqual({ item: 0 });
		return items[0]!.json;
	};
	const created = only('Create association');
	expect(created).toMatchObject({
		key: 'student_teacher',
		firstObjectLabel: 'Student',
		secondObjectLabel: 'Teacher',
	});
	const related = only('Relate two records');
	expect(related).toMatchObject({
		associationId: created.id,
		firstObjectKey: 'custom_objects.students',
	});
	expect(only('Get relations of the student')).toEqual(related);
	const renamed = { ...created, secondObjectLabel: 'Tutor' };
	expect(only('Rename the teacher')).toEqual(renamed);
	expect(only('Say what would be deleted')).toEqual({
		deleted: false,
		dryRun: true,
		id: created.id,
		message: "Would delete 'student_teacher' (Student ↔ Tutor) and all of its relations",
		association: renamed,
	});
	expect(only('Delete it with its relations')).toMatchObject({ deleted: true, id: created.id });

	expect(await n8n.simulator.state()).toMatchObject({ associations: [], relations: [] });
	expect(
		(await n8n.simulator.requests()).map(({ method, path }) => `${method} ${path.split('?')[0]}`),
	).toEqual([
		'POST /associations/',
		'POST /associations/relations',
		expect.stringMatching(/^GET \/associations\/relations\/\w+$/),
		`GET /associations/${created.id}`,
		`PUT /associations/${created.id}`,
		'GET /associations/key/student_teacher',
		'GET /associations/key/student_teacher',
		`DELETE /associations/${created.id}`,
	]);
});
