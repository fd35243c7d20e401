import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { icon } from './fields';

/**
 * A secret header for requests that HighLevel does not sign. It is n8n's Header Auth under another name, as a community
 * node may use only its package's credentials.
 */
export class HighLevelWebhookHeaderApi implements ICredentialType {
	name = 'highLevelWebhookHeaderApi';

	displayName = 'HighLevel Webhook Header API';

	icon = icon;

	documentationUrl =
		'https://help.gohighlevel.com/support/solutions/articles/155000003299-workflow-action-webhook-outbound-';

	properties: INodeProperties[] = [
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			required: true,
			default: 'X-Webhook-Secret',
			description:
				'Enter the same name under Headers in the Webhook action of your HighLevel workflow',
		},
		{
			displayName: 'Secret',
			name: 'secret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'A long random value. Enter the same one in HighLevel.',
		},
	];
}
