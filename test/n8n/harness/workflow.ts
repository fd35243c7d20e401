import type {
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowSettings,
	NodeConnectionType,
} from 'n8n-workflow';

/** A workflow as n8n imports and exports it. */
export interface WorkflowFile {
	id?: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** This package's node. */
export const HIGHLEVEL = 'n8n-nodes-highlevel-associations.highLevelAssociations';

/** This package's trigger. */
export const TRIGGER = `${HIGHLEVEL}Trigger`;

/** A node of a workflow; its name is its ID. */
export const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters = {},
	more: Partial<INode> = {},
): INode => ({ id: name, name, type, typeVersion, parameters, position: [0, 0], ...more });

/** The field Association: in the mode By ID or By Key. */
export const locate = (mode: 'id' | 'key', value: string) => ({ __rl: true as const, mode, value });

/** A connection to the first input of a node. */
export const to = (name: string, type: NodeConnectionType = 'main') => ({
	node: name,
	type,
	index: 0,
});

/** Connects nodes one after the other. */
export const chain = (...nodes: INode[]): IConnections =>
	Object.fromEntries(
		nodes.slice(1).map(({ name }, index) => [nodes[index]!.name, { main: [[to(name)]] }]),
	);

/** A workflow of some nodes, one after the other. */
export const sequence = (name: string, ...nodes: INode[]): WorkflowFile => ({
	name,
	nodes,
	connections: chain(...nodes),
});

/** A credential as n8n imports it: with its secrets in the clear. */
export interface CredentialFile {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** One run of a workflow, whichever way it was started. */
export interface WorkflowRun {
	status: 'success' | 'error' | 'canceled' | 'crashed';
	/** Where the run failed. */
	error?: {
		name?: string;
		message: string;
		description?: string | null;
		httpCode?: string | null;
		context?: Record<string, unknown>;
	};
	/** What came out of a node's last run, a list of items for each of its outputs. */
	outputs(node: string): INodeExecutionData[][];
	/** The JSON of the items of one of its outputs, the first one unless told. */
	json(node: string, output?: number): IDataObject[];
	/** All that n8n keeps of the run. */
	raw: RawRun;
}

/** The part of n8n's `IRun` that is read here. */
export interface RawRun {
	status: WorkflowRun['status'];
	/** As dates in ISO format. */
	startedAt: string;
	stoppedAt: string;
	data: {
		resultData: {
			error?: WorkflowRun['error'];
			runData: Record<
				string,
				Array<{ executionTime: number; data?: { main?: Array<INodeExecutionData[] | null> } }>
			>;
		};
	};
}

/** Makes n8n's account of a run readable. */
export function readRun(raw: RawRun): WorkflowRun {
	const { error, runData } = raw.data.resultData;
	const outputs: WorkflowRun['outputs'] = (node) =>
		(runData[node]?.at(-1)?.data?.main ?? []).map((items) => items ?? []);
	return {
		status: raw.status,
		error,
		outputs,
		json: (node, output = 0) => (outputs(node)[output] ?? []).map(({ json }) => json),
		raw,
	};
}
