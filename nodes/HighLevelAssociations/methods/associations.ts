import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { isHighLevelsOwn } from '../transport/association';
import { fetchAll, type FetchPage } from '../transport/pages';
import { isLimitTooLarge } from '../transport/response';
import { createError, createRead, readThings } from './request';

/** How many associations a list shows before its user scrolls. */
const PAGE_SIZE = 100;

/** How many are asked for at once to search in all of them; HighLevel has no search of its own. */
const BLOCK_SIZE = 1_000;

/**
 * The associations of the sub-account for a list: a page of them, or all that match each word that its user typed.
 * HighLevel's own are marked, and left out where one is picked to be deleted.
 *
 * @throws NodeApiError saying why there is nothing to pick
 */
export async function searchAssociations(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const fetchPage = await createFetch(this);
	const skip = Number(paginationToken ?? 0);
	const fetchFrom: FetchPage = async (position, limit) => await fetchPage(skip + position, limit);
	const found = filter
		? await fetchAll(fetchPage, BLOCK_SIZE)
		: await fetchAll(fetchFrom, PAGE_SIZE, PAGE_SIZE);
	if (skip === 0) requireSome(this, found);
	const isDelete =
		this.getCurrentNodeParameter('operation') === 'delete' &&
		this.getCurrentNodeParameter('resource') !== 'relation';
	const offered = found.filter((association) => !isDelete || !isHighLevelsOwn(association));
	const hasMore = !filter && found.length === PAGE_SIZE;
	if (offered.length === 0 && skip === 0 && !hasMore) {
		throw createError(
			this,
			"All associations are HighLevel's own: none can be deleted",
			"HighLevel doesn't allow deleting them.",
		);
	}
	return {
		results: offered.filter((association) => matches(association, filter)).map(createListItem),
		...(hasMore && { paginationToken: String(skip + PAGE_SIZE) }),
	};
}

/**
 * All associations of the sub-account, to choose several.
 *
 * @throws NodeApiError saying why there is nothing to choose
 */
export async function getAssociations(
	this: ILoadOptionsFunctions,
): Promise<INodeListSearchItems[]> {
	const found = await fetchAll(await createFetch(this), BLOCK_SIZE);
	requireSome(this, found);
	return found.map(createListItem);
}

function requireSome(context: ILoadOptionsFunctions, found: IDataObject[]): void {
	if (found.length > 0) return;
	throw createError(
		context,
		'No associations found in this sub-account',
		"Create one in HighLevel or with the operation Create, or check the 'Location ID'.",
	);
}

/** Whether each typed word is in what names an association. */
function matches(association: IDataObject, filter = ''): boolean {
	const { id, key, firstObjectLabel, firstObjectKey, secondObjectLabel, secondObjectKey } =
		association;
	const text = [id, key, firstObjectLabel, firstObjectKey, secondObjectLabel, secondObjectKey]
		.join(' ')
		.toLowerCase();
	return filter
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word) || word === '↔');
}

function createListItem(association: IDataObject): INodeListSearchItems {
	const { id, key, firstObjectLabel, firstObjectKey, secondObjectLabel, secondObjectKey } =
		association;
	const labels =
		firstObjectLabel && secondObjectLabel ? `${firstObjectLabel} ↔ ${secondObjectLabel}` : '';
	const name = labels ? `${labels} (${key ?? id})` : String(key ?? id);
	const objects =
		firstObjectKey && secondObjectKey ? ` · ${firstObjectKey} ↔ ${secondObjectKey}` : '';
	const mark = isHighLevelsOwn(association) ? " [HighLevel's own]" : '';
	return { name: `${name}${objects}${mark}`, value: String(id) };
}

async function createFetch(context: ILoadOptionsFunctions): Promise<FetchPage> {
	const read = await createRead(context);
	return async (skip, limit) => {
		const reading = await read('/associations/', { skip, limit });
		if ('body' in reading) return { things: readThings(context, reading.body, 'associations') };
		if (isLimitTooLarge(reading.outcome)) return { refusal: reading.error };
		throw reading.error;
	};
}
