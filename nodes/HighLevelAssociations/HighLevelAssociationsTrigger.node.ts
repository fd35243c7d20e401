import {
	NodeConnectionTypes,
	NodeOperationError,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { fields } from './trigger/fields';
import { testWebhookHeader } from './trigger/header';
import { usesSignature } from './trigger/proof';
import { receive } from './trigger/receive';
import { readPublicKey } from './trigger/signature';

export class HighLevelAssociationsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HighLevel Associations Trigger',
		name: 'highLevelAssociationsTrigger',
		icon: { light: 'file:highLevelAssociations.svg', dark: 'file:highLevelAssociations.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["proof"] === "signature" ? $parameter["events"].join(", ") : "" }}',
		description:
			'Starts the workflow when HighLevel (GoHighLevel) sends an event, such as a deleted association or relation',
		eventTriggerDescription: 'Waiting for HighLevel to send an event',
		activationMessage:
			"HighLevel's events start this workflow as soon as HighLevel knows its production URL.",
		defaults: { name: 'HighLevel Associations Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'highLevelWebhookHeaderApi',
				required: true,
				testedBy: 'testWebhookHeader',
				displayOptions: { show: { proof: ['headerAuth'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'webhook',
			},
		],
		properties: fields,
	};

	methods = { credentialTest: { testWebhookHeader } };

	/** The URL is entered at HighLevel by hand, as no API does it. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				if (usesSignature(this) && !readPublicKey(this.getNodeParameter('publicKey') as string)) {
					throw new NodeOperationError(this.getNode(), 'The Public Key is not an Ed25519 key', {
						description:
							'Enter it in base64 as HighLevel gives it, or reset the field to its default.',
					});
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}
}
