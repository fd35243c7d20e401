import './oldestN8n';
import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

import { getAssociations, searchAssociations } from './methods/associations';
import { searchObjects } from './methods/objects';
import { testPrivateIntegration } from './methods/testPrivateIntegration';
import { association } from './resources/association';
import { createProperties } from './resources/operation';
import { relation } from './resources/relation';
import { requestOptions } from './resources/requestOptions';

export class HighLevelAssociations implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HighLevel Associations',
		name: 'highLevelAssociations',
		icon: { light: 'file:highLevelAssociations.svg', dark: 'file:highLevelAssociations.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] + ": " + $parameter["resource"] + ($parameter["options"]?.dryRun === true ? " (dry run)" : "") }}',
		description:
			'Manage HighLevel (GoHighLevel) associations and relations. Deleting an association also deletes all of its relations and cannot be undone.',
		hints: [
			{
				message: "Dry run: nothing was deleted. Turn the option 'Dry Run' off to delete.",
				displayCondition:
					'={{ $parameter["operation"] === "delete" && $parameter["options"]?.dryRun === true }}',
				whenToDisplay: 'afterExecution',
				location: 'outputPane',
			},
		],
		defaults: { name: 'HighLevel Associations' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'highLevelPrivateIntegrationApi',
				required: true,
				testedBy: 'testPrivateIntegration',
				displayOptions: { show: { authentication: ['privateIntegration'] } },
			},
			{
				name: 'highLevelAssociationsOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		requestDefaults: { baseURL: 'https://services.leadconnectorhq.com' },
		properties: [
			{
				displayName: 'Authentication',
				name: 'authentication',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'OAuth2', value: 'oAuth2' },
					{ name: 'Private Integration', value: 'privateIntegration' },
				],
				default: 'privateIntegration',
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Association', value: 'association' },
					{ name: 'Relation', value: 'relation' },
				],
				default: 'association',
			},
			...createProperties([association, relation]),
			...requestOptions,
		],
	};

	methods = {
		credentialTest: { testPrivateIntegration },
		listSearch: { searchAssociations, searchObjects },
		loadOptions: { getAssociations },
	};
}
