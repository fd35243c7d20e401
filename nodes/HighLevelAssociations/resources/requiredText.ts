import type { INodeProperties } from 'n8n-workflow';

/** A text that must be entered. */
export const requiredText = (
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
