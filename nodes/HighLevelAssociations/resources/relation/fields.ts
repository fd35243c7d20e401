import type { INodeProperties } from 'n8n-workflow';

import { associationId } from '../association/associationId';
import { requiredText } from '../requiredText';

/** The ID of a record. */
export const createRecordId = (
	displayName: string,
	name: string,
	more: Partial<INodeProperties>,
): INodeProperties => requiredText(displayName, name, 'e.g. ocQHyuzHvysMo5N5VsXc', more);

/** The association of a relation, and its two records: one property each for all operations, as `createProperties` says. */
const ofRelation = { displayOptions: { hide: { deleteBy: ['id'], listBy: ['record'] } } };

export const relationAssociation: INodeProperties = { ...associationId, ...ofRelation };

export const recordPair: INodeProperties[] = [
	createRecordId('First Record ID', 'firstRecordId', {
		hint: 'A record of the object that the association names first (First Object Key). To delete a relation, the order does not matter.',
		...ofRelation,
	}),
	createRecordId('Second Record ID', 'secondRecordId', {
		hint: 'A record of the object that the association names second (Second Object Key)',
		...ofRelation,
	}),
];

/**
 * Stands for a choice that an operation does not have. Without it n8n takes the choice's default for its value there
 * (n8n-workflow, getNodeParameters), and hides what that hides.
 */
const createNoChoice = (name: string): INodeProperties => ({
	displayName: 'None',
	name,
	type: 'hidden',
	default: 'none',
});

export const noDeleteBy = createNoChoice('deleteBy');
export const noListBy = createNoChoice('listBy');
