import type { INodeProperties } from 'n8n-workflow';

/** An option of every operation; the delivery reads it. */
export const rateLimit: INodeProperties = {
	displayName: 'Rate Limit',
	name: 'rateLimit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description:
		"How many requests to send in 10 seconds at most. Set it only if others must get a share of the sub-account's limit: without it, HighLevel's own limit is used in full and never exceeded.",
};
