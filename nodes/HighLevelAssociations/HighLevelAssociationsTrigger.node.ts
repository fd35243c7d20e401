import './oldestN8n';
import {
	NodeConnectionTypes,
	NodeOperationError,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';

import { getPublicKey, usesSignature } from './webhook/authenticate';
import { events } from './webhook/event';
import { fields } from './webhook/fields';
import { testWebhookHeader } from './webhook/header';
import { receive } from './webhook/receive';

const eventNames = Object.fromEntries(events.map(({ value, name }) => [value, name]));

export class HighLevelAssociationsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HighLevel Associations Trigger',
		name: 'highLevelAssociationsTrigger',
		icon: { light: 'file:highLevelAssociations.svg', dark: 'file:highLevelAssociations.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: `={{ $parameter["incomingAuthentication"] === "signature" ? $parameter["events"].map((event) => (${JSON.stringify(eventNames)})[event]).join(", ") : "" }}`,
		// n8n's lists show the package's nodes as one entry, with the trigger's description.
		description:
			'Delete and manage HighLevel (GoHighLevel) associations and relations, or start when HighLevel sends an event',
		eventTriggerDescription: 'Waiting for HighLevel to send an event to the Test URL',
		activationMessage:
			"HighLevel's events start this workflow once you add its Production URL in HighLevel.",
		triggerPanel: {
			header: 'Start when HighLevel sends an event',
			executionsHelp:
				'HighLevel sends events only to a URL that your app knows. While you test, that is the Test URL. Once the workflow is published, it is the Production URL; its executions are listed under <b>Executions</b>.',
			activationHint:
				"To test, enter the Test URL in your app's settings under Webhooks, click 'Execute step' and make an event happen. When done, enter the Production URL there and publish the workflow.",
		},
		defaults: { name: 'HighLevel Associations Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'highLevelWebhookHeaderApi',
				required: true,
				testedBy: 'testWebhookHeader',
				displayOptions: { show: { incomingAuthentication: ['headerAuth'] } },
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

	/** No API registers the URL at HighLevel: the user enters it there. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				if (usesSignature(this) && !getPublicKey(this)) {
					throw new NodeOperationError(
						this.getNode(),
						"'Public Key' does not contain an Ed25519 key",
						{ description: "Remove the option 'Public Key' to use HighLevel's key." },
					);
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
