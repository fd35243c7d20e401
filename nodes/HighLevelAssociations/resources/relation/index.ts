import type { Resource } from '../operation';
import { create } from './create';
import { deleteOperation } from './delete';
import { getMany } from './getMany';

/** The Relation resource: which two records an association connects. */
export const relation: Resource = {
	value: 'relation',
	operations: [create, deleteOperation, getMany],
	defaultOperation: 'getMany',
};
