import type { ICredentialDataDecryptedObject, INodeProperties, Icon } from 'n8n-workflow';

/** The scopes that the node's operations need. */
export const SCOPES = [
	'associations.readonly',
	'associations.write',
	'associations/relation.readonly',
	'associations/relation.write',
];

export const icon: Icon = {
	light: 'file:../nodes/HighLevelAssociations/highLevelAssociations.svg',
	dark: 'file:../nodes/HighLevelAssociations/highLevelAssociations.dark.svg',
};

/** Text above the fields, for what the user has to do in HighLevel first. */
export const notice = (text: string): INodeProperties => ({
	displayName: text,
	name: 'notice',
	type: 'notice',
	default: '',
});

/** @param hint what is needed to know even without pointing at the field */
export const locationId = (description: string, hint?: string): INodeProperties => ({
	displayName: 'Location ID',
	name: 'locationId',
	type: 'string',
	default: '',
	placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
	description,
	hint,
});

/** What is sent in the Version header unless the user chooses another. */
export const DEFAULT_API_VERSION = '2021-07-28';

export const apiVersion: INodeProperties = {
	displayName: 'API Version',
	name: 'apiVersion',
	type: 'options',
	options: [
		{ name: '2021-07-28', value: DEFAULT_API_VERSION },
		{ name: 'V3', value: 'v3' },
	],
	default: DEFAULT_API_VERSION,
	description: 'Sent in the Version header. The association endpoints are the same in both.',
};

/** A field that nobody sees: a value, or an expression over the other fields, which n8n evaluates at the sign-in. */
export const hidden = (displayName: string, name: string, value: string): INodeProperties => ({
	displayName,
	name,
	type: 'hidden',
	default: value,
});

export const baseUrl = hidden('Base URL', 'baseUrl', 'https://services.leadconnectorhq.com');

/** The token without what a paste brings along: surrounding whitespace, a leading `Bearer`. */
export function readToken(credentials: ICredentialDataDecryptedObject): string {
	return String(credentials.token ?? '')
		.trim()
		.replace(/^Bearer\s+/i, '');
}

/** The Location ID that was entered: by itself, or in a pasted address of the sub-account in HighLevel. */
export function readLocationId(entered: unknown): string {
	const text = String(entered ?? '').trim();
	return /\/location\/([\w-]+)/.exec(text)?.[1] ?? text;
}
