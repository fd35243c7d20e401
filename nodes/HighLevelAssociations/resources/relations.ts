import type { IDataObject } from 'n8n-workflow';

import { workConcurrently } from '../run/concurrently';
import { ItemError, settle } from '../run/errors';
import type { Template } from '../run/input';
import type { Item } from '../run/item';
import { formatDuration, Progress } from '../run/progress';
import { readPages } from './pages';
import { countRecords, listRecords } from './records';

/** The relations of a record, which are all that HighLevel lists. */
export const RELATIONS_OF_RECORD: Template = {
	method: 'GET',
	url: '/associations/relations/{recordId}',
	qs: { locationId: '{locationId}' },
};

/** Requests per 10 seconds that HighLevel allows. */
const RATE_LIMIT = 100;

/**
 * The relations of an association, each once. As HighLevel lists the relations of records only, the records of that of its
 * two objects are read which has fewer: one request for each.
 *
 * @param limit how many are wanted
 * @returns also how many records were read
 * @throws ItemError if any could not be read
 */
export async function readRelations(
	item: Item,
	association: IDataObject,
	limit = Infinity,
): Promise<{ relations: IDataObject[]; records: number }> {
	const { objectKey, total } = await findSmallerObject(item, association);
	const rateLimit = Math.min(RATE_LIMIT, Number(item.options.rateLimit ?? RATE_LIMIT));
	item.inform(
		total < Infinity
			? `reads the relations of ${total} records of ${objectKey}: about ${total} requests, ${formatDuration((total / rateLimit) * 10_000)}`
			: `reads the relations of all records of ${objectKey}`,
	);
	const progress = new Progress(item, total);
	const found = new Map<unknown, IDataObject>();
	let records = 0;
	await workConcurrently(listRecords(item, objectKey), async (recordId) => {
		if (found.size >= limit) return false;
		for (const relation of await readRelationsOf(item, recordId, association.id, limit)) {
			found.set(relation.id, relation);
		}
		records += 1;
		progress.advance((done) => `${done} records read, ${found.size} relations found`);
		return found.size < limit;
	});
	return { relations: [...found.values()].slice(0, limit), records };
}

/** What each relation has. If one of them is missing, its association is not known, or it can't be restored. */
const FIELDS = ['id', 'associationId', 'firstRecordId', 'secondRecordId'];

/**
 * Whether a relation is under one of some associations. HighLevel takes this filter as a repeated query parameter, but may
 * ignore it: so it is applied here once more.
 *
 * @throws ItemError if what HighLevel has listed is no relation
 */
export const isUnder =
	(item: Item, associationIds: unknown[]) =>
	(relation: IDataObject): boolean => {
		const isRelation = FIELDS.every((name) => typeof relation[name] === 'string');
		if (!isRelation) throw item.rejectBody('list of relations', relation);
		return associationIds.includes(relation.associationId);
	};

/** The relations of a record under an association. */
export async function readRelationsOf(
	item: Item,
	recordId: string,
	associationId: unknown,
	limit?: number,
): Promise<IDataObject[]> {
	const request = {
		...RELATIONS_OF_RECORD,
		qs: { ...RELATIONS_OF_RECORD.qs, associationIds: [associationId] as string[] },
	};
	return await readPages(item, request, 'relations', {
		limit,
		isWanted: isUnder(item, [associationId]),
		values: { recordId },
		mustBeComplete: true,
	});
}

/** Of an association's two objects, the one with fewer records. One whose records can't be counted is left out. */
async function findSmallerObject(
	item: Item,
	{ firstObjectKey, secondObjectKey }: IDataObject,
): Promise<{ objectKey: string; total: number }> {
	const objectKeys = [...new Set([firstObjectKey, secondObjectKey].map(String))];
	const counts = await Promise.all(
		objectKeys.map(async (objectKey) => ({
			objectKey,
			total: await settle(countRecords(item, objectKey)),
		})),
	);
	const [smaller] = counts
		.flatMap(({ objectKey, total }) => (total instanceof ItemError ? [] : { objectKey, total }))
		.sort((one, other) => one.total - other.total);
	if (smaller) return smaller;
	throw counts[0]!.total;
}
