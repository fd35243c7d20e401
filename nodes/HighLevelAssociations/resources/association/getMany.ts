import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Template } from '../../run/input';
import type { Work } from '../../run/perform';
import { isHighLevelsOwn } from '../../transport/association';
import { objectKey } from '../objectKey';
import type { Operation } from '../operation';
import { isOn } from '../options';
import { howMany, readFilters, readLimit, readPages, readThings } from '../pages';
import { simplify, simplifyIfWanted } from './simplify';

const filters: INodeProperties[] = [
	objectKey(
		'Object Key',
		'objectKey',
		'e.g. custom_objects.students',
		'Only associations that include this object',
	),
	{
		displayName: 'Include Internal',
		name: 'includeInternalAssociations',
		type: 'boolean',
		default: true,
		description:
			"Whether to include HighLevel's internal associations, such as those of tasks. Only together with Object Key.",
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
const createRequest = (includeInternalAssociations: boolean): Template => ({
	method: 'GET',
	url: '/associations/objectKey/{objectKey}',
	qs: {
		locationId: '{locationId}',
		...(includeInternalAssociations && { includeInternalAssociations }),
	},
});

const listAssociations: Work = async (item, request) => {
	const given = readFilters(item);
	const includeInternal = String(given.includeInternalAssociations) === 'true';
	const isWanted = isOn(given, 'userDefinedOnly', 'false')
		? (association: IDataObject) => !isHighLevelsOwn(association)
		: undefined;
	const limit = readLimit(item);
	if (!('objectKey' in given)) {
		if (includeInternal) {
			throw item.rejectField(
				'includeInternalAssociations',
				"needs the filter 'Object Key'",
				"Add 'Object Key', or remove the filter",
			);
		}
		return await readPages(item, request, 'associations', { limit, isWanted });
	}
	item.set('objectKey', given.objectKey);
	const found = readThings(item, await item.ask(createRequest(includeInternal)), 'associations');
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
	work: async (item, request) => simplifyIfWanted(item, await listAssociations(item, request)),
	fields: howMany,
	filters,
	options: [simplify],
};
