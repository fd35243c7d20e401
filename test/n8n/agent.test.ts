import type { INode } from 'n8n-workflow';

import { agentWorkflow, fromModel } from './harness/agentWorkflow';
import { startChatModel, type ChatModel, type Turn } from './harness/chatModel';
import { useN8n } from './harness/useN8n';
import { locate } from './harness/workflow';

const n8n = useN8n();

let model: ChatModel;
let credential: { id: string; name: string };
beforeAll(async () => {
	model = await startChatModel();
	const data = { apiKey: 'not-needed', url: model.url };
	credential = await n8n.client.createCredential({ name: 'Model', type: 'openAiApi', data });
});
afterAll(async () => await model?.stop());

const ASSOCIATION_ID = fromModel('Association_ID', 'The ID of the association');

/** The node as a tool that deletes the association whose ID the model gives. */
const deletion = (options: INode['parameters'] = {}, more: Partial<INode> = {}) => ({
	name: 'Delete association',
	parameters: {
		...{ resource: 'association', operation: 'delete', options },
		associationId: locate('id', ASSOCIATION_ID),
	},
	credentials: n8n.credentials,
	...more,
});

/** The model calls the tool with these IDs, at once. */
const calls = (...ids: string[]): Turn => ({
	calls: ids.map((id) => ({ arguments: { Association_ID: id } })),
});

const END: Turn = { says: 'Done.' };

// From version 3 on the agent has n8n run its tools as nodes; before, it runs them itself, within its own run.
describe.each([3.1, 2.2])('AI Agent %s', (agentVersion) => {
	/** Lets the agent run for as many items, with a model that takes these turns, and gives what the tool has answered. */
	async function talk(turns: Turn[], { tool = deletion(), items = 1 } = {}): Promise<unknown[]> {
		model.script(...turns);
		const workflow = agentWorkflow({ agentVersion, model: credential, tool, items });
		const { status } = await n8n.client.run(workflow);
		expect(status).toBe('success');
		return model.requests.at(-1)!.toolAnswers.map((answer) => JSON.parse(answer)[0]);
	}

	test('tells the model that the tool is destructive and takes all relations along, and which ID it wants', async () => {
		await talk([END]);
		expect(model.requests[0]!.tools).toEqual([
			expect.objectContaining({
				name: 'Delete_association',
				description: 'Delete association and its relations in HighLevel Associations',
				parameters: expect.objectContaining({
					properties: {
						Association_ID: { type: 'string', description: 'The ID of the association' },
					},
					required: ['Association_ID'],
				}),
			}),
		]);
	});

	test('deletes all that the model names at once', async () => {
		const ids = (await n8n.ids()).slice(0, 3);
		expect(await talk([calls(...ids), END])).toMatchObject(
			ids.map((id) => ({ deleted: true, id })),
		);
		expect((await n8n.deletions()).sort()).toEqual(ids.map((id) => `/associations/${id}`));
	});

	test('deletes for each item of the agent', async () => {
		const ids = (await n8n.ids()).slice(0, 3);
		await talk([...ids.map((id) => calls(id)), END, END, END], { items: 3 });
		expect((await n8n.deletions()).sort()).toEqual(ids.map((id) => `/associations/${id}`));
	});

	test('takes each call for itself: what is deleted already is not deleted again', async () => {
		const [id = ''] = await n8n.ids();
		const tool = deletion({ ifNotFound: 'succeed' });
		const answers = await talk([calls(id), calls(id), END], { tool });
		expect(answers).toMatchObject([true, false].map((deleted) => ({ deleted, id })));
	});

	test("refuses another association's ID than that of the expected key, and tells the model why", async () => {
		const [, other = ''] = await n8n.ids();
		// Of a tool that fails, an agent before version 3 tells its model nothing, unless the tool's On Error is Continue.
		const onError = agentVersion < 3 ? ('continueRegularOutput' as const) : undefined;
		const tool = deletion({ expectedKey: 'student_teacher' }, { onError });
		expect(await talk([calls(other), END], { tool })).toMatchObject([
			{ error: "Not deleted: the association's key is 'pet_owner', not 'student_teacher'" },
		]);
		expect(await n8n.deletions()).toEqual([]);
	});
});
