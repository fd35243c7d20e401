import type { INodeProperties } from 'n8n-workflow';

import { delivery, type Work } from '../../delivery/deliver';
import type { Template } from '../../delivery/template';
import type { Operation } from '../operation';
import { options } from '../options';
import { howMany, limitOf, pagesOf, thingsIn } from '../pages';

const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Object Key',
			name: 'objectKey',
			type: 'string',
			default: '',
			placeholder: 'e.g. custom_objects.students',
			description: 'Only the associations of this kind of records',
		},
	],
};

/** HighLevel has an endpoint of its own for the associations of an object; it does not page. */
const byObjectKey: Template = {
	method: 'GET',
	url: '/associations/objectKey/{objectKey}',
	qs: { locationId: '{locationId}' },
};

const listAssociations: Work = async (item, request) => {
	const { objectKey } = item.parameter('filters', {}) as { objectKey?: unknown };
	if (objectKey === undefined) return await pagesOf('associations', item, request);
	item.put('objectKey', objectKey);
	return thingsIn(await item.ask(byObjectKey), 'associations', item).slice(0, limitOf(item));
};

/** https://marketplace.gohighlevel.com/docs/ghl/associations/find-associations */
export const getMany: Operation = {
	entry: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many associations',
		description: 'Get the associations of the sub-account, or those of one kind of records',
		routing: {
			request: { method: 'GET', url: '/associations/', qs: { locationId: '{locationId}' } },
			...delivery(listAssociations),
		},
	},
	fields: [...howMany, filters, options()],
};
