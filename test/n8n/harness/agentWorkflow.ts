import type { INode } from 'n8n-workflow';

import { chain, HIGHLEVEL, node, to, type WorkflowFile } from './workflow';

/** A field whose value is the model's to fill in, as the editor writes it. */
export const fromModel = (key: string, description: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`${description}\`, 'string') }}`;

/** Who talks to the model with which tool, and how often. */
interface AgentSettings {
	/** Of the node AI Agent. */
	agentVersion: number;
	/** A credential of the type `openAiApi`. */
	model: { id: string; name: string };
	/** A HighLevel Associations node. */
	tool: Pick<INode, 'name' | 'parameters' | 'credentials' | 'onError'>;
	/** How many items the agent gets; it has a conversation for each. */
	items: number;
}

/** A trigger, and an AI Agent with a chat model and our node as its tool. */
export function agentWorkflow({ agentVersion, model, tool, items }: AgentSettings): WorkflowFile {
	const jsonOutput = JSON.stringify({ number: Array.from({ length: items }, (_, index) => index) });
	const prompt = { promptType: 'define', text: 'Tidy up', options: {} };
	const talking = [
		node('Trigger', 'n8n-nodes-base.manualTrigger', 1),
		node('Numbers', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput }),
		node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'number' }),
		node('Agent', '@n8n/n8n-nodes-langchain.agent', agentVersion, prompt),
	];
	const chat = node(
		'Model',
		'@n8n/n8n-nodes-langchain.lmChatOpenAi',
		1.2,
		{ model: { __rl: true, mode: 'id', value: 'scripted' }, options: {} },
		{ credentials: { openAiApi: model } },
	);
	return {
		name: 'Agent',
		nodes: [...talking, chat, node(tool.name, `${HIGHLEVEL}Tool`, 1, tool.parameters, tool)],
		connections: {
			...chain(...talking),
			Model: { ai_languageModel: [[to('Agent', 'ai_languageModel')]] },
			[tool.name]: { ai_tool: [[to('Agent', 'ai_tool')]] },
		},
	};
}
