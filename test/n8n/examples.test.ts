import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

import { signInAsAgency } from '../engine/signIn';
import type { Association } from '../simulator/state';
import { createSigner, event } from '../simulator/webhooks';
import { startChatModel, type Turn } from './harness/chatModel';
import { exampleWorkflows } from './harness/examples';
import { openForm } from './harness/form';
import { until } from './harness/n8nClient';
import { CREDENTIAL_TYPE, OAUTH_TYPE } from './harness/credentials';
import { LOCATION, useN8n } from './harness/useN8n';
import { describeSeeded } from './harness/undoWorkflow';
import type { WorkflowFile } from './harness/workflow';

const n8n = useN8n();

const KEYS = ['student_teacher', 'temp_a', 'temp_b', 'temp_c'];

let examples: Map<string, WorkflowFile>;

beforeAll(async () => {
	const credential = await n8n.createCredential({ locationId: LOCATION });
	examples = exampleWorkflows(CREDENTIAL_TYPE, credential);
});

const seeded = { associations: KEYS.map((key) => ({ key })) };

beforeEach(async () => await n8n.simulator.reset({ ...seeded, relations: 2 }));

/** Stores an example as it is, or with other parameters for some of its nodes. */
async function stored(
	file: string,
	change: (nodes: Record<string, INode>) => void = () => {},
): Promise<string> {
	const workflow = structuredClone(examples.get(file)!);
	change(Object.fromEntries(workflow.nodes.map((node) => [node.name, node])));
	return await n8n.client.createWorkflow(workflow);
}

const active: string[] = [];

/** Switches a stored example on until the test ends: no two may listen at the same path. */
async function activate(id: string): Promise<void> {
	active.push(id);
	await n8n.client.activate(id);
}

afterEach(async () => {
	for (const id of active.splice(0)) await n8n.client.deactivate(id);
});

/** Where n8n listens for what starts an example. */
const path = (file: string, trigger: string) =>
	examples.get(file)!.nodes.find(({ name }) => name === trigger)!.webhookId!;

const associations = async () =>
	(await n8n.simulator.state()).associations.filter(
		({ associationType }) => associationType === 'USER_DEFINED',
	);

const keys = async () => (await associations()).map(({ key }) => key);

const idOf = async (wanted: string) => (await associations()).find(({ key }) => key === wanted)!.id;

/** Runs an example by hand from its trigger, whichever that is. */
async function runByHand(file: string, trigger: string, change?: Parameters<typeof stored>[1]) {
	const id = await stored(file, (nodes) => {
		nodes[trigger]!.type = 'n8n-nodes-base.manualTrigger';
		change?.(nodes);
	});
	return await n8n.client.runStored(id, trigger);
}

const MANUAL_TRIGGER = "When clicking 'Execute workflow'";

test('delete-association.json deletes the association that it names', async () => {
	const { status, json } = await runByHand('delete-association.json', MANUAL_TRIGGER);
	expect(status).toBe('success');
	expect(json('Delete association')[0]).toMatchObject({ deleted: true });
	expect(await keys()).toEqual(['temp_a', 'temp_b', 'temp_c']);
});

test('nightly-clean-up.json deletes what the rule matches and reports what failed and why', async () => {
	const fault = {
		method: 'DELETE',
		path: `${await idOf('temp_b')}$`,
		kind: 'status' as const,
		status: 400,
		body: { message: 'Association is in use' },
	};
	await n8n.simulator.set({ faults: [fault] });
	const id = await stored('nightly-clean-up.json', (nodes) => {
		nodes['Every night at 3']!.parameters = {
			rule: { interval: [{ field: 'seconds', secondsInterval: 5 }] },
		};
	});
	await activate(id);
	const { status, json } = await n8n.client.nthRun(id);
	expect(status).toBe('success');
	expect(json('Dry run')).toHaveLength(3);
	expect(json('Report')).toEqual([
		{
			deleted: ['temp_a', 'temp_c'],
			failed: [{ key: 'temp_b', error: expect.stringContaining('Association is in use') }],
		},
	]);
	expect(await keys()).toEqual(['student_teacher', 'temp_b']);
});

test('nightly-clean-up.json deletes nothing if the dry run fails', async () => {
	await n8n.simulator.set({
		faults: [{ method: 'GET', path: `${await idOf('temp_c')}$`, kind: 'status', status: 404 }],
	});
	const { status } = await runByHand('nightly-clean-up.json', 'Every night at 3');
	expect(status).toBe('error');
	expect(await keys()).toEqual(KEYS);
});

