import { resource } from '../operation';
import { create } from './create';
import { deleteOperation } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { update } from './update';

/** The Association resource: what connects two kinds of records. */
export const association = resource(
	'association',
	[create, deleteOperation, get, getMany, update],
	'delete',
);
