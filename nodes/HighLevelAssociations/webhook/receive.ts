import { createHash } from 'crypto';
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { readLocationId } from '../../../credentials/fields';
import { authenticate, usesSignature } from './authenticate';
import { parseBody, readBody } from './body';
import { isSelected, readEvent, type Event } from './event';
import { RecentKeys } from './recentKeys';
import { Rejection } from './rejection';

const MINUTE = 60_000;

/** In ms. A delivery that is older has been delayed: n8n was down, or HighLevel sent it again. */
const LATE = 5 * MINUTE;

/**
 * The deliveries that started a workflow in this process. HighLevel redelivers for up to 3 days; the number limits the
 * memory they need to some 10 MB.
 */
const deliveries = new RecentKeys(3 * 24 * 60 * MINUTE, 100_000);

/** The rejections logged in the last minute. */
const logged = new RecentKeys(MINUTE, 1_000);

/**
 * Starts the workflow with a delivery. A request that is not proved to come from HighLevel is rejected with 4xx; an
 * event that the user did not ask for and a duplicate are acknowledged with 200 and ignored, as HighLevel sends again
 * what is not answered 2xx, and stops sending to a URL that fails too often.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const body = await readAuthenticBody(context);
	if (body instanceof Rejection) return reject(context, body);

	const event = readEvent(body);
	// Ed25519 signs the same bytes the same way, so the signature identifies a delivery without an ID.
	const signature = usesSignature(context) ? context.getHeaderData()['x-ghl-signature'] : null;
	const id = event.webhookId ?? (signature as string | null);
	const reason =
		getIgnoreReason(context, event) ??
		(isDuplicate(context, id) ? 'duplicate delivery' : undefined);
	if (reason) return { webhookResponse: { message: `Ignored: ${reason}` } };
	return { workflowData: [[{ json: { ...body, delivery: describeDelivery(event, id) } }]] };
}

async function readAuthenticBody(context: IWebhookFunctions): Promise<IDataObject | Rejection> {
	const raw = await readBody(context.getRequestObject());
	if (raw instanceof Rejection) return raw;
	return (await authenticate(context, raw)) ?? parseBody(raw);
}

/** n8n keeps no trace of a rejected request, so it is logged: once a minute for each trigger and reason. */
function reject(context: IWebhookFunctions, { status, message }: Rejection): IWebhookResponseData {
	const [workflow, node] = [context.getWorkflow(), context.getNode()];
	if (logged.add(createKey(context, message))) {
		context.logger.warn(
			`'${node.name}' in workflow ${workflow.id} rejected a request with ${status}: ${message}`,
		);
	}
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/** Why the user does not want this event; undefined if they do. */
function getIgnoreReason(context: IWebhookFunctions, event: Event): string | undefined {
	const signed = usesSignature(context);
	const read = <T>(name: string, fallback: T) => context.getNodeParameter(name, fallback) as T;
	if (signed && !isSelected(event, read<string[]>('events', []))) return 'event not selected';
	if (signed && !isInList(event.appId, read('appId', ''))) return 'not an event of the chosen app';
	// What HighLevel's workflows send need not name a location.
	const canBeWanted = signed || event.locationId !== null;
	if (canBeWanted && !isInList(event.locationId, read('locationId', ''), readLocationId))
		return 'not an event of the chosen location';
	const maxAge = read('additionalOptions.maxAge', Infinity);
	return getAge(event) > maxAge * MINUTE ? 'event older than the maximum age' : undefined;
}

/**
 * @param list IDs separated by commas or whitespace; an empty list contains every ID, an empty expression none
 * @param readId the ID in an entry of the list
 */
function isInList(
	id: string | null,
	list: unknown,
	readId: (entry: unknown) => string = String,
): boolean {
	const ids = String(list)
		.split(/[\s,]+/)
		.filter(Boolean)
		.map((entry) => readId(entry));
	return ids.length === 0 || ids.includes(id ?? '');
}

/**
 * Whether a delivery has come before, as far as this process knows. Of two at the same time, one has. What n8n then
 * fails to start is forgotten.
 */
function isDuplicate(context: IWebhookFunctions, id: string | null): boolean {
	// While a workflow is tested in the editor, the same event may be sent again and again.
	if (id === null || context.getMode() === 'manual') return false;
	const key = createKey(context, id);
	if (!deliveries.add(key)) return true;
	const response = context.getResponseObject();
	const end = response.end.bind(response) as (...parameters: unknown[]) => typeof response;
	// There is no event for it once HighLevel has hung up.
	Object.assign(response, {
		end: (...parameters: unknown[]) => {
			if (response.statusCode >= 400) deliveries.delete(key);
			return end(...parameters);
		},
	});
	return false;
}

/** A short key for an ID of any length, for this trigger only. */
function createKey(context: IWebhookFunctions, id: string): string {
	const parts = JSON.stringify([context.getWorkflow().id, context.getNode().id, id]);
	return createHash('sha256').update(parts).digest('base64url').slice(0, 22);
}

/** What the output says about a delivery, beside the event's own fields. */
function describeDelivery(event: Event, id: string | null): IDataObject {
	const { type, associationId, relationId, sentAt } = event;
	return {
		id,
		type,
		associationId,
		relationId,
		sentAt: sentAt?.toISOString() ?? null,
		receivedAt: new Date().toISOString(),
		late: getAge(event) > LATE,
	};
}

/** In ms; 0 for an event without a timestamp. */
const getAge = ({ sentAt }: Event) => (sentAt ? Date.now() - sentAt.getTime() : 0);
