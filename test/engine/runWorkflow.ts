import {
	DirectoryLoader,
	ExecutionLifecycleHooks,
	RoutingNode,
	WorkflowExecute,
	type ExecuteContext,
} from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type ICredentialsHelper,
	type IConnections,
	type IHttpRequestOptions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IRun,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { HighLevelAssociationsOAuth2Api } from '../../credentials/HighLevelAssociationsOAuth2Api.credentials';
import { HighLevelPrivateIntegrationApi } from '../../credentials/HighLevelPrivateIntegrationApi.credentials';
import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node.ts';

/** A node that hands on the items it was given, as a trigger would. */
const source = (items: INodeExecutionData[]): INodeType => ({
	description: description('source'),
	execute: async () => [items],
});

const noOperation: INodeType = {
	description: description('noOperation'),
	async execute() {
		return [this.getInputData()];
	},
};

function description(name: string): INodeType['description'] {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: {},
		inputs: name === 'source' ? [] : ['main'],
		outputs: ['main'],
		properties: [],
	};
}

/** The node as n8n makes it ready: with its request options, and with the routing engine as its `execute`. */
const node: INodeType = new HighLevelAssociations();
DirectoryLoader.applyDeclarativeNodeOptionParameters(node);
node.execute = async function () {
	return (await new RoutingNode(this as ExecuteContext, node).runNode()) ?? [];
};

const credentialTypes: ICredentialType[] = [
	new HighLevelPrivateIntegrationApi(),
	new HighLevelAssociationsOAuth2Api(),
];

/** A node of a workflow. */
export const createNode = (name: string, type: string, more: Partial<INode> = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

/** The types of a workflow's nodes. */
export const createNodeTypes = (find: (name: string) => INodeType): INodeTypes => ({
	getByName: find,
	getByNameAndVersion: find,
	getKnownTypes: () => ({}),
});

/** The engine would send what the node does not have to HighLevel itself. */
function checkOperation({ operation }: INodeParameters): void {
	const menus = node.description.properties.filter(({ name }) => name === 'operation');
	const options = menus.flatMap((menu) => menu.options ?? []);
	const isKnown = options.some((option) => 'value' in option && option.value === operation);
	if (operation === undefined || isKnown) return;
	throw new Error(`The node has no operation '${String(operation)}'`);
}

/** How a test sets up a run of the node. */
export interface RunSettings {
	parameters: INodeParameters;
	credentials: ICredentialDataDecryptedObject;
	/** What an item finds in the credential, where its fields are expressions. */
	credentialsFor?: (itemIndex: number) => ICredentialDataDecryptedObject;
	items?: INodeExecutionData[];
	onError?: INode['onError'];
	/** Runs with the same one share a rate limit. */
	credentialId?: string;
	/** Gets what the node sends to the browser's console. */
	sendDataToUI?: IWorkflowExecuteAdditionalData['sendDataToUI'];
	/** Settings of the node besides, such as Retry On Fail. */
	node?: Partial<INode>;
}

/** What came of it: the workflow's error with its lists of items, and the items on the node's two outputs. */
export interface RunResult {
	run: IRun;
	error: (Error & { description: string; context: Record<string, string[]> }) | undefined;
	output: INodeExecutionData[];
	errorOutput: INodeExecutionData[];
}

/**
 * Runs source → HighLevel Associations → one follower an output, through n8n's own workflow and routing engine. Of
 * n8n only the store of credentials is stood in for.
 */
export function startWorkflow(settings: RunSettings) {
	checkOperation(settings.parameters);
	const items = settings.items ?? [{ json: {} }];
	const types: Record<string, INodeType> = { source: source(items), noOperation, node };
	const to = (target: string) => [{ node: target, type: 'main' as const, index: 0 }];
	const connections: IConnections = {
		Source: { main: [to('HighLevel')] },
		HighLevel: { main: [to('Output'), to('ErrorOutput')] },
	};
	const workflow = new Workflow({
		id: 'test',
		nodes: [
			createNode('Source', 'source'),
			createNode('HighLevel', 'node', {
				parameters: settings.parameters,
				onError: settings.onError ?? 'stopWorkflow',
				credentials: Object.fromEntries(
					credentialTypes.map(({ name }) => [
						name,
						{ id: settings.credentialId ?? 'credential', name: 'HighLevel' },
					]),
				),
				...settings.node,
			}),
			createNode('Output', 'noOperation'),
			createNode('ErrorOutput', 'noOperation'),
		],
		connections,
		active: false,
		nodeTypes: createNodeTypes((name) => types[name]!),
		settings: { executionOrder: 'v1' },
	});
	const additionalData = {
		credentialsHelper: credentialsHelper(settings.credentials, settings.credentialsFor),
		currentNodeExecutionIndex: 0,
		sendDataToUI: settings.sendDataToUI,
		hooks: new ExecutionLifecycleHooks('manual', 'test', workflow as never),
		variables: {},
		webhookWaitingBaseUrl: 'http://localhost/',
		formWaitingBaseUrl: 'http://localhost/',
	} as unknown as IWorkflowExecuteAdditionalData;
	return new WorkflowExecute(additionalData, 'manual').run({
		workflow,
		startNode: workflow.getNode('Source')!,
	});
}

/** As `startWorkflow`, up to the end. */
export async function runWorkflow(settings: RunSettings): Promise<RunResult> {
	const run = await startWorkflow(settings);
	const { error, runData } = run.data.resultData;
	const outputs = runData.HighLevel?.at(0)?.data?.main ?? [];
	return {
		run,
		error: error as RunResult['error'],
		output: outputs[0] ?? [],
		errorOutput: outputs[1] ?? [],
	};
}

/** The part of n8n's credentials helper that a request needs, with one credential in store. */
export function credentialsHelper(
	data: ICredentialDataDecryptedObject,
	credentialsFor?: RunSettings['credentialsFor'],
): ICredentialsHelper {
	const typeOf = (name: string) => credentialTypes.find((type) => type.name === name)!;
	let stored = data;
	return {
		getParentTypes: (name: string) => typeOf(name).extends ?? [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		getDecrypted: async (
			...[, , name, , , isRaw, values]: Parameters<ICredentialsHelper['getDecrypted']>
		) => {
			// As n8n stores it, an expression is a text that begins with an equals sign.
			if (isRaw) return credentialsFor ? { ...stored, token: '={{ $json.token }}' } : stored;
			const { properties } = typeOf(name);
			return {
				...Object.fromEntries(properties.map((property) => [property.name, property.default])),
				...stored,
				...credentialsFor?.(values?.itemIndex ?? 0),
			};
		},
		updateCredentialsOauthTokenData: async (
			_: unknown,
			__: unknown,
			renewed: ICredentialDataDecryptedObject,
		) => {
			stored = renewed;
		},
		authenticate: async (
			credentials: ICredentialDataDecryptedObject,
			name: string,
			options: IHttpRequestOptions,
		) => {
			const { authenticate } = typeOf(name);
			return typeof authenticate === 'function'
				? await authenticate(credentials, options)
				: options;
		},
	} as unknown as ICredentialsHelper;
}
