import type { INodeProperties } from 'n8n-workflow';

import type { Work } from '../../run/perform';
import type { Operation } from '../operation';
import { howMany, readFilters, readPages } from '../pages';

const filters: INodeProperties[] = [
	{
		displayName: 'Association Names or IDs',
		name: 'associationIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getAssociations' },
		default: [],
		description:
			'Only the relations under these associations. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];

/** HighLevel takes the filter as a repeated query parameter, but may ignore it: so it is applied here once more. */
const listRelations: Work = async (item, request) => {
	const { associationIds } = readFilters(item);
	if (associationIds === undefined) return await readPages(item, request, 'relations');
	const ids = readIds(associationIds);
	if (ids.length === 0) {
		throw item.rejectField(
			'associationIds',
			'is empty',
			'Choose associations, or remove the filter',
		);
	}
	const filtered = { ...request, qs: { ...request.qs, associationIds: ids } };
	return await readPages(item, filtered, 'relations', ({ associationId }) =>
		ids.includes(String(associationId)),
	);
};

/** An expression may return an array, or IDs separated by commas. */
const readIds = (value: unknown): string[] =>
	(Array.isArray(value) ? value : String(value ?? '').split(','))
		.map((id) => String(id).trim())
		.filter(Boolean);

/** https://marketplace.gohighlevel.com/docs/ghl/associations/get-relations-by-record-id */
export const getMany: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many relations of record',
		description: 'Get the relations of a record',
	},
	request: {
		method: 'GET',
		url: '/associations/relations/{recordId}',
		qs: { locationId: '{locationId}' },
	},
	work: listRelations,
	fields: [
		{
			displayName: 'Record ID',
			name: 'recordId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ocQHyuzHvysMo5N5VsXc',
			description: 'The ID of the contact, opportunity, company or custom object record',
		},
		...howMany,
	],
	filters,
};
