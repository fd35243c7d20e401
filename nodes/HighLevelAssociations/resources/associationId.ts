import type { INodeProperties } from 'n8n-workflow';

/** The association that an operation is about: picked by name, or given by ID or by key. */
export const associationId: INodeProperties = {
	displayName: 'Association',
	name: 'associationId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description: 'The association, picked from the list or named by its ID or its key',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select an association...',
			typeOptions: { searchListMethod: 'searchAssociations', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 6d6f6e676f5f6576656e7473',
		},
		{
			displayName: 'By Key',
			name: 'key',
			type: 'string',
			placeholder: 'e.g. student_teacher',
		},
	],
};
