import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { rateLimit } from '../../delivery/rateLimit';

const showOnlyForDelete = { show: { resource: ['association'], operation: ['delete'] } };

/**
 * Answers `{ deleted: boolean, id: string, message: string }`. HighLevel deletes user-defined associations only.
 * https://marketplace.gohighlevel.com/docs/ghl/associations/delete-association
 */
export const associationDelete: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete association and all its relations',
	description: 'Delete an association and all of its relations. This cannot be undone.',
	routing: { request: { method: 'DELETE', url: '/associations/{associationId}' } },
};

export const associationDeleteFields: INodeProperties[] = [
	{
		displayName: 'All relations of the association are deleted too. This cannot be undone.',
		name: 'deleteNotice',
		type: 'notice',
		default: '',
		displayOptions: showOnlyForDelete,
	},
	{
		displayName: 'Association',
		name: 'associationId',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'id', value: '' },
		displayOptions: showOnlyForDelete,
		description: 'The user-defined association to delete, together with all of its relations',
		modes: [
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 6d6f6e676f5f6576656e7473',
			},
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showOnlyForDelete,
		options: [
			{
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
				default: 'fail',
				description: 'What to do about an association that does not exist, or no longer',
			},
			rateLimit,
		],
	},
];
