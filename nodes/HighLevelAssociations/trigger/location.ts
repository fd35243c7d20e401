import type { IDataObject } from 'n8n-workflow';

/**
 * Whether a delivery is of one of these sub-accounts. Events carry their ID as `locationId`, HighLevel's workflow
 * action as `location.id`.
 *
 * @param wanted location IDs, separated by commas or blanks; without any, every location is wanted
 */
export function isWantedLocation({ locationId, location }: IDataObject, wanted: string): boolean {
	const ids = wanted.split(/[\s,]+/).filter(Boolean);
	const id = locationId ?? (location as IDataObject | null | undefined)?.id;
	return ids.length === 0 || ids.some((one) => one === id);
}
