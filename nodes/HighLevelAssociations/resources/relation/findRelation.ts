import type { IDataObject } from 'n8n-workflow';

import type { Item } from '../../run/item';
import { readRelationsOf } from '../relations';

/** The two records of a relation. */
export interface Pair {
	firstRecordId: string;
	secondRecordId: string;
}

/** The relation of two records under an association: in this order if there is one, or else in the other. */
export async function findRelation(
	item: Item,
	associationId: string,
	{ firstRecordId, secondRecordId }: Pair,
): Promise<IDataObject | undefined> {
	const relations = await readRelationsOf(item, firstRecordId, associationId);
	const find = (first: string, second: string) =>
		relations.find((one) => one.firstRecordId === first && one.secondRecordId === second);
	return find(firstRecordId, secondRecordId) ?? find(secondRecordId, firstRecordId);
}

/** The records that an item names. */
export const readPair = (item: Item): Pair => ({
	firstRecordId: item.value('firstRecordId'),
	secondRecordId: item.value('secondRecordId'),
});
