import fastify from 'fastify';

/** What the model does when it is asked: calls the tools it was given, by their place, or says something and ends. */
export type Turn = { calls: Array<{ tool?: number; arguments: object }> } | { says: string };

/** A tool as it is offered to the model. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: {
		properties: Record<string, { type: string; description?: string }>;
		required?: string[];
	};
}

/** What the model is asked with. */
export interface ChatRequest {
	tools: OfferedTool[];
	/** What the tools have answered up to now. */
	toolAnswers: string[];
}

/** A chat model on loopback that speaks OpenAI's protocol and does what a script says. */
export type ChatModel = Awaited<ReturnType<typeof startChatModel>>;

interface Body {
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: OfferedTool }>;
}

/** Starts a chat model. */
export async function startChatModel() {
	let turns: Turn[] = [];
	const requests: ChatRequest[] = [];
	const app = fastify({ forceCloseConnections: true });
	app.post<{ Body: Body }>('/v1/*', async ({ body: { messages, tools = [] } }) => {
		const offered = tools.map((tool) => tool.function);
		const toolAnswers = messages
			.filter(({ role }) => role === 'tool')
			.map(({ content }) => String(content));
		requests.push({ tools: offered, toolAnswers });
		return completion(turns.shift() ?? { says: 'The script is over.' }, offered, requests.length);
	});
	const address = await app.listen({ host: '127.0.0.1', port: 0 });
	return {
		/** The base URL for a client. */
		url: `${address}/v1`,
		/** Begins a new conversation, in which these turns are taken one by one. */
		script(...script: Turn[]) {
			turns = script;
			requests.length = 0;
		},
		/** What it was asked with in this conversation. */
		requests,
		stop: async () => await app.close(),
	};
}

function completion(turn: Turn, tools: OfferedTool[], number: number): object {
	const calls = 'calls' in turn ? turn.calls : [];
	const toolCalls = calls.map(({ tool = 0, arguments: given }, index) => ({
		id: `call_${number}_${index}`,
		type: 'function',
		function: { name: tools[tool]?.name, arguments: JSON.stringify(given) },
	}));
	const message = {
		role: 'assistant',
		content: 'says' in turn ? turn.says : null,
		...(calls.length > 0 && { tool_calls: toolCalls }),
	};
	return {
		...{ id: `completion_${number}`, object: 'chat.completion', created: 0, model: 'scripted' },
		choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
		usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
	};
}
