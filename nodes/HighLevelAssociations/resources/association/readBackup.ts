import type { IDataObject } from 'n8n-workflow';

import type { ItemError } from '../../run/errors';
import type { Item } from '../../run/item';
import { readObject } from '../../transport/response';
import type { Pair } from '../relation/findRelation';

/** The texts that the association of a backup has. */
const NAMES = [
	'id',
	'key',
	'firstObjectKey',
	'firstObjectLabel',
	'secondObjectKey',
	'secondObjectLabel',
] as const;

type Name = (typeof NAMES)[number];

/** What Back Up returns, as far as Restore needs it. */
export interface Backup {
	association: IDataObject & Record<Name, string>;
	/** Those of its fields that a request to create it needs, and its ID. */
	creatable: Record<Name, string>;
	relations: Array<IDataObject & Pair>;
}

/**
 * The backup that an item has, as JSON or parsed.
 *
 * @throws ItemError if it is none, not whole, or of another sub-account
 */
export function readBackup(item: Item, locationId: string): Backup {
	const reject = (problem: string) =>
		item.rejectField('backup', problem, 'Enter what Back Up returned, unchanged');
	const parsed = parse(item.parameter('backup'), reject);
	const { association, relations, counts } = readObject(
		Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed,
	);
	if (!Array.isArray(relations)) throw reject('contains no relations');
	const saved = readObject(association);
	for (const name of NAMES) {
		if (typeof saved[name] !== 'string') throw reject(`contains no '${name}' of its association`);
	}
	const { relations: count = relations.length } = readObject(counts);
	if (count !== relations.length) {
		throw reject(`contains ${relations.length} of ${String(count)} relations`);
	}
	if (saved.locationId !== undefined && saved.locationId !== locationId) {
		throw reject(`is of the sub-account '${String(saved.locationId)}', not '${locationId}'`);
	}
	const objects = [saved.firstObjectKey, saved.secondObjectKey];
	for (const relation of relations) {
		const { firstRecordId, secondRecordId, firstObjectKey, secondObjectKey } = readObject(relation);
		item.check({ firstRecordId, secondRecordId });
		const isOther = ![firstObjectKey ?? objects[0], secondObjectKey ?? objects[1]].every((key) =>
			objects.includes(key),
		);
		if (isOther)
			throw reject('contains relations of objects that its association does not connect');
	}
	const creatable = Object.fromEntries(NAMES.map((name) => [name, saved[name]]));
	return { association: saved, creatable, relations } as Backup;
}

function parse(value: unknown, reject: (problem: string) => ItemError): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		throw reject('is not valid JSON');
	}
}
