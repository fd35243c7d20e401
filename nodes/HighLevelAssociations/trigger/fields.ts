import type { INodeProperties } from 'n8n-workflow';

import { events } from './events';
import { HIGHLEVEL_ED25519 } from './signature';

const showOnlyForSignature = { show: { proof: ['signature'] } };
const showOnlyForHeader = { show: { proof: ['headerAuth'] } };

/** What the trigger asks the user for. */
export const fields: INodeProperties[] = [
	{
		// n8n's editor would not show this field under the name of authentication, as one choice has no credential.
		displayName: 'Authentication',
		name: 'proof',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Header Auth',
				value: 'headerAuth',
				description:
					"For the Webhook action of HighLevel's workflows, which signs nothing: a secret header instead",
			},
			{
				name: 'HighLevel Signature',
				value: 'signature',
				description: 'For the events of a marketplace app, which HighLevel signs',
			},
		],
		default: 'signature',
		description:
			'How a delivery proves that it comes from HighLevel. Without proof nothing is started.',
	},
	{
		displayName:
			"Enter this node's production URL at HighLevel: in your marketplace app's settings, under <b>Webhooks</b>. Switch on the events there that you choose here.",
		name: 'signatureNotice',
		type: 'notice',
		default: '',
		displayOptions: showOnlyForSignature,
	},
	{
		displayName:
			"<b>Less safe than the signature:</b> whoever learns the header can start this workflow with any data and as often as they like. Use it only for the Webhook action of HighLevel's workflows: enter this node's production URL and the header there.",
		name: 'headerNotice',
		type: 'notice',
		default: '',
		displayOptions: showOnlyForHeader,
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: events,
		default: [],
		displayOptions: showOnlyForSignature,
		description: 'The events that start the workflow. Others are answered and dropped.',
	},
	{
		displayName: 'Location ID',
		name: 'locationId',
		type: 'string',
		default: '',
		placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
		description:
			'The sub-account whose events start the workflow; several are separated by commas. Empty means all that your app is installed in.',
	},
	{
		displayName: 'Public Key',
		name: 'publicKey',
		type: 'string',
		default: HIGHLEVEL_ED25519,
		displayOptions: showOnlyForSignature,
		description:
			'The Ed25519 key that HighLevel signs with, in base64. Change it only when HighLevel changes its key.',
	},
	{
		// Where it finds this, n8n leaves the body to the node instead of answering what it can't parse with 422 itself
		// and before anything was verified (n8n, parseRequestBody in webhooks/webhook-helpers).
		displayName: 'Options',
		name: 'options',
		type: 'hidden',
		default: { binaryData: true },
	},
];
