import type { INodeProperties } from 'n8n-workflow';

import { delivery, type Work } from '../../delivery/deliver';
import type { Operation } from '../operation';
import { options } from '../options';
import { howMany, pagesOf } from '../pages';

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Association Names or IDs',
			name: 'associationIds',
			type: 'multiOptions',
			typeOptions: { loadOptionsMethod: 'getAssociations' },
			default: [],
			description:
				'Only the relations under these associations. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		},
	],
};

/** HighLevel takes the filter as a repeated query parameter. */
const listRelations: Work = async (item, request) => {
	const { associationIds } = item.parameter('filters', {}) as { associationIds?: unknown };
	if (associationIds === undefined) return await pagesOf('relations', item, request);
	const ids = idsIn(associationIds);
	if (ids.length === 0) {
		throw item.refusal(
			'Association Names or IDs is empty',
			'Nothing was sent for this item. Choose associations, or remove the filter.',
		);
	}
	return await pagesOf('relations', item, {
		...request,
		qs: { ...request.qs, associationIds: ids },
	});
};

/** An expression may give a list, or IDs with commas between. */
const idsIn = (value: unknown): string[] =>
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
		routing: {
			request: {
				method: 'GET',
				url: '/associations/relations/{recordId}',
				qs: { locationId: '{locationId}' },
			},
			...delivery(listRelations),
		},
	},
	fields: [
		{
			displayName: 'Record ID',
			name: 'recordId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. ve9EPM428h8vShlRW1KT',
			description: 'The ID of the contact, opportunity or custom object record',
		},
		...howMany,
		filters,
		options(),
	],
};
