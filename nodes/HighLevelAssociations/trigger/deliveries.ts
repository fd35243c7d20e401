import { createHash } from 'crypto';
import type { IDataObject, INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import { LONGEST_AGE } from './age';

/** How long a delivery is remembered, in ms: as long as its timestamp can be on time, and a minute for good measure. */
const KEPT = 2 * LONGEST_AGE + 60_000;

interface Delivery {
	/** When it came, in ms since 1970. */
	time: number;
	/** Whether n8n has stored the run that it starts. */
	stored: boolean;
}

/** By trigger and ID: the deliveries that have come to this process, and those it has found in n8n's database. */
const triggers = new Map<string, Map<string, Delivery>>();

/**
 * Remembers a delivery that is to start a workflow with this item; false if it came before, also before n8n was started
 * anew. Of two at the same time, one came before.
 *
 * It is kept in the node's static data, which n8n saves after it has stored the run and before it answers (n8n,
 * executeWebhook and LiveWebhooks): what was answered 200 is remembered, however n8n ends. What n8n fails to start is
 * forgotten.
 */
export function remember(
	context: IWebhookFunctions,
	id: string,
	item: INodeExecutionData,
): boolean {
	const staticData = context.getWorkflowStaticData('node');
	const deliveries = deliveriesOf(
		context,
		staticData.deliveries as Record<string, number> | undefined,
	);
	const key = keyOf(id);
	if (deliveries.has(key)) return false;

	const delivery = { time: Date.now(), stored: false };
	deliveries.set(key, delivery);
	const response = context.getResponseObject();
	response.once('finish', () => {
		if (response.statusCode >= 400) deliveries.delete(key);
	});
	const save = () => {
		staticData.deliveries = savedAsTheyAre(deliveries, key);
	};
	// An n8n that answers before it stores the run saves before that too.
	save();
	whenStored(item, () => {
		delivery.stored = true;
		save();
	});
	return true;
}

/**
 * Has something done when n8n stores the run that begins with this item, for which it turns the item into JSON.
 *
 * On the way there n8n 2.41 makes a second Workflow of the same static data, and so loses the mark that they were
 * changed and have to be saved (WorkflowRunner, establishContextForPersistence). Changed now, they are saved.
 */
function whenStored(item: INodeExecutionData & { toJSON?: () => unknown }, act: () => void): void {
	Object.defineProperty(item, 'toJSON', {
		configurable: true,
		value() {
			delete item.toJSON;
			act();
			return item;
		},
	});
}

/**
 * One delivery and those that are stored, with the time that they came, as static data. n8n overwrites what is there, and
 * saves in another order than deliveries come: so this is no copy of now, but becomes what is known when n8n saves it.
 */
function savedAsTheyAre(deliveries: Map<string, Delivery>, own: string): IDataObject {
	const toJSON = () => {
		const saved = [...deliveries].filter(([key, { stored }]) => stored || key === own);
		return Object.fromEntries(saved.map(([key, { time }]) => [key, time]));
	};
	return { toJSON } as unknown as IDataObject;
}

/** What is known of a trigger's deliveries, with those that were saved and without those that are old. */
function deliveriesOf(
	context: IWebhookFunctions,
	saved: Record<string, number> = {},
): Map<string, Delivery> {
	const trigger = `${context.getWorkflow().id}/${context.getNode().id}`;
	const deliveries = triggers.get(trigger) ?? new Map<string, Delivery>();
	triggers.set(trigger, deliveries);
	for (const [key, time] of Object.entries(saved)) {
		if (!deliveries.has(key)) deliveries.set(key, { time, stored: true });
	}
	for (const [key, { time }] of deliveries) if (time < Date.now() - KEPT) deliveries.delete(key);
	return deliveries;
}

/** An ID may be of any length; this has 22 characters. */
const keyOf = (id: string) => createHash('sha256').update(id).digest('base64url').slice(0, 22);
