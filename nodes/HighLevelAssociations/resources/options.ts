import type { INodeProperties } from 'n8n-workflow';

const locationId: INodeProperties = {
	displayName: 'Location ID',
	name: 'locationId',
	type: 'string',
	default: '',
	placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
	description: 'The ID of the sub-account, if it is not that of the credential',
};

const rateLimit: INodeProperties = {
	displayName: 'Rate Limit',
	name: 'rateLimit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description:
		"How many requests to send in 10 seconds at most. Only needed if others must get a share of the sub-account's limit: without it, HighLevel's own limit is used in full.",
};

/** The Options of an operation: those that every operation has, and its own. They are in order of their names. */
export function options(own: INodeProperties[] = []): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...own, locationId, rateLimit].sort((a, b) =>
			a.displayName.localeCompare(b.displayName),
		),
	};
}
