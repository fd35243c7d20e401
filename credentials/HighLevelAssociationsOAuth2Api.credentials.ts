import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { apiVersion, baseUrl, hidden, icon, locationId, notice, SCOPES } from './fields';

/** A draft or private app is found by its version's ID, with which the client ID begins, up to its dash. */
const QUERY_PARAMETERS =
	'={{ "version_id=" + ($self["appVersionId"].trim() || $self["clientId"].split("-")[0]) + "&" + $self["signInParameters"].trim() }}';

/** A marketplace app's access to one sub-account, or to all sub-accounts of an agency. HighLevel's answer to the sign-in tells. */
export class HighLevelAssociationsOAuth2Api implements ICredentialType {
	name = 'highLevelAssociationsOAuth2Api';

	displayName = 'HighLevel Associations OAuth2 API';

	extends = ['oAuth2Api'];

	icon = icon;

	documentationUrl = 'https://marketplace.gohighlevel.com/docs/Authorization/OAuth2.0';

	properties: INodeProperties[] = [
		notice(
			`In your marketplace app, enter the redirect URL above and select the scopes ${SCOPES.join(', ')}. Target user: Sub-Account. For one sign-in for all sub-accounts of an agency, target user Agency and Sub-Account, and the scope oauth.write as well.`,
		),
		hidden('Grant Type', 'grantType', 'authorizationCode'),
		{
			displayName: 'Sign In At',
			name: 'authUrl',
			type: 'options',
			options: [
				{ name: 'HighLevel', value: 'https://marketplace.gohighlevel.com/v2/oauth/chooselocation' },
				{
					name: 'White-Label',
					value: 'https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation',
				},
			],
			default: 'https://marketplace.gohighlevel.com/v2/oauth/chooselocation',
			description: 'White-Label shows a sign-in page without the name of HighLevel',
		},
		hidden(
			'Access Token URL',
			'accessTokenUrl',
			'https://services.leadconnectorhq.com/oauth/token',
		),
		{
			displayName: 'App Version ID',
			name: 'appVersionId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 6a044f181ec5bf79ae2e5e73',
			description:
				"Needed if HighLevel shows error.noAppVersionIdFound. If empty, it is the client ID's part before the dash.",
		},
		{
			displayName: 'Additional Scopes',
			name: 'additionalScopes',
			type: 'string',
			default: '',
			placeholder: 'e.g. oauth.write objects/schema.readonly',
			description:
				'Scopes to ask for besides those above, separated by spaces; the app must have them. To sign in as an agency, oauth.write; to pick objects from a list, objects/schema.readonly.',
		},
		{
			displayName: 'Additional Sign-In Parameters',
			name: 'signInParameters',
			type: 'string',
			default: '',
			placeholder: 'e.g. name=value&other=value',
			description:
				'Query parameters to add to the address of the sign-in, if HighLevel asks for any',
		},
		hidden('Scope', 'scope', `={{ ("${SCOPES.join(' ')} " + $self["additionalScopes"]).trim() }}`),
		hidden('Auth URI Query Parameters', 'authQueryParameters', QUERY_PARAMETERS),
		hidden('Authentication', 'authentication', 'body'),
		hidden('Additional Body Properties', 'additionalBodyProperties', '{"user_type":"Location"}'),
		locationId(
			"The sub-account's ID; its address in HighLevel works too. After a sign-in as an agency, the sub-account to work in unless a node's option 'Location ID' names another. After a sign-in to a sub-account it can stay empty.",
		),
		apiVersion,
		baseUrl,
	];
}
