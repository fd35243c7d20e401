import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from '../../run/item';

const FIELDS = [
	'id',
	'key',
	'associationType',
	'firstObjectKey',
	'firstObjectLabel',
	'secondObjectKey',
	'secondObjectLabel',
	'locationId',
];

/**
 * An option that is off unless it is added: stored workflows may use the fields that it leaves out, and n8n tells a
 * declarative node no difference between a default and a parameter that was not there yet.
 */
export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** The associations as the item wants them. */
export function simplifyIfWanted(item: Item, associations: IDataObject[]): IDataObject[] {
	if (item.options.simplify !== true) return associations;
	return associations.map((association) =>
		Object.fromEntries(
			FIELDS.filter((name) => name in association).map((name) => [name, association[name]]),
		),
	);
}
