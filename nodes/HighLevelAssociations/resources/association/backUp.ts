import type { INodeProperties } from 'n8n-workflow';

import { ASSOCIATION_BY_ID } from '../../run/item';
import type { Work } from '../../run/perform';
import type { Operation } from '../operation';
import { readRelations } from '../relations';
import { associationId } from '../associationId';

const notice: INodeProperties = {
	displayName:
		"Takes one request for each record of the smaller object: 10,000 take 17 minutes. n8n's log and the browser's console show the progress.",
	name: 'backUpNotice',
	type: 'notice',
	default: '',
};

const backUpAssociation: Work = async (item) => {
	const takenAt = new Date().toISOString();
	const association = await item.readAssociation();
	const { relations, records } = await readRelations(item, association);
	return [{ association, relations, counts: { records, relations: relations.length }, takenAt }];
};

/** Reads all that a deletion destroys, for Restore. Fails if anything could not be read. */
export const backUp: Operation = {
	entry: {
		name: 'Back Up',
		value: 'backUp',
		action: 'Back up association and its relations',
		description: 'Get an association with all of its relations, for Restore',
	},
	request: ASSOCIATION_BY_ID,
	work: backUpAssociation,
	fields: [notice, associationId],
};
