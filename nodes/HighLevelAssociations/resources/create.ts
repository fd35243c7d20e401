import type { IDataObject } from 'n8n-workflow';

import { ItemError, settle } from '../run/errors';
import type { Template } from '../run/input';
import type { Item } from '../run/item';
import { readList, readObject } from '../transport/response';

/**
 * Sends a creation and gives what was created as output. HighLevel refuses a duplicate: after an attempt whose response
 * was lost that means that it was created, and with If Exists = Succeed it is what was wanted.
 *
 * @param property what HighLevel calls a list of the things created
 * @param findExisting looks up what exists already; gives nothing if it is another thing under the same key
 */
export async function create(
	item: Item,
	request: Template,
	property: string,
	findExisting: () => Promise<IDataObject | undefined>,
): Promise<IDataObject[]> {
	const body = await settle(item.ask(request));
	if (!(body instanceof ItemError)) {
		const created = readList(body, property)?.[0] ?? { created: true, ...readObject(body) };
		item.addChange(String(created.id ?? item.name));
		return [created];
	}
	const { isDuplicate = false, mayHaveSucceeded = false } = body.failure;
	const isWanted = mayHaveSucceeded || item.options.ifExists === 'succeed';
	// A look-up that fails, or is not sent because the run was stopped, leaves the refusal as it is.
	const existing =
		isDuplicate && isWanted ? await findExisting().catch(() => undefined) : undefined;
	if (!existing) throw body;
	if (!mayHaveSucceeded) return [{ ...existing, existed: true }];
	item.addChange(String(existing.id ?? item.name), false);
	return [{ ...existing, confirmed: false }];
}
