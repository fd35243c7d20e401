import { delivery } from '../../delivery/deliver';
import { associationId } from '../association/associationId';
import type { Operation } from '../operation';
import { options } from '../options';

/** https://marketplace.gohighlevel.com/docs/ghl/associations/create-relation */
export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create relation',
		description: 'Relate two records under an association',
		routing: {
			request: {
				method: 'POST',
				url: '/associations/relations',
				body: {
					locationId: '{locationId}',
					associationId: '{associationId}',
					firstRecordId: '{firstRecordId}',
					secondRecordId: '{secondRecordId}',
				},
			},
			...delivery(),
		},
	},
	fields: [
		associationId,
		{
			displayName: 'First Record ID',
			name: 'firstRecordId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
			description: "The ID of a record of the association's first object",
		},
		{
			displayName: 'Second Record ID',
			name: 'secondRecordId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
			description: "The ID of a record of the association's second object",
		},
		options(),
	],
};
