import type { INodeProperties } from 'n8n-workflow';

import { text } from '../text';

/** The ID of a record. */
export const createRecordId = (
	displayName: string,
	name: string,
	more: Partial<INodeProperties>,
): INodeProperties => text(displayName, name, 'e.g. ocQHyuzHvysMo5N5VsXc', more);

/** The two records of a relation. */
export const recordPair: INodeProperties[] = [
	createRecordId('First Record ID', 'firstRecordId', {
		hint: 'A record of the object that the association names first (First Object Key). To delete a relation, the order does not matter.',
	}),
	createRecordId('Second Record ID', 'secondRecordId', {
		hint: 'A record of the object that the association names second (Second Object Key)',
	}),
];
