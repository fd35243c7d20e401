import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import {
	apiVersion,
	baseUrl,
	DEFAULT_API_VERSION,
	icon,
	locationId,
	notice,
	readToken,
	SCOPES,
} from './fields';

/** A sub-account's Private Integration Token; an OAuth access token of a sub-account works too. */
export class HighLevelPrivateIntegrationApi implements ICredentialType {
	name = 'highLevelPrivateIntegrationApi';

	displayName = 'HighLevel Private Integration API';

	icon = icon;

	documentationUrl =
		'https://help.gohighlevel.com/support/solutions/articles/155000003054-private-integrations-everything-you-need-to-know';

	properties: INodeProperties[] = [
		notice(
			`In the sub-account, not in the agency, create an integration under Settings > Private Integrations with the scopes ${SCOPES.join(', ')}.`,
		),
		{
			displayName: 'Private Integration Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. pit-00000000-0000-0000-0000-000000000000',
			description: 'Shown once when the integration is created or its token is rotated',
		},
		locationId(
			"The sub-account's ID, found under Settings > Business Profile; its address in HighLevel works too",
			'Needed for everything but deleting, getting and updating an association by its ID',
		),
		apiVersion,
		baseUrl,
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
				Version: String(credentials.apiVersion || DEFAULT_API_VERSION),
			},
		};
	}
}
