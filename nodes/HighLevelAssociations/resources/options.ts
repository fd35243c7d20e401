import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { locationId } from '../../../credentials/fields';

/** Whether an option or filter is on. One whose expression finds nothing stays on the safe side. */
export const isOn = (options: IDataObject, name: string, off: string): boolean =>
	name in options && String(options[name]) !== off;

/** The options that every operation has. */
export const commonOptions: INodeProperties[] = [
	locationId(
		"Overrides the credential's Location ID; the sub-account's address in HighLevel works too. To delete, get or update an association by its ID, only needed if the credential is signed in as an agency, or with If Related or Count Relations.",
	),
	{
		displayName: 'Rate Limit (per 10 Seconds)',
		name: 'rateLimit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description:
			"Maximum number of requests. Set it to leave part of the limit to other integrations; without it, HighLevel's own limit is used in full.",
	},
];

/** What to do about something that does not exist, for the operations that delete. */
export const ifNotFound: INodeProperties = {
	displayName: 'If Not Found',
	name: 'ifNotFound',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'The item fails, as after any other error' },
		{
			name: 'Succeed',
			value: 'succeed',
			description: 'The item succeeds with deleted: false, so that a workflow can be run again',
		},
	],
	default: 'succeed',
	description:
		'What to do if it does not exist or is deleted already. Without this option, the item fails.',
};

/** What to do about something that exists already, for the operations that create. */
export const ifExists: INodeProperties = {
	displayName: 'If Exists',
	name: 'ifExists',
	type: 'options',
	options: [
		{ name: 'Fail', value: 'fail', description: 'The item fails, as after any other error' },
		{
			name: 'Succeed',
			value: 'succeed',
			description: 'The item succeeds and returns what exists, so that a workflow can be run again',
		},
	],
	default: 'succeed',
	description: 'What to do if it exists already. Without this option, the item fails.',
};