test('agency-clean-up.json cleans up several sub-accounts by one sign-in, and reports one that it could not read', async () => {
	const locations = Array.from({ length: 10 }, (_, index) => `location${index}`);
	await n8n.simulator.reset({
		userType: 'Company',
		locations,
		relations: 0,
		associations: locations.flatMap((locationId) =>
			['temp_a', 'keep_b'].map((key) => ({ key, locationId })),
		),
	});
	const { oauthTokenData, ...client } = await signInAsAgency(n8n.simulator.url);
	const credential = await n8n.client.createCredential({
		name: 'HighLevel agency',
		type: OAUTH_TYPE,
		data: { ...client, oauthTokenData },
	});
	const { status, json } = await runByHand('agency-clean-up.json', 'Every night at 3', (nodes) => {
		const [list] = (
			nodes['Sub-accounts']!.parameters.assignments as { assignments: Array<{ value: string }> }
		).assignments;
		list!.value = JSON.stringify([...locations, 'elsewhere']);
		for (const { credentials } of Object.values(nodes)) {
			if (credentials?.[OAUTH_TYPE]) credentials[OAUTH_TYPE] = credential;
		}
	});
	expect(status).toBe('success');
	expect(json('Report')[0]).toEqual({
		deleted: 10,
		failed: [{ locationId: 'elsewhere', error: expect.stringContaining('not installed') }],
	});
	expect(await keys()).toEqual(Array(10).fill('keep_b'));
	const exchanges = (await n8n.simulator.requests()).filter(
		({ path, status }) => path === '/oauth/locationToken' && status === 200,
	);
	expect(exchanges).toHaveLength(10);
});

test('after-a-crm-event.json deletes the relation that a signed event names, if it is under that association', async () => {
	const signer = createSigner();
	const retired = await idOf('student_teacher');
	const { relations } = await n8n.simulator.state();
	const unwanted = relations.find(({ associationId }) => associationId === retired)!;
	const other = relations.find(({ associationId }) => associationId !== retired)!;
	const id = await stored('after-a-crm-event.json', (nodes) => {
		nodes['Relation created']!.parameters.publicKey = signer.publicKey;
	});
	await activate(id);
	const send = async (body: string, signature = signer.sign(body)) => {
		const url = `${n8n.client.url}/webhook/${path('after-a-crm-event.json', 'Relation created')}/webhook`;
		const headers = { 'content-type': 'application/json', 'x-ghl-signature': signature };
		return (await fetch(url, { method: 'POST', headers, body })).status;
	};
	const created = (relation: object) =>
		JSON.stringify(event({ type: 'RelationCreate', ...relation }));

	const forged = await until('the webhook', async () => {
		const answered = await send(created(unwanted), createSigner().sign(created(unwanted)));
		return answered !== 404 && answered;
	});
	expect(forged).toBe(401);
	expect(await send(created(unwanted))).toBe(200);
	const { status, json } = await n8n.client.nthRun(id);
	expect(status).toBe('success');
	expect(json('Delete relation')[0]).toMatchObject({ deleted: true, id: unwanted.id });

	expect(await send(created(other))).toBe(200);
	await n8n.client.nthRun(id, 2);
	expect(await n8n.deletions()).toEqual([
		expect.stringMatching(`^/associations/relations/${unwanted.id}\\b`),
	]);
});

describe('ask-first.json', () => {
	/** Fills in the first form and opens the one that asks. */
	const ask = async (start = 'temp_') => {
		const id = await stored('ask-first.json');
		await activate(id);
		const form = await openForm(`${n8n.client.url}/form/${path('ask-first.json', 'Form')}`);
		return await form.submit({ 'Key starts with': start });
	};

	test('deletes what a person has ticked, and nothing before', async () => {
		const question = await ask();
		expect(question!.text).toMatch(/Would delete 'temp_a' \(.+ ↔ .+\) and all of its relations/);
		expect(question!.text).not.toContain('student_teacher');
		expect(await keys()).toEqual(KEYS);

		const done = await question!.submit({ Delete: ['temp_a', 'temp_c'] });
		expect(done!.text).toContain('2 of 2 deleted.');
		expect(await keys()).toEqual(['student_teacher', 'temp_b']);
	});

	test('says so if there is nothing to ask', async () => {
		const question = await ask('zzz_');
		expect(question!.text).toContain('The key of no association starts with zzz_.');
	});

	test('deletes nothing if nothing is ticked, and says so', async () => {
		const question = await ask();
		const done = await question!.submit({ Delete: [] });
		expect(done!.text).toContain('You ticked no association.');
		expect(await keys()).toEqual(KEYS);
	});
});

