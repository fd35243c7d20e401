import { delivery } from '../../delivery/deliver';
import type { Operation } from '../operation';
import { options } from '../options';
import { associationId } from './associationId';

/**
 * Reads one association; by key it is one request, as its look-up is the answer already.
 * https://marketplace.gohighlevel.com/docs/ghl/associations/get-association-by-id
 */
export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get association',
		description: 'Get one association by name, ID or key',
		routing: {
			request: { method: 'GET', url: '/associations/{associationId}' },
			...delivery(async (item) => [await item.association()]),
		},
	},
	fields: [associationId, options()],
};
