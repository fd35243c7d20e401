/* eslint-disable @n8n/community-nodes/no-restricted-imports -- stands in for n8n's server; not part of the published node */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { WebhookContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IWebhookData,
	type IWebhookFunctions,
	type IWorkflowExecuteAdditionalData,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

/** A request to the trigger's URL. */
export interface Request {
	body: string | Buffer;
	headers?: Record<string, string>;
}

/** What came of it: n8n's answer, and the items that the workflow began with, if it did. */
export interface Outcome {
	status: number;
	message: string | undefined;
	items: INodeExecutionData[] | undefined;
}

/** What n8n's database holds of the workflow. */
export interface Database {
	workflowId: string;
	/** JSON. */
	staticData: string;
}

/** How n8n and the workflow are. */
export interface N8nSettings {
	parameters?: INodeParameters;
	credential?: ICredentialDataDecryptedObject;
	mode?: WorkflowExecuteMode;
	/** Whether n8n saves static data and answers before it stores the run, as n8n 1 did. */
	answersFirst?: boolean;
	/** What n8n does between the node's work and its storing of the run. */
	beforeStored?: () => Promise<void>;
	/** What n8n does between its storing of the run and its answer. It may throw. */
	beforeAnswer?: () => Promise<void> | void;
}

/**
 * The part of n8n's server that a webhook goes through, with its database's column of static data: it does, in this
 * order, what LiveWebhooks, executeWebhook and WorkflowRunner do in n8n 2.41 that the trigger can tell.
 */
export function startN8n() {
	let node: INodeType;
	// A process of its own has the node's modules of its own.
	jest.isolateModules(() => {
		const { HighLevelAssociationsTrigger } = jest.requireActual<
			typeof import('../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node')
		>('../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node');
		node = new HighLevelAssociationsTrigger();
	});
	return async (
		database: Database,
		request: Request,
		settings: N8nSettings = {},
	): Promise<Outcome> => await handle(node, database, request, settings);
}

async function handle(
	node: INodeType,
	database: Database,
	request: Request,
	settings: N8nSettings,
): Promise<Outcome> {
	const { mode = 'webhook', beforeStored = async () => {}, beforeAnswer = () => {} } = settings;
	const staticData: IDataObject = JSON.parse(database.staticData);
	const workflow = workflowOf(node, database.workflowId, staticData, settings);
	const response = new Response();
	const { workflowData, webhookResponse, noWebhookResponse } = await node.webhook!.call(
		contextOf(workflow, mode, requestOf(request), response, settings.credential),
	);
	if (workflowData) {
		if (settings.answersFirst) save(database, workflow);
		// WorkflowRunner makes a second workflow of the same data, and stores the run as JSON.
		workflowOf(node, database.workflowId, staticData, settings);
		await beforeStored();
		JSON.stringify(workflowData);
		try {
			await beforeAnswer();
		} catch {
			return { ...response.end(500), items: undefined };
		}
		if (!settings.answersFirst) save(database, workflow);
		return { ...response.end(200), items: workflowData[0] };
	}
	if (noWebhookResponse) return { ...response.outcome, items: undefined };
	save(database, workflow);
	return { ...response.end(200, webhookResponse), items: undefined };
}

/** n8n's WorkflowStaticDataService. */
function save(database: Database, { staticData }: Workflow): void {
	if (staticData.__dataChanged === true) database.staticData = JSON.stringify(staticData);
}

function workflowOf(
	nodeType: INodeType,
	id: string,
	staticData: IDataObject,
	{ parameters, credential }: N8nSettings,
): Workflow {
	const nodeTypes: INodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const node: INode = {
		id: 'trigger',
		name: 'Trigger',
		type: nodeType.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: parameters ?? {},
		webhookId: 'webhook',
		...(credential && { credentials: { highLevelWebhookHeaderApi: { id: '1', name: 'Header' } } }),
	};
	return new Workflow({ id, nodes: [node], connections: {}, active: true, nodeTypes, staticData });
}

function contextOf(
	workflow: Workflow,
	mode: WorkflowExecuteMode,
	httpRequest: unknown,
	httpResponse: unknown,
	credential: ICredentialDataDecryptedObject = {},
): IWebhookFunctions {
	const additionalData = {
		httpRequest,
		httpResponse,
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getDecrypted: async () => credential,
		},
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const webhookData = { webhookDescription: { name: 'default' } } as IWebhookData;
	const trigger = workflow.getNode('Trigger')!;
	return new WebhookContext(
		workflow,
		trigger,
		additionalData,
		mode,
		webhookData,
		[],
		null,
	) as unknown as IWebhookFunctions;
}

/** A request as n8n's middleware hands it on. */
function requestOf({ body, headers = {} }: Request) {
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
	outcome = { status: 0, message: undefined as string | undefined };

	status(code: number) {
		this.statusCode = code;
		return this;
	}

	json({ message }: { message?: string } = {}) {
		this.outcome = { status: this.statusCode, message };
		this.emit('finish');
		return this;
	}

	end(status: number, body?: { message?: string }) {
		return this.status(status).json(body).outcome;
	}
}
