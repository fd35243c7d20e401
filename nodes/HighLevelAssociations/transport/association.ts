import type { IDataObject } from 'n8n-workflow';

/**
 * Whether an association is one of HighLevel's own. Some of them say USER_DEFINED, but the keys of all end in
 * `_ASSOCIATION` and are upper-case, while HighLevel stores a user's key in lower case.
 */
export function isHighLevelsOwn({ key, associationType }: IDataObject): boolean {
	return (
		associationType === 'SYSTEM_DEFINED' ||
		(typeof key === 'string' && key.endsWith('_ASSOCIATION') && key === key.toUpperCase())
	);
}

/** Whether two texts are the same key: HighLevel stores keys in lower case. */
export function isSameKey(one: unknown, other: unknown): boolean {
	return String(one).trim().toLowerCase() === String(other).trim().toLowerCase();
}
