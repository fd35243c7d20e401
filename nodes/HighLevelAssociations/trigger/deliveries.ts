import { createHash } from 'crypto';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { LONGEST_AGE } from './age';

/** How long a delivery is remembered, in ms: as long as its timestamp can be on time, and a minute for good measure. */
const KEPT = 2 * LONGEST_AGE + 60_000;

/** When each delivery came that a trigger has let through, by its ID, in ms since 1970. */
type Deliveries = Map<string, number>;

/** By trigger. Deliveries that are still under way are in no other place. */
const triggers = new Map<string, Deliveries>();

/**
 * Whether the trigger has let a delivery through before, also before n8n was started. If not, it has from now on: of
 * two at the same time the second is a repetition. If n8n then fails to start the workflow, it is forgotten.
 *
 * n8n saves the node's static data once the run is stored and has begun, and before it answers (n8n, LiveWebhooks and
 * executeWebhook), so a delivery that is answered 200 is remembered however n8n ends. n8n overwrites all of it, and the
 * last delivery to be saved need not be the last that came: so what is stored is not a copy made on arrival, but
 * whatever is known at the moment of saving.
 */
export function isRepeated(context: IWebhookFunctions, id: string): boolean {
	const stored = context.getWorkflowStaticData('node');
	const deliveries = deliveriesOf(`${context.getWorkflow().id}/${context.getNode().id}`);
	for (const [key, time] of Object.entries((stored.deliveries ?? {}) as Record<string, number>)) {
		if (!deliveries.has(key)) deliveries.set(key, time);
	}
	const key = keyOf(id);
	if (deliveries.has(key)) return true;

	deliveries.set(key, Date.now());
	stored.deliveries = { toJSON: () => Object.fromEntries(deliveries) } as unknown as IDataObject;
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 400) deliveries.delete(key);
	});
	return false;
}

/** What is known of a trigger's deliveries, after what is old was forgotten. */
function deliveriesOf(trigger: string): Deliveries {
	const deliveries = triggers.get(trigger) ?? new Map<string, number>();
	triggers.set(trigger, deliveries);
	for (const [key, time] of deliveries) if (time < Date.now() - KEPT) deliveries.delete(key);
	return deliveries;
}

/** An ID may be of any length; this has 22 characters. */
const keyOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 22);
