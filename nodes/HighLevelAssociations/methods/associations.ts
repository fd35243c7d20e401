import {
	NodeApiError,
	sleep,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';

import { isHighLevelsOwn } from '../transport/association';
import { Credential } from '../transport/credential';
import { createApiError } from '../transport/errors';
import { fetchAll, type FetchPage } from '../transport/pages';
import { findLimiter } from '../transport/queue';
import { isLimitTooLarge, readList } from '../transport/response';
import { requestWithRetry } from '../transport/retry';

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
	const found = filter
		? await fetchAll(fetchPage, BLOCK_SIZE)
		: ((await fetchPage(skip, PAGE_SIZE))?.things ?? []);
	if (skip === 0) requireSome(this, found);
	const isDelete = this.getCurrentNodeParameter('operation') === 'delete';
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
		results: offered
			.filter((association) => matches(association, filter))
			.map((association) => createListItem(association)),
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
	return found.map((association) => createListItem(association));
}

function requireSome(context: ILoadOptionsFunctions, found: IDataObject[]): void {
	if (found.length > 0) return;
	throw createError(
		context,
		'No associations found in this sub-account',
		"Create one in HighLevel or with the operation Create, or check the 'Location ID'.",
	);
}

/** n8n hands only a NodeApiError's description to the editor (n8n, response-helper.js). */
const createError = (context: ILoadOptionsFunctions, message: string, description: string) =>
	new NodeApiError(context.getNode(), { message }, { message, description });

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
	const credential = await Credential.read(context);
	const options = context.getCurrentNodeParameter('options') as { locationId?: string } | undefined;
	const locationId = options?.locationId?.trim() || credential.locationId;
	if (!locationId) {
		throw createError(
			context,
			"'Location ID' is missing",
			"Enter the 'Location ID' in the credential (pencil above), or add the option 'Location ID'.",
		);
	}
	const queue = findLimiter(credential.limitKey).queue();
	const sender = { context, credential, queue, pause: sleep, reachDailyLimit: () => queue.close() };
	return async (skip, limit) => {
		const url = '/associations/';
		const qs = { locationId, skip, limit };
		const result = await requestWithRetry(sender, { method: 'GET', url, qs });
		if (result.is === 'success') return { things: readList(result.body, 'associations') ?? [] };
		if (result.is === 'notSent') {
			throw createError(
				context,
				'No request is left of the rate limit',
				'Wait until HighLevel allows requests again, or enter the association By ID.',
			);
		}
		if (isLimitTooLarge(result.outcome)) return undefined;
		const asked = { method: 'GET', path: url, isOAuth2: credential.isOAuth2 };
		throw createApiError(context.getNode(), asked, credential.redact(result.outcome));
	};
}
