import type { INodePropertyOptions } from 'n8n-workflow';

/** The choice that stands for every event without a choice of its own. */
const OTHERS = 'others';

/**
 * The events to choose from; the values are what HighLevel sends as `type`.
 * https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide
 */
export const events: INodePropertyOptions[] = [
	{
		name: 'All Other Events',
		value: OTHERS,
		description:
			'Whatever else your app gets from HighLevel, such as ContactDelete or RecordDelete',
	},
	{ name: 'Association Created', value: 'AssociationCreate' },
	{ name: 'Association Deleted', value: 'AssociationDelete' },
	{ name: 'Association Updated', value: 'AssociationUpdate' },
	{ name: 'Relation Created', value: 'RelationCreate' },
	{ name: 'Relation Deleted', value: 'RelationDelete' },
];

/** Whether an event of this type is among the chosen ones. */
export function isChosen(type: unknown, chosen: string[]): boolean {
	const hasChoice = events.some(({ value }) => value === type);
	return chosen.includes(hasChoice ? String(type) : OTHERS);
}