describe('guarded-agent.json', () => {
	/** Sends the agent a message as n8n's own chat does, and lets the model answer as it is told. */
	const chat = async (...turns: Turn[]) => {
		const model = await startChatModel();
		model.script(...turns);
		try {
			const data = { apiKey: 'none', url: model.url, header: false };
			const openAi = { name: 'OpenAI account', type: 'openAiApi', data };
			const credential = await n8n.client.createCredential(openAi);
			const id = await stored('guarded-agent.json', (nodes) => {
				nodes['OpenAI Chat Model']!.credentials = { openAiApi: credential };
			});
			const json = {
				action: 'sendMessage',
				sessionId: 'test',
				chatInput: 'Delete the association of students and teachers',
			};
			const message = {
				...{ startTime: 0, executionTime: 0, executionIndex: 0, source: [] },
				data: { main: [[{ json }]] },
			};
			const run = await n8n.client.runStored(id, 'When chat message received', message);
			return { model, ...run };
		} finally {
			await model.stop();
		}
	};

	const lookUp: Turn = { calls: [{ tool: 1, arguments: {} }] };
	const deletion = (associationId: string): Turn => ({
		calls: [{ tool: 0, arguments: { associationId } }],
	});

	test('deletes the association of the expected key, and the model can set nothing but its ID', async () => {
		const { model, status, json } = await chat(lookUp, deletion(await idOf('student_teacher')), {
			says: 'It is deleted.',
		});
		expect(status).toBe('success');
		expect(json('AI Agent')[0]).toEqual({ output: 'It is deleted.' });
		const tool = model.requests[0]!.tools[0]!;
		expect(tool.name).toBe('Delete_association');
		expect(Object.keys(tool.parameters.properties)).toEqual(['associationId']);
		expect(model.requests[1]!.toolAnswers.join()).toContain('temp_a');
		expect(await keys()).toEqual(['temp_a', 'temp_b', 'temp_c']);
	});

	test('deletes no other, and the model learns why', async () => {
		const { model } = await chat(deletion(await idOf('temp_a')), { says: 'It was refused.' });
		expect(model.requests[1]!.toolAnswers.join()).toContain(
			"Not deleted: the association's key is 'temp_a', not 'student_teacher'",
		);
		expect(await keys()).toEqual(KEYS);
	});
});

/** Records of the objects of the seeded associations, so that their relations are found. */
const records = { contact: 8, 'custom_objects.students': 4 };

test('back-up-then-delete.json and restore-from-a-backup.json delete and bring back an association', async () => {
	await n8n.simulator.reset({ ...seeded, records, relations: 6 });
	const pairs = async () => describeSeeded(await n8n.simulator.state()).pairs;
	const before = await pairs();
	expect(before).toHaveLength(6);
	const { status, outputs, json } = await runByHand('back-up-then-delete.json', MANUAL_TRIGGER);
	expect(status).toBe('success');
	expect(json('Delete')[0]).toMatchObject({ deleted: true, key: 'student_teacher' });
	expect(await keys()).toEqual(['temp_a', 'temp_b', 'temp_c']);
	const { data } = outputs('To a file')[0]![0]!.binary!;
	const storage = join(n8n.program.home, '.n8n', 'storage');
	const backup = readFileSync(join(storage, data!.id!.replace('filesystem-v2:', '')), 'utf8');

	const file = 'restore-from-a-backup.json';
	const id = await stored(file);
	await activate(id);
	const form = await openForm(`${n8n.client.url}/form/${path(file, 'Upload')}`);
	const upload = new File([backup], 'backup.json', { type: 'application/json' });
	const done = await form.submit({ File: upload });
	expect(done!.text).toContain('student_teacher: 6 relations restored, 0 existed, 0 failed.');
	expect(await pairs()).toEqual(before);
});

test.each<[string, Partial<Association>]>([
	['its cardinality', { firstObjectToSecondObjectCardinality: 'ONE_TO_MANY' }],
	['its equal labels', { firstObjectLabel: 'Sibling', secondObjectLabel: 'Sibling' }],
])('back-up-then-delete.json deletes nothing that could not be restored for %s', async (_, one) => {
	await n8n.simulator.reset({ associations: [{ ...one, key: 'student_teacher' }], records });
	const { status } = await runByHand('back-up-then-delete.json', MANUAL_TRIGGER);
	expect(status).toBe('success');
	expect(await keys()).toEqual(['student_teacher']);
});

test('delete-unused-associations.json deletes what has no relations, and reports', async () => {
	await n8n.simulator.reset({
		associations: ['used', 'unused', 'keep_unused'].map((key) => ({ id: key, key })),
		records: { contact: ['contact'], 'custom_objects.students': ['student'] },
		relations: [{ associationId: 'used', firstRecordId: 'student', secondRecordId: 'contact' }],
	});
	const file = 'delete-unused-associations.json';
	const { status, json } = await runByHand(file, 'Every Sunday at 3');
	expect(status).toBe('success');
	expect(json('Report')[0]).toEqual({ deleted: ['unused'], inUse: ['used'], failed: [] });
	expect(await keys()).toEqual(['used', 'keep_unused']);
});
