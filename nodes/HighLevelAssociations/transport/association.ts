import type { IDataObject } from 'n8n-workflow';

/** Whether a key, or an ID that equals its key, is in the style of HighLevel's own: upper-case and ending in `_ASSOCIATION`. */
const isOwnKey = (key: unknown): boolean =>
	typeof key === 'string' && key.endsWith('_ASSOCIATION') && key === key.toUpperCase();

/** Whether an association is one of HighLevel's own. Some of them say USER_DEFINED; their keys tell. */
export const isHighLevelsOwn = ({ id, key, associationType }: IDataObject): boolean =>
	associationType === 'SYSTEM_DEFINED' || isOwnKey(key) || isOwnKey(id);

/** A key as HighLevel stores it: a user's in lower case. */
export function normalizeKey(key: string): string {
	return isOwnKey(key) ? key : key.toLowerCase();
}

/** Whether two associations connect the same objects, in whichever order. */
export function connectsSameObjects(one: IDataObject, other: IDataObject): boolean {
	const [first, second] = [one, other].map(({ firstObjectKey, secondObjectKey }) =>
		[firstObjectKey, secondObjectKey]
			.map((key) => normalizeKey(String(key)))
			.sort()
			.join(),
	);
	return first === second;
}

/** Whether two associations have the same key and connect the same objects. */
export const isSameAssociation = (one: IDataObject, other: IDataObject): boolean =>
	isSameKey(one.key, other.key) && connectsSameObjects(one, other);

/** Whether two texts are the same key. */
export function isSameKey(one: unknown, other: unknown): boolean {
	return normalizeKey(String(one)) === normalizeKey(String(other));
}
