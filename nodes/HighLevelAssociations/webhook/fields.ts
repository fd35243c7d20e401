import type { INodeProperties } from 'n8n-workflow';

import { locationId } from '../../../credentials/fields';
import { events } from './event';
import { HIGHLEVEL_ED25519 } from './signature';

const showOnlyForSignature = { show: { incomingAuthentication: ['signature'] } };
const showOnlyForHeader = { show: { incomingAuthentication: ['headerAuth'] } };

/** The trigger's parameters. */
export const fields: INodeProperties[] = [
	{
		// n8n's editor hides a parameter called `authentication` if one of its options has no credential.
		displayName: 'Authentication',
		name: 'incomingAuthentication',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Header Auth',
				value: 'headerAuth',
				description:
					"For the Webhook action of HighLevel's workflows, which signs nothing: a secret header",
			},
			{
				name: 'HighLevel Signature',
				value: 'signature',
				description: 'For the events of a marketplace app, which HighLevel signs',
			},
		],
		default: 'signature',
		description:
			'How requests prove that they come from HighLevel. Unauthenticated requests are rejected.',
	},
	{
		displayName:
			"Copy the Production URL from 'Webhook URLs' above into your marketplace app, under Webhooks, and switch on the same events there.",
		name: 'signatureNotice',
		type: 'notice',
		default: '',
		displayOptions: showOnlyForSignature,
	},
	{
		displayName:
			"Less secure than the signature: anyone who knows the header can start this workflow with any data. Use it only for the Webhook action of HighLevel's workflows: enter the Production URL from 'Webhook URLs' above and the header there.",
		name: 'headerNotice',
		type: 'notice',
		default: '',
		displayOptions: showOnlyForHeader,
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: events,
		default: [],
		displayOptions: showOnlyForSignature,
	},
	{
		displayName: 'App ID',
		name: 'appId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 6a044f181ec5bf79ae2e5e73',
		displayOptions: showOnlyForSignature,
		description:
			"The marketplace app whose events start the workflow; separate several with commas. Leave empty for any app: HighLevel signs all apps' events with the same key.",
	},
	locationId(
		'The sub-account whose events start the workflow; separate several with commas. Leave empty for any sub-account. With Header Auth, requests that name no sub-account start it too.',
	),
	{
		displayName:
			"Events of other people's apps can start this workflow. HighLevel signs the events of all apps with the same key, so anyone who knows the URL can point an app at it. Enter your App ID or your Location ID.",
		name: 'anyAppNotice',
		type: 'notice',
		default: '',
		displayOptions: {
			show: { incomingAuthentication: ['signature'], appId: [''], locationId: [''] },
		},
	},
	{
		displayName: 'Options',
		name: 'additionalOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Maximum Age (Minutes)',
				name: 'maxAge',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 60,
				description:
					'Ignore events whose timestamp is older than this. Without this option, late events start the workflow too: HighLevel sends again for up to 3 days what n8n could not accept.',
			},
			{
				displayName: 'Public Key',
				name: 'publicKey',
				type: 'string',
				default: HIGHLEVEL_ED25519,
				displayOptions: { show: { '/incomingAuthentication': ['signature'] } },
				description:
					'The Ed25519 key that HighLevel signs with, in base64. Add it only if HighLevel changes its key.',
			},
		],
	},
	{
		displayName: 'Public Key',
		name: 'publicKey',
		type: 'hidden',
		default: HIGHLEVEL_ED25519,
	},
	{
		// n8n then leaves the body to the node. Otherwise it would parse the body before anything is verified, and answer 422
		// to what it can't parse (n8n, parseRequestBody in webhooks/webhook-helpers).
		displayName: 'Options',
		name: 'options',
		type: 'hidden',
		default: { binaryData: true },
	},
];
