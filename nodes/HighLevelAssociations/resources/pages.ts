import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listIn } from '../delivery/answer';
import type { Item } from '../delivery/item';
import type { Template } from '../delivery/template';

/** How many things are asked for in one request. HighLevel states no maximum; this is its documentation's example. */
const PAGE = 100;

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

/** How many results the user wants at most. */
export function limitOf(item: Item): number {
	return item.parameter('returnAll', false) ? Infinity : Number(item.parameter('limit', 50));
}

/**
 * Asks page by page until the user has enough or a page brings nothing new. A page that is shorter than asked for does
 * not end it, since the server may have a maximum of its own; one that only repeats does, since it may not page at all.
 */
export async function pagesOf(
	property: string,
	item: Item,
	request: Template,
): Promise<IDataObject[]> {
	const limit = limitOf(item);
	const found = new Map<unknown, IDataObject>();
	for (;;) {
		const before = found.size;
		const page = { skip: before, limit: Math.min(PAGE, limit - before) };
		const answer = await item.ask({ ...request, qs: { ...request.qs, ...page } });
		for (const thing of thingsIn(answer, property, item)) found.set(thing.id, thing);
		const { total, id } = answer as { total?: number; id?: string };
		const isAll =
			found.size === before || id !== undefined || found.size >= Math.min(limit, total ?? Infinity);
		if (isAll) break;
	}
	return [...found.values()].slice(0, limit);
}

/** The things that an answer to this item lists. */
export function thingsIn(answer: unknown, property: string, item: Item): IDataObject[] {
	const list = listIn(answer, property);
	if (list) return list;
	throw item.refusal(
		`HighLevel's answer holds no list of ${property}`,
		`This came instead: ${JSON.stringify(answer).slice(0, 200)}`,
	);
}
