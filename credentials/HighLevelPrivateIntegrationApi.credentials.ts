import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

/** A sub-account's Private Integration Token; an OAuth access token of a sub-account works too. */
export class HighLevelPrivateIntegrationApi implements ICredentialType {
	name = 'highLevelPrivateIntegrationApi';

	displayName = 'HighLevel Private Integration API';

	icon: Icon = {
		light: 'file:../nodes/HighLevelAssociations/highLevelAssociations.svg',
		dark: 'file:../nodes/HighLevelAssociations/highLevelAssociations.dark.svg',
	};

	documentationUrl =
		'https://help.gohighlevel.com/support/solutions/articles/155000003054-private-integrations-everything-you-need-to-know';

	properties: INodeProperties[] = [
		{
			displayName: 'Private Integration Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. pit-00000000-0000-0000-0000-000000000000',
			description:
				'In the sub-account: Settings > Private Integrations > Create new integration. Deleting associations needs the scope associations.write, reading them associations.readonly.',
		},
		{
			displayName: 'Location ID',
			name: 'locationId',
			type: 'string',
			default: '',
			placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
			description:
				'The ID of the sub-account, found under Settings > Business Profile. Deleting an association by its ID works without it.',
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
			description: 'Sent in the Version header. The association endpoints are the same in both.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'hidden',
			default: 'https://services.leadconnectorhq.com',
		},
	];

	/** Puts the token and the API version on a request, whoever makes it: our nodes or n8n's HTTP Request node. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return {
			...requestOptions,
			headers: {
				...requestOptions.headers,
				Authorization: `Bearer ${readToken(credentials)}`,
				Version: String(credentials.apiVersion || '2021-07-28'),
			},
		};
	}
}

/** The token without what a paste brings along: surrounding whitespace, a leading `Bearer`. */
export function readToken(credentials: ICredentialDataDecryptedObject): string {
	return String(credentials.token ?? '')
		.trim()
		.replace(/^Bearer\s+/i, '');
}
