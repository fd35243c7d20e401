import type { ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

/** A marketplace app's access to one sub-account. HighLevel's answer to the sign-in names the sub-account. */
export class HighLevelAssociationsOAuth2Api implements ICredentialType {
	name = 'highLevelAssociationsOAuth2Api';

	displayName = 'HighLevel Associations OAuth2 API';

	extends = ['oAuth2Api'];

	icon: Icon = {
		light: 'file:../nodes/HighLevelAssociations/highLevelAssociations.svg',
		dark: 'file:../nodes/HighLevelAssociations/highLevelAssociations.dark.svg',
	};

	documentationUrl = 'https://marketplace.gohighlevel.com/docs/Authorization/OAuth2.0';

	properties: INodeProperties[] = [
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'Sign In At',
			name: 'authUrl',
			type: 'options',
			options: [
				{ name: 'HighLevel', value: 'https://marketplace.gohighlevel.com/oauth/chooselocation' },
				{
					name: 'White-Label',
					value: 'https://marketplace.leadconnectorhq.com/oauth/chooselocation',
				},
			],
			default: 'https://marketplace.gohighlevel.com/oauth/chooselocation',
			description: 'White-Label shows a sign-in page without the name of HighLevel',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: 'https://services.leadconnectorhq.com/oauth/token',
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default:
				'associations.readonly associations.write associations/relation.readonly associations/relation.write',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
		{
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default: '{"user_type":"Location"}',
		},
		{
			displayName: 'Location ID',
			name: 'locationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
			description: 'Only needed for another sub-account than the one chosen at the sign-in',
		},
		{
			displayName: 'API Version',
			name: 'apiVersion',
			type: 'options',
			options: [
				{ name: '2021-07-28', value: '2021-07-28' },
				{ name: 'V3', value: 'v3' },
			],
			default: '2021-07-28',
			description:
				'What is sent as the Version header. The association endpoints are the same in both.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'hidden',
			default: 'https://services.leadconnectorhq.com',
		},
	];
}
