import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

/**
 * The header that proves where a delivery comes from that HighLevel does not sign. It is n8n's Header Auth under a name
 * of its own, as a community node may use no credentials but its package's.
 */
export class HighLevelWebhookHeaderApi implements ICredentialType {
	name = 'highLevelWebhookHeaderApi';

	displayName = 'HighLevel Webhook Header API';

	icon: Icon = {
		light: 'file:../nodes/HighLevelAssociations/highLevelAssociations.svg',
		dark: 'file:../nodes/HighLevelAssociations/highLevelAssociations.dark.svg',
	};

	documentationUrl = 'https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide';

	properties: INodeProperties[] = [
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			required: true,
			default: 'X-Webhook-Secret',
			description:
				'Enter the same name under Headers of the Webhook action in your HighLevel workflow',
		},
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'What the header holds: a long random text, and the same at HighLevel',
		},
	];
}
