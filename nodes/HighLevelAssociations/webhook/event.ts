import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

/** The catch-all option: every event that has no option of its own. */
const OTHERS = 'others';

const NO_COMPANY_EVENTS = 'HighLevel sends no event for a relation of a company and a contact';

/**
 * The events to choose from; all values but `OTHERS` are HighLevel's `type`.
 * https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide
 */
export const events: INodePropertyOptions[] = [
	{ name: 'Association Created', value: 'AssociationCreate' },
	{ name: 'Association Deleted', value: 'AssociationDelete' },
	{ name: 'Association Updated', value: 'AssociationUpdate' },
	{
		name: 'Other Event',
		value: OTHERS,
		action: 'On any other event',
		description: 'Any other event that your app is subscribed to, such as ContactDelete',
	},
	{ name: 'Relation Created', value: 'RelationCreate', description: NO_COMPANY_EVENTS },
	{ name: 'Relation Deleted', value: 'RelationDelete', description: NO_COMPANY_EVENTS },
];

/** HighLevel also sends the past tense. */
const TYPE = /^(Association|Relation)(Create|Update|Delete)d?$/;

/** Smaller timestamps are in seconds. In seconds it is the year 5138, in milliseconds 1973. */
const FIRST_MILLISECONDS = 1e11;

/** What a body says about its event. Everything but `kind` is null where the body doesn't say it. */
export interface Event {
	/** As in `events`, if the event is one of them; otherwise as HighLevel sends it. */
	type: string | null;
	/** What the event is about; undefined for neither. Known by the fields where there is no type. */
	kind: 'Association' | 'Relation' | undefined;
	webhookId: string | null;
	/** When HighLevel says that it sent the event. */
	sentAt: Date | null;
	locationId: string | null;
	appId: string | null;
	associationId: string | null;
	relationId: string | null;
}

/**
 * Reads the body of an event. Whatever HighLevel says about an event is at the top or in `data`; none of it is certain
 * to be there, as HighLevel's pages about the events of associations show no `type`, `timestamp` and `webhookId`.
 */
export function readEvent(body: IDataObject): Event {
	const data = readObject(body.data);
	const read = (field: string) => readText(body[field]) ?? readText(data[field]);
	const type = read('type');
	// The envelope of an event may have an ID of its own.
	const subject = { ...body, ...data };
	const kind = readKind(type, subject);
	const id = readText(subject.id);
	return {
		type: type && TYPE.test(type) ? type.replace(/d$/, '') : type,
		kind,
		webhookId: read('webhookId'),
		sentAt: readTime(body.timestamp ?? data.timestamp),
		// The Webhook action of HighLevel's workflows has it in `location`.
		locationId: read('locationId') ?? readText(readObject(body.location).id),
		appId: read('appId'),
		associationId:
			kind === 'Association' ? id : kind === 'Relation' ? readText(subject.associationId) : null,
		relationId: kind === 'Relation' ? id : null,
	};
}

/** Whether an event is among the selected ones. One without a type may be each event of its kind. */
export function isSelected({ type, kind }: Event, selected: string[]): boolean {
	if (type === null && kind) return selected.some((value) => value.startsWith(kind));
	return selected.includes(events.some(({ value }) => value === type) ? type! : OTHERS);
}

function readKind(type: string | null, subject: IDataObject): Event['kind'] {
	if (type !== null) return TYPE.exec(type)?.[1] as Event['kind'];
	if ('firstRecordId' in subject && 'secondRecordId' in subject) return 'Relation';
	if ('firstObjectKey' in subject && 'secondObjectKey' in subject) return 'Association';
	return undefined;
}

/** Reads a time in ISO 8601, seconds or milliseconds; null if it is in none of these. */
function readTime(timestamp: unknown): Date | null {
	const text = readText(timestamp) ?? '';
	let time = Number(text || NaN);
	if (time < FIRST_MILLISECONDS) time *= 1_000;
	// A time without a zone is UTC, whatever the zone of this machine.
	if (Number.isNaN(time)) time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
	const date = new Date(time);
	return Number.isNaN(date.getTime()) ? null : date;
}

const readText = (value: unknown) =>
	(typeof value === 'string' && value) || typeof value === 'number' ? String(value) : null;

const readObject = (value: unknown) =>
	(typeof value === 'object' && value !== null ? value : {}) as IDataObject;
