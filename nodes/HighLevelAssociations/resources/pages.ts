import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { ItemError, settle } from '../run/errors';
import type { Template } from '../run/input';
import type { Item } from '../run/item';
import { fetchAll } from '../transport/pages';
import { readList, readObject } from '../transport/response';

/** How many things are asked for in one request. HighLevel states no maximum; this is its documentation's example. */
const PAGE_SIZE = 100;

/** Return All and Limit, as n8n's own nodes have them. */
export const howMany: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
];

/** The user's filter values, by name. */
export const readFilters = (item: Item) => item.parameter('filters', {}) as IDataObject;

/**
 * How many results the user wants at most.
 *
 * @throws ItemError if it is no number of 1 or more
 */
export function readLimit(item: Item): number {
	// An expression may return a text or a number.
	if (/^(true|1)$/i.test(String(item.parameter('returnAll', false)))) return Infinity;
	const limit = Number(item.parameter('limit', 50));
	if (limit >= 1) return Math.floor(limit);
	throw item.rejectField('limit', 'must be a number of 1 or more');
}

/** Which things of a list are read. */
interface Wanted {
	/** How many at most; all that there are without it. */
	limit?: number;
	isWanted?: (thing: IDataObject) => boolean;
	/** Of the request's placeholders. */
	values?: Record<string, unknown>;
	/** Whether it is an error if HighLevel lists fewer than it says there are; it is asked again first. */
	mustBeComplete?: boolean;
}

/** So often at most a list is read that must be complete, until it holds still. */
export const MAX_PASSES = 5;

/**
 * Reads page by page until there are enough, or no more.
 *
 * @throws ItemError if a page can't be read
 */
export async function readPages(
	item: Item,
	request: Template,
	property: string,
	{ limit = Infinity, isWanted, values, mustBeComplete }: Wanted,
): Promise<IDataObject[]> {
	let listed = 0;
	let highestTotal = 0;
	const isListed = (thing: IDataObject) => {
		listed += 1;
		return isWanted?.(thing) ?? true;
	};
	const fetchPage = async (skip: number, most: number) => {
		const qs = { ...request.qs, skip, limit: isWanted ? most : Math.min(most, limit - skip) };
		const body = await settle(item.ask({ ...request, qs }, values));
		if (body instanceof ItemError) {
			if (body.failure.isLimitTooLarge) return { refusal: body };
			throw body;
		}
		const { total, id } = readObject(body) as { total?: number; id?: string };
		highestTotal = Math.max(highestTotal, total ?? 0);
		return { things: readThings(item, body, property), total, isWhole: id !== undefined };
	};
	for (let pass = 1; ; pass++) {
		listed = highestTotal = 0;
		const things = await fetchAll(fetchPage, PAGE_SIZE, limit, isListed);
		// Where one is removed meanwhile, another moves to a page that was read already.
		if (!mustBeComplete || things.length >= limit || listed >= highestTotal) return things;
		if (pass === MAX_PASSES) {
			throw item.rejectResponse(
				`HighLevel listed only ${listed} of ${highestTotal} ${property}`,
				'Run this item again later.',
			);
		}
	}
}

/**
 * The things that a response lists.
 *
 * @throws ItemError if it contains no list
 */
export function readThings(item: Item, body: unknown, property: string): IDataObject[] {
	const things = readList(body, property);
	if (things) return things;
	throw item.rejectBody(`list of ${property}`, body);
}
