import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { createRead, readThings } from './request';

/**
 * The objects of the sub-account whose name or key contains what its user typed. It needs the scope
 * `objects/schema.readonly`, which the node needs for nothing else: without it, keys are typed.
 *
 * https://marketplace.gohighlevel.com/docs/ghl/objects/get-object-by-location-id
 *
 * @throws NodeApiError saying why there is nothing to pick
 */
export async function searchObjects(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const read = await createRead(this);
	const reading = await read('/objects/');
	if (!('body' in reading)) throw reading.error;
	const objects = readThings(this, reading.body, 'objects');
	const results = objects.map(({ key, labels }) => {
		const name = (labels as IDataObject | undefined)?.plural;
		return { name: name ? `${name} (${key})` : String(key), value: String(key) };
	});
	return {
		results: results.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())),
	};
}
