import type { INodeProperties } from 'n8n-workflow';

import { ASSOCIATION_BY_ID, type Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { associationId } from '../associationId';
import { when, type Operation } from '../operation';
import { howMany, readFilters, readLimit, readPages } from '../pages';
import { isUnder, readRelations, RELATIONS_OF_RECORD } from '../relations';
import { createRecordId } from './fields';

const listBy: INodeProperties = {
	displayName: 'List By',
	name: 'listBy',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Association',
			value: 'association',
			description:
				'All relations of an association: takes one request for each record of an object',
		},
		{ name: 'Record', value: 'record', description: 'The relations of a record' },
	],
	default: 'record',
	description: 'Whose relations to get',
};

const filters: INodeProperties[] = [
	{
		displayName: 'Association Names or IDs',
		name: 'associationIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getAssociations' },
		default: [],
		displayOptions: { show: { '/listBy': ['record'] } },
		description:
			'Only the relations under these associations. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];

const listRelations: Work = async (item, request) => {
	const given = readFilters(item);
	const limit = readLimit(item);
	if (!('associationIds' in given)) return await readPages(item, request, 'relations', { limit });
	const ids = readIds(item, given.associationIds);
	if (ids.length === 0) {
		throw item.rejectField(
			'associationIds',
			'is empty',
			'Choose associations, or remove the filter',
		);
	}
	const filtered = { ...request, qs: { ...request.qs, associationIds: ids } };
	return await readPages(item, filtered, 'relations', { limit, isWanted: isUnder(item, ids) });
};

const listRelationsOfAssociation: Work = async (item) => {
	const limit = readLimit(item);
	const { relations } = await readRelations(item, await item.readAssociation(), limit);
	return relations;
};

/**
 * An expression may return an array, or IDs separated by commas.
 *
 * @throws ItemError if one of them can't be sent
 */
const readIds = (item: Item, value: unknown): string[] =>
	(Array.isArray(value) ? value : String(value ?? '').split(','))
		.filter((id) => String(id).trim() !== '')
		.map((id) => item.check({ associationIds: id }).associationIds!);

/** https://marketplace.gohighlevel.com/docs/ghl/associations/get-relations-by-record-id */
export const getMany: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many relations',
		description: 'Get the relations of a record or of an association',
	},
	request: RELATIONS_OF_RECORD,
	work: listRelations,
	instead: {
		parameter: 'listBy',
		value: 'association',
		request: ASSOCIATION_BY_ID,
		work: listRelationsOfAssociation,
	},
	fields: [
		listBy,
		...when({ listBy: ['association'] }, associationId),
		...when(
			{ listBy: ['record'] },
			createRecordId('Record ID', 'recordId', {
				description: 'The ID of the contact, opportunity, company or custom object record',
			}),
		),
		...howMany,
	],
	filters,
};
