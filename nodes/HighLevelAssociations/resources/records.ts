import type { GenericValue, IDataObject } from 'n8n-workflow';

import { ItemError, settle } from '../run/errors';
import type { Template } from '../run/input';
import type { Item } from '../run/item';
import { readObject } from '../transport/response';
import { MAX_PASSES } from './pages';

/** How many records are asked for in one request; HighLevel says 500 for contacts. If it refuses a size, the next is asked for. */
const PAGE_SIZES = [500, 200, 100, 20];

interface Page {
	records: IDataObject[];
	/** How many records the object has, if HighLevel says. */
	total?: number;
	/** Whether it has as many as were asked for: then the total may be its own. */
	isFull: boolean;
}

/** Where a page begins: after a record, by the `searchAfter` that it has, or by its number. */
interface Position {
	page: number;
	searchAfter: GenericValue[];
	size: number;
}

/** What lists the records of an object, and what it calls them. */
function createSearch(
	objectKey: string,
	{ page, searchAfter, size }: Position,
): { request: Template; property: string } {
	const search = (url: string, body: IDataObject): Template => ({
		method: 'POST',
		url,
		body: { locationId: '{locationId}', ...body },
		isRead: true,
	});
	if (objectKey === 'contact') {
		// Contacts take one of the two only.
		const position = searchAfter.length > 0 ? { searchAfter } : { page };
		return {
			property: 'contacts',
			request: search('/contacts/search', { pageLimit: size, ...position }),
		};
	}
	const position = { page, searchAfter, query: '' };
	if (objectKey === 'opportunity') {
		const additionalDetails = {
			notes: false,
			tasks: false,
			calendarEvents: false,
			unReadConversations: false,
		};
		const body = { limit: size, ...position, additionalDetails };
		return { property: 'opportunities', request: search('/opportunities/search', body) };
	}
	const body = { pageLimit: size, ...position };
	return { property: 'records', request: search('/objects/{schemaKey}/records/search', body) };
}

async function readPage(item: Item, objectKey: string, position: Position): Promise<Page> {
	const { request, property } = createSearch(objectKey, position);
	const body = await item.ask(request, { schemaKey: objectKey });
	const { [property]: listed, total: said } = readObject(body);
	const total = /^\d+$/.test(String(said)) ? Number(said) : undefined;
	const records = listed === undefined && total === 0 ? [] : listed;
	const isFirst = position.page === 1 && position.searchAfter.length === 0;
	// That there are none must be said: what has no records has no relations, and may be deleted.
	const isUnsaid = isFirst && total === undefined;
	if (!isListOfRecords(records) || (records.length === 0 && isUnsaid)) {
		throw item.rejectBody(`list of ${property}`, body);
	}
	return { records, total, isFull: records.length === position.size };
}

/** Whether each has the ID that its relations are asked for by: else it would count as a record without any. */
const isListOfRecords = (list: unknown): list is IDataObject[] =>
	Array.isArray(list) && list.every((record) => typeof readObject(record).id === 'string');

/** How many records an object has; Infinity if HighLevel does not say. */
export async function countRecords(item: Item, objectKey: string): Promise<number> {
	const position = { page: 1, searchAfter: [], size: 1 };
	const { total = Infinity } = await readPage(item, objectKey, position);
	return total;
}

/**
 * The pages of an object's records. Each begins after the last record of the one before, so that none is left out where
 * others come and go, and 10,000 are no limit; by number only where HighLevel does not read on after a record.
 */
async function* readPages(item: Item, objectKey: string): AsyncGenerator<Page> {
	const [largest, ...smaller] = PAGE_SIZES as [number, ...number[]];
	const position: Position = { page: 1, searchAfter: [], size: largest };
	let isByNumber = false;
	let previous: IDataObject | undefined;
	for (;;) {
		const page = await settle(readPage(item, objectKey, position));
		if (page instanceof ItemError) {
			const size = page.failure.isLimitTooLarge ? smaller.shift() : undefined;
			if (size === undefined) throw page;
			position.size = size;
			continue;
		}
		const [first] = page.records;
		const isRepeated = first !== undefined && first.id === previous?.id;
		if (isRepeated && isByNumber) return;
		if (isRepeated) {
			isByNumber = true;
			Object.assign(position, { page: 2, searchAfter: [], size: page.records.length });
			continue;
		}
		yield page;
		if (!first) return;
		previous = first;
		const { searchAfter } = page.records.at(-1)!;
		isByNumber ||= !Array.isArray(searchAfter);
		if (isByNumber) position.page += 1;
		else position.searchAfter = searchAfter as GenericValue[];
	}
}

/**
 * The IDs of all records of an object, each once. If their number changes meanwhile, they are listed again for those that
 * were missed. The IDs are kept until the end: some 100 bytes for each.
 *
 * @throws ItemError if HighLevel lists fewer than it says there are
 */
export async function* listRecords(item: Item, objectKey: string): AsyncGenerator<string> {
	const seen = new Set<string>();
	let total = 0;
	let isSteady = false;
	for (let pass = 1; pass <= MAX_PASSES && !(isSteady && seen.size >= total); pass++) {
		let listed = 0;
		let atFirst: number | undefined;
		for await (const page of readPages(item, objectKey)) {
			atFirst ??= page.total;
			total = page.total ?? seen.size;
			isSteady = page.total === atFirst;
			listed += page.records.length;
			for (const { id } of page.records) {
				const recordId = String(id);
				if (seen.has(recordId)) continue;
				seen.add(recordId);
				yield recordId;
			}
			if (isSteady && page.total === listed && !page.isFull) break;
		}
	}
	if (seen.size >= total) return;
	throw item.rejectResponse(
		`HighLevel listed only ${seen.size} of ${total} records of ${objectKey}`,
		'Run this item again later.',
	);
}
