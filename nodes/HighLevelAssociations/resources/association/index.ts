import type { Resource } from '../operation';
import { create } from './create';
import { deleteOperation } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { update } from './update';

/** The Association resource: what connects the records of two objects. */
export const association: Resource = {
	value: 'association',
	operations: [create, deleteOperation, get, getMany, update],
	defaultOperation: 'delete',
};
