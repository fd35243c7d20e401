import { createHash } from 'crypto';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { LONGEST_AGE } from './age';

/** How long a delivery is remembered, in ms: as long as its timestamp can be on time, and a minute for good measure. */
const KEPT = 2 * LONGEST_AGE + 60_000;

/** When each delivery came that a trigger has let through, by its ID, in ms since 1970. */
type Deliveries = Map<string, number>;

/** By trigger: what has come to this process, and what it has found in n8n's database. */
const triggers = new Map<string, Deliveries>();

/**
 * Remembers a delivery that is about to start a workflow, and gives the `body` to start it with; undefined if it was
 * there before, also before n8n was started anew. Of two at the same time the second was there before.
 *
 * It is kept in the node's static data, which n8n saves when the run is stored, before it answers (n8n, LiveWebhooks
 * and executeWebhook): what was answered 200 is remembered, however n8n ends. If n8n can't start the workflow, it is
 * forgotten.
 */
export function remember(context: IWebhookFunctions, id: string, body: IDataObject): IDataObject | undefined {
	const stored = context.getWorkflowStaticData('node');
	const deliveries = deliveriesOf(context, stored.deliveries as Record<string, number> | undefined);
	const key = keyOf(id);
	if (deliveries.has(key)) return undefined;

	deliveries.set(key, Date.now());
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 400) deliveries.delete(key);
	});
	// n8n overwrites all static data each time, and the last delivery that it saves need not be the last that came. So
	// what it gets is not a copy from now, but whatever is known when it saves.
	const store = () => {
		stored.deliveries = { toJSON: () => Object.fromEntries(deliveries) } as unknown as IDataObject;
	};
	store();
	return whenStored(body, store);
}

/**
 * Has something done when n8n stores the run that begins with this item: it turns the item into JSON then.
 *
 * On the way there n8n 2.41 loses the mark that static data has changed, and would not save it: it makes a second
 * Workflow of the same data, which resets the mark (WorkflowRunner, establishContextForPersistence).
 */
function whenStored(json: IDataObject, act: () => void): IDataObject {
	return Object.defineProperty(json, 'toJSON', {
		configurable: true,
		value() {
			delete json.toJSON;
			act();
			return json;
		},
	});
}

/** What is known of a trigger's deliveries, with those that were stored and without those that are old. */
function deliveriesOf(context: IWebhookFunctions, stored: Record<string, number> = {}): Deliveries {
	const trigger = `${context.getWorkflow().id}/${context.getNode().id}`;
	const deliveries = triggers.get(trigger) ?? new Map<string, number>();
	triggers.set(trigger, deliveries);
	for (const [key, time] of Object.entries(stored)) if (!deliveries.has(key)) deliveries.set(key, time);
	for (const [key, time] of deliveries) if (time < Date.now() - KEPT) deliveries.delete(key);
	return deliveries;
}

/** An ID may be of any length; this has 22 characters. */
const keyOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 22);
