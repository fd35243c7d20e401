import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Template } from '../../run/input';
import type { Work } from '../../run/perform';
import { isHighLevelsOwn } from '../../transport/association';
import type { Operation } from '../operation';
import { howMany, readFilters, readLimit, readPages, readThings } from '../pages';

const filters: INodeProperties[] = [
	{
		displayName: 'Object Key',
		name: 'objectKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. custom_objects.students',
		description: 'Only associations that include this object',
	},
	{
		displayName: 'User-Defined Only',
		name: 'userDefinedOnly',
		type: 'boolean',
		default: true,
		description: "Whether to leave out HighLevel's own associations",
	},
];

/** HighLevel has an endpoint of its own for the associations of an object; it does not page. */
const byObjectKey: Template = {
	method: 'GET',
	url: '/associations/objectKey/{objectKey}',
	qs: { locationId: '{locationId}' },
};

const listAssociations: Work = async (item, request) => {
	const { objectKey, userDefinedOnly } = readFilters(item);
	const isWanted = userDefinedOnly
		? (association: IDataObject) => !isHighLevelsOwn(association)
		: undefined;
	if (objectKey === undefined) return await readPages(item, request, 'associations', isWanted);
	item.set('objectKey', objectKey);
	const limit = readLimit(item);
	const found = readThings(item, await item.ask(byObjectKey), 'associations');
	return found.filter(isWanted ?? (() => true)).slice(0, limit);
};

/** https://marketplace.gohighlevel.com/docs/ghl/associations/find-associations */
export const getMany: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many associations',
		description: 'Get the associations of the sub-account, or those of one object',
	},
	request: { method: 'GET', url: '/associations/', qs: { locationId: '{locationId}' } },
	work: listAssociations,
	fields: howMany,
	filters,
};
