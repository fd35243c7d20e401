import { ASSOCIATION_BY_ID } from '../../run/item';
import type { Operation } from '../operation';
import { associationId } from '../associationId';
import { simplify, simplifyIfWanted } from './simplify';

/**
 * Reads one association; by key it is one request, as its look-up is the response already.
 * https://marketplace.gohighlevel.com/docs/ghl/associations/get-association-by-id
 */
export const get: Operation = {
	entry: {
		name: 'Get',
		value: 'get',
		action: 'Get association',
		description: 'Get an association by ID or key',
	},
	request: ASSOCIATION_BY_ID,
	work: async (item) => simplifyIfWanted(item, [await item.readAssociation()]),
	fields: [associationId],
	options: [simplify],
};
