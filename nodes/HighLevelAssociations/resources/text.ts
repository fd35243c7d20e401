import type { INodeProperties } from 'n8n-workflow';

/** A text, which must be entered unless `more` says otherwise. */
export const text = (
	displayName: string,
	name: string,
	placeholder: string,
	more: Partial<INodeProperties>,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	required: true,
	default: '',
	placeholder,
	...more,
});
