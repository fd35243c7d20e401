import type { INodeProperties } from 'n8n-workflow';

/**
 * The key of an object: picked from a list, or typed. A plain string, as older workflows and expressions have it, is a
 * typed one.
 */
export const objectKey = (
	displayName: string,
	name: string,
	placeholder: string,
	description: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'key', value: '' },
	description,
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select an object...',
			typeOptions: { searchListMethod: 'searchObjects', searchable: true },
		},
		// n8n's editor calls a mode of the name `id` By ID, whatever its display name.
		{ displayName: 'By Key', name: 'key', type: 'string', placeholder },
	],
	...more,
});
