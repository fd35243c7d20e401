import type { Resource } from '../operation';
import { backUp } from './backUp';
import { create } from './create';
import { deleteOperation } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { restore } from './restore';
import { update } from './update';

/** The Association resource: what connects the records of two objects. */
export const association: Resource = {
	value: 'association',
	operations: [backUp, create, deleteOperation, get, getMany, restore, update],
	defaultOperation: 'delete',
};
