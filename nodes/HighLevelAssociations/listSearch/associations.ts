import {
	NodeApiError,
	sleep,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';

import { listIn } from '../delivery/answer';
import { Connection } from '../delivery/connection';
import { apiError } from '../delivery/errors';
import { exchange } from '../delivery/exchange';

/** How many associations a list shows before its user scrolls. */
const PAGE = 100;

/** How many are asked for at once to search in all of them; HighLevel has no search of its own. */
const BLOCK = 1_000;
const BLOCKS_AT_ONCE = 9;

/**
 * The associations of the sub-account for a picker: a page of them, or all whose labels, key or objects hold what its user typed. Those that
 * the system defines are marked, and left out where one is picked to be deleted.
 *
 * @throws NodeApiError saying why there is nothing to pick
 */
export async function searchAssociations(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const list = await listerOf(this);
	const skip = Number(paginationToken ?? 0);
	const found = filter ? await all(list) : await list(skip, PAGE);
	if (skip === 0) requireSome(this, found);
	const isDelete = this.getCurrentNodeParameter('operation') === 'delete';
	const offered = found.filter(
		({ associationType }) => !isDelete || associationType !== 'SYSTEM_DEFINED',
	);
	const isMore = !filter && found.length === PAGE;
	if (offered.length === 0 && skip === 0 && !isMore) {
		throw refusal(
			this,
			'All associations are system-defined: none can be deleted',
			'HighLevel does not let anybody delete those.',
		);
	}
	const typed = filter?.toLowerCase() ?? '';
	return {
		results: offered
			.map(asListItem)
			.filter((item) => `${item.name} ${item.description}`.toLowerCase().includes(typed)),
		...(isMore && { paginationToken: String(skip + PAGE) }),
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
	const found = await all(await listerOf(this));
	requireSome(this, found);
	return found.map(asListItem);
}

function requireSome(context: ILoadOptionsFunctions, found: IDataObject[]): void {
	if (found.length > 0) return;
	throw refusal(
		context,
		'There are no associations here',
		'Create one in HighLevel or with the operation Create, or check the Location ID.',
	);
}

/** Only of a NodeApiError does n8n hand the description to the editor (n8n, response-helper.js). */
const refusal = (context: ILoadOptionsFunctions, message: string, description: string) =>
	new NodeApiError(context.getNode(), { message }, { message, description });

function asListItem(association: IDataObject): INodeListSearchItems {
	const {
		id,
		key,
		firstObjectLabel,
		firstObjectKey,
		secondObjectLabel,
		secondObjectKey,
		associationType,
	} = association;
	const mark = associationType === 'SYSTEM_DEFINED' ? ' [system-defined]' : '';
	return {
		name: `${firstObjectLabel} ↔ ${secondObjectLabel} (${key})${mark}`,
		value: String(id),
		description: `${firstObjectKey} ↔ ${secondObjectKey}`,
	};
}

type Lister = (skip: number, limit: number) => Promise<IDataObject[]>;

async function listerOf(context: ILoadOptionsFunctions): Promise<Lister> {
	const connection = new Connection(context);
	const options = context.getCurrentNodeParameter('options') as { locationId?: string } | undefined;
	const locationId = options?.locationId?.trim() || (await connection.locationId());
	if (!locationId) {
		throw refusal(
			context,
			'Location ID is missing',
			"Enter the sub-account's ID in the credential to list its associations.",
		);
	}
	const watcher = { pause: sleep, daySpent: () => connection.lane.close() };
	return async (skip, limit) => {
		const request = {
			method: 'GET' as const,
			url: '/associations/',
			qs: { locationId, skip, limit },
		};
		const result = await exchange(context, connection, request, watcher);
		if ('body' in result) return listIn(result.body, 'associations') ?? [];
		const outcome = await connection.withoutSecrets(
			result.outcome ?? { status: 429, body: 'no request is left today' },
		);
		throw apiError(
			context.getNode(),
			{
				method: 'GET',
				path: request.url,
				itemIndex: 0,
				isOAuth2: connection.isOAuth2,
			},
			outcome,
		);
	};
}

/**
 * Reads all, most of them at once. A server may cap a block: what its first one holds is then taken for the cap, unless
 * it is too few to be one.
 */
async function all(list: Lister): Promise<IDataObject[]> {
	const first = await list(0, BLOCK);
	const found = new Map(first.map((association) => [association.id, association]));
	const size = first.length;
	for (let isMore = size >= PAGE; isMore; ) {
		const before = found.size;
		const starts = Array.from({ length: BLOCKS_AT_ONCE }, (_, index) => before + index * size);
		const blocks = await Promise.all(starts.map(async (skip) => await list(skip, size)));
		for (const association of blocks.flat()) found.set(association.id, association);
		isMore = found.size === before + BLOCKS_AT_ONCE * size;
	}
	return [...found.values()];
}
