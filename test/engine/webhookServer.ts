import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { WebhookContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IWebhookData,
	type IWebhookFunctions,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { createNode, createNodeTypes } from './runWorkflow';

/** A request to the trigger's URL. */
export interface Request {
	body: string | Buffer;
	headers?: Record<string, string>;
}

/** n8n's response, the items that the workflow started with, if it did, and what was logged. */
export interface Result {
	status: number;
	message: string | undefined;
	items: INodeExecutionData[] | undefined;
	log: string[];
}

/** The workflow, and what becomes of a request in n8n. */
export interface Settings {
	workflowId?: string;
	parameters?: INodeParameters;
	credential?: ICredentialDataDecryptedObject;
	mode?: WorkflowExecuteMode;
	/** Whether n8n can't start the workflow, and so responds with 500. */
	failsToStart?: boolean;
	/** Whether whoever sent the request has hung up before n8n responds. */
	isHungUp?: boolean;
}

/** What a webhook goes through in a process of n8n (n8n, executeWebhook), which has the node's modules of its own. */
export function startN8n() {
	let node: INodeType;
	jest.isolateModules(() => {
		const { HighLevelAssociationsTrigger } = jest.requireActual<
			typeof import('../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node')
		>('../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node');
		node = new HighLevelAssociationsTrigger();
	});
	return async (request: Request, settings: Settings = {}): Promise<Result> => {
		const response = new Response(settings.isHungUp ?? false);
		const log: string[] = [];
		const context = createContext(node, settings, createRequest(request), response);
		Object.defineProperty(context, 'logger', { value: { warn: (line: string) => log.push(line) } });
		const { workflowData, webhookResponse, noWebhookResponse } = await node.webhook!.call(context);
		if (!noWebhookResponse) {
			response.status(workflowData && settings.failsToStart ? 500 : 200).json(webhookResponse);
		}
		return { ...response.result, items: workflowData?.[0], log };
	};
}

/** The trigger in a workflow, called 'Trigger'. */
export function createWorkflow(nodeType: INodeType, { workflowId = '1', ...settings }: Settings) {
	const nodeTypes = createNodeTypes(() => nodeType);
	const node = createNode('Trigger', nodeType.description.name, {
		parameters: settings.parameters ?? {},
		webhookId: 'webhook',
		credentials: { highLevelWebhookHeaderApi: { id: '1', name: 'Header' } },
	});
	return new Workflow({ id: workflowId, nodes: [node], connections: {}, active: true, nodeTypes });
}

function createContext(
	node: INodeType,
	settings: Settings,
	httpRequest: unknown,
	httpResponse: unknown,
): IWebhookFunctions {
	const workflow = createWorkflow(node, settings);
	const additionalData = {
		httpRequest,
		httpResponse,
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getDecrypted: async () => settings.credential ?? {},
		},
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const webhookData = { webhookDescription: { name: 'default' } } as IWebhookData;
	return new WebhookContext(
		workflow,
		workflow.getNode('Trigger')!,
		additionalData,
		settings.mode ?? 'webhook',
		webhookData,
		[],
		null,
	) as unknown as IWebhookFunctions;
}

/** A request as n8n's middleware passes it on. */
function createRequest({ body, headers = {} }: Request) {
	const stream = Readable.from([Buffer.from(body)]);
	const request = {
		headers: {
			...(!headers['transfer-encoding'] && { 'content-length': String(Buffer.byteLength(body)) }),
			...headers,
		},
		rawBody: undefined as Buffer | undefined,
		async readRawBody() {
			request.rawBody = Buffer.concat(await stream.toArray());
		},
	};
	return request;
}

/** The part of Express's response that n8n and the trigger use. */
class Response extends EventEmitter {
	statusCode = 200;
	result = { status: 0, message: undefined as string | undefined };

	constructor(private readonly isHungUp: boolean) {
		super();
	}

	status(code: number) {
		this.statusCode = code;
		return this;
	}

	json({ message }: { message?: string } = {}) {
		this.result = { status: this.statusCode, message };
		return this.end();
	}

	/** As Node's, which does not finish without a connection. */
	end() {
		if (!this.isHungUp) this.emit('finish');
		return this;
	}
}
