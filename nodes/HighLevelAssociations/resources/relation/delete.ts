import type { INodeProperties } from 'n8n-workflow';

import type { Template } from '../../run/input';
import type { Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { associationId } from '../associationId';
import { when, type Operation } from '../operation';
import { ifNotFound } from '../options';
import { orNotFound, remove } from '../remove';
import { text } from '../text';
import { recordPair } from './fields';
import { findRelation, readPair } from './findRelation';

const deleteBy: INodeProperties = {
	displayName: 'Delete By',
	name: 'deleteBy',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'ID', value: 'id', description: 'The ID of the relation' },
		{
			name: 'Records',
			value: 'records',
			description: 'The two records that it relates, in either order',
		},
	],
	default: 'id',
	description: 'How to identify the relation',
};

const request: Template = {
	method: 'DELETE',
	url: '/associations/relations/{relationId}',
	qs: { locationId: '{locationId}' },
};

const deleteRelation: Work = async (item) =>
	await orNotFound(item, async () => await remove(item, request));

const deleteByRecords: Work = async (item) =>
	await orNotFound(item, async () => {
		const { firstRecordId, secondRecordId } = readPair(item);
		// Once it is deleted, these records would no longer name it, or would name that in the other order.
		const find = async (known?: string) => known ?? (await findId(item));
		const id = await item.inTurn(find, firstRecordId, secondRecordId);
		item.set('relationId', id);
		item.ids.relationId = id;
		return await remove(item, request);
	});

async function findId(item: Item): Promise<string> {
	const relation = await findRelation(item, item.value('associationId'), readPair(item));
	if (relation) return String(relation.id);
	throw item.rejectResponse(
		'HighLevel found no relation between these two records under the association',
		"Check the IDs: it may be deleted already. To let a missing one count as done, set the option 'If Not Found' to Succeed.",
		{ isNotFound: true },
	);
}

/** https://marketplace.gohighlevel.com/docs/ghl/associations/delete-relation */
export const deleteOperation: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete relation',
		description: 'Delete the relation between two records. This cannot be undone.',
	},
	verb: 'deleted',
	request,
	work: deleteRelation,
	instead: {
		parameter: 'deleteBy',
		value: 'records',
		request,
		parameters: ['locationId', 'associationId', 'firstRecordId', 'secondRecordId'],
		work: deleteByRecords,
	},
	fields: [
		deleteBy,
		...when(
			{ deleteBy: ['id'] },
			text('Relation ID', 'relationId', 'e.g. 6d6f6e676f5f6576656e7473', {
				description: 'The ID of the relation, as Get Many returns it',
			}),
		),
		...when({ deleteBy: ['records'] }, associationId, ...recordPair),
	],
	options: [ifNotFound],
};
