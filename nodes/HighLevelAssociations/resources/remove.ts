import type { IDataObject } from 'n8n-workflow';

import { ItemError, settle } from '../run/errors';
import type { Template } from '../run/input';
import type { Item } from '../run/item';
import { readObject } from '../transport/response';

/**
 * Sends a deletion and gives HighLevel's response as output. Where the response was lost and HighLevel then no longer
 * finds what was to be deleted, the output says that this is not confirmed.
 */
export async function remove(item: Item, request: Template): Promise<IDataObject> {
	const { body, isConfirmed } = await item.askForAnswer(request);
	const id = item.ids.relationId ?? item.ids.associationId!;
	item.addChange(id, isConfirmed);
	if (isConfirmed) return { deleted: true, id, ...readObject(body) };
	const message = 'HighLevel no longer finds it, after an attempt whose response was lost';
	return { deleted: true, confirmed: false, id, message };
}

/** With If Not Found = Succeed, something that is not there is what was wanted. */
export async function orNotFound(
	item: Item,
	removal: () => Promise<IDataObject>,
): Promise<IDataObject[]> {
	const output = await settle(removal());
	if (!(output instanceof ItemError)) return [output];
	if (!output.failure.isNotFound || item.options.ifNotFound !== 'succeed') throw output;
	const { relationId, associationId, associationKey, ...records } = item.ids;
	const isRelated = 'firstRecordId' in records;
	const id = relationId ?? (isRelated ? undefined : associationId);
	return [
		{
			deleted: false,
			...(id && { id }),
			...(associationKey && { key: associationKey }),
			...(isRelated && { associationId, ...records }),
			message: 'Not found, so there was nothing to delete',
		},
	];
}
