import type { Operation } from '../operation';
import { ifNotFound } from '../options';
import { orNotFound, remove } from '../remove';

/** https://marketplace.gohighlevel.com/docs/ghl/associations/delete-relation */
export const deleteOperation: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete relation',
		description: 'Delete the relation between two records. This cannot be undone.',
	},
	verb: 'deleted',
	request: {
		method: 'DELETE',
		url: '/associations/relations/{relationId}',
		qs: { locationId: '{locationId}' },
	},
	work: async (item, request) => await orNotFound(item, async () => await remove(item, request)),
	fields: [
		{
			displayName: 'Relation ID',
			name: 'relationId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 6d6f6e676f5f6576656e7473',
			description: 'The ID of the relation, as Get Many returns it',
		},
	],
	options: [ifNotFound],
};
