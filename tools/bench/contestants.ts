import type { INode } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../test/n8n/harness/credentials';

/** One way to delete associations with n8n, by the settings of its node. */
export interface Contestant {
	name: string;
	title: string;
	/** What it sets, given HighLevel's address. */
	settings(highLevel: string): Partial<INode>;
	/** Whether it only makes sense where there is a limit to keep. */
	forLimits?: boolean;
}

/** Type and version of n8n's HTTP Request node. */
export const HTTP_REQUEST_NODE = ['n8n-nodes-base.httpRequest', 4.2] as const;

const [type, typeVersion] = HTTP_REQUEST_NODE;

const httpRequest = (highLevel: string, options: INode['parameters'] = {}): Partial<INode> => ({
	type,
	typeVersion,
	parameters: {
		method: 'DELETE',
		url: `=${highLevel}/associations/{{ $json.id }}`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options,
	},
});

/** n8n's settings Retry On Fail, and Batching of the HTTP Request node. */
export const RETRY = { retryOnFail: true, maxTries: 5, waitBetweenTries: 5_000 };
export const BATCHING = { batching: { batch: { batchSize: 10, batchInterval: 1_000 } } };

/** This node, as it is when it is put into a workflow. */
export const NODE = 'node';

/** n8n's HTTP Request node, as it is when it is put into a workflow. */
export const HTTP_REQUEST = 'http';

/** All of them, with the default On Error = Stop. */
export const contestants: Contestant[] = [
	{ name: NODE, title: 'This node', settings: () => ({}) },
	{ name: HTTP_REQUEST, title: 'HTTP Request', settings: (highLevel) => httpRequest(highLevel) },
	{
		name: 'retry',
		title: 'HTTP Request, Retry On Fail 5 × 5 s',
		settings: (highLevel) => ({ ...httpRequest(highLevel), ...RETRY }),
	},
	{
		name: 'batching',
		title: 'HTTP Request, batches of 10 a second',
		settings: (highLevel) => httpRequest(highLevel, BATCHING),
		forLimits: true,
	},
];
