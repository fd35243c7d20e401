import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	ICredentialType,
	ICredentialsDecrypted,
	IHttpRequestOptions,
	INodeCredentialTestResult,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { isScopeMissing, wordsOf } from '../nodes/HighLevelAssociations/delivery/answer';

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

	/** Puts the token and the API version on a request, whoever makes it: our nodes or n8n's HTTP Request node. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return {
			...requestOptions,
			headers: {
				...requestOptions.headers,
				Authorization: `Bearer ${bareToken(credentials)}`,
				Version: String(credentials.apiVersion || '2021-07-28'),
			},
		};
	}
}

/** The token without what a paste brings along: blanks, a line break, a leading `Bearer`. */
export function bareToken(credentials: ICredentialDataDecryptedObject): string {
	return String(credentials.token ?? '')
		.trim()
		.replace(/^Bearer\s+/i, '');
}

/**
 * Tests the credential with one read and says in words what HighLevel made of it. With a location it lists one
 * association; without one it asks for an ID that no association has, since that is all that needs no location.
 *
 * The node names it as `testedBy`: n8n's declarative tests cannot tell two answers of the same status apart.
 */
export async function testPrivateIntegration(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const data = credential.data ?? {};
	const locationId = String(data.locationId ?? '').trim();
	const { headers } = await new HighLevelPrivateIntegrationApi().authenticate(data, { url: '' });
	// `request` is the only helper that n8n offers to a credential test (n8n-core, CredentialTestContext).
	const { helpers } = this;
	let status: number;
	let body: unknown;
	try {
		({ statusCode: status, body } = await helpers.request({
			method: 'GET',
			uri: `${String(data.baseUrl)}/associations/${locationId ? '' : '000000000000000000000000'}`,
			qs: locationId ? { locationId, skip: 0, limit: 1 } : {},
			headers,
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: 20_000,
		}));
	} catch (error) {
		const code = (error as { code?: string; cause?: { code?: string } }).code ?? error.cause?.code;
		return failed(
			code === 'ERR_INVALID_CHAR'
				? 'The token holds a character that cannot be sent. Copy it from HighLevel once more.'
				: `HighLevel can't be reached (${code ?? 'no answer'}). Check the network of this n8n, then try again.`,
		);
	}

	const words = wordsOf(body).replaceAll(bareToken(data), '***');
	if (status >= 200 && status < 300) return works('The token works.');
	if (isScopeMissing(status, words)) {
		return failed(
			'The token is right but lacks the scope associations.readonly. Deleting by ID still works if it has associations.write; everything that reads does not.',
		);
	}
	if (status === 401) return failed(`The token is wrong. HighLevel says: ${words}`);
	if (status === 403) {
		return failed(
			`The token is right but belongs to another sub-account than the Location ID. HighLevel says: ${words}`,
		);
	}
	if ([400, 404, 422].includes(status)) {
		return locationId
			? failed(`The token is right but HighLevel refuses the Location ID: ${words}`)
			: works('The token works.');
	}
	return failed(`HighLevel can't answer at the moment (${status}). Try again later.`);
}

const works = (message: string): INodeCredentialTestResult => ({ status: 'OK', message });
const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });
