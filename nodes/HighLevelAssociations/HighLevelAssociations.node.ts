import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

import { testPrivateIntegration } from '../../credentials/HighLevelPrivateIntegrationApi.credentials';
import { association } from './resources/association';

export class HighLevelAssociations implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HighLevel Associations',
		name: 'highLevelAssociations',
		icon: { light: 'file:highLevelAssociations.svg', dark: 'file:highLevelAssociations.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Delete HighLevel (GoHighLevel) associations. Deleting an association also deletes all of its relations and cannot be undone.',
		defaults: { name: 'HighLevel Associations' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'highLevelPrivateIntegrationApi',
				required: true,
				testedBy: 'testPrivateIntegration',
			},
		],
		requestDefaults: { baseURL: 'https://services.leadconnectorhq.com' },
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Association', value: 'association' }],
				default: 'association',
			},
			...association,
		],
	};

	methods = { credentialTest: { testPrivateIntegration } };
}
