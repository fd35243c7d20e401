import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { readBody } from './body';
import { remember } from './deliveries';
import { isChosen } from './events';
import { isWantedLocation } from './location';
import { takeSigned, takeWithHeader, usesSignature, type Delivery } from './proof';
import { Refusal } from './refusal';

/**
 * Starts the workflow with a delivery's body, or starts nothing: a delivery without proof of where it comes from is
 * refused with 4xx, one that is not wanted or came before is answered 200.
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const delivery = await take(context);
	if (delivery instanceof Refusal) {
		context.getResponseObject().status(delivery.status).json({ message: delivery.message });
		return { noWebhookResponse: true };
	}
	const { body, id } = delivery;
	const reason = reasonAgainst(context, body);
	if (reason) return nothingStarted(reason);
	const item: INodeExecutionData = { json: body };
	// While a workflow is tested in the editor, the same event may come as often as one likes.
	if (id !== undefined && context.getMode() !== 'manual' && !remember(context, id, item)) {
		return nothingStarted('it came before');
	}
	return { workflowData: [[item]] };
}

async function take(context: IWebhookFunctions): Promise<Delivery | Refusal> {
	const raw = await readBody(context.getRequestObject());
	if (raw instanceof Refusal) return raw;
	return usesSignature(context) ? takeSigned(context, raw) : await takeWithHeader(context, raw);
}

/** Why the user does not want this delivery; undefined if they do. */
function reasonAgainst(context: IWebhookFunctions, body: IDataObject): string | undefined {
	if (!isWantedLocation(body, context.getNodeParameter('locationId') as string)) {
		return 'its location is not the chosen one';
	}
	// With a header there is no choice of events: HighLevel's workflows name none.
	if (
		usesSignature(context) &&
		!isChosen(body.type, context.getNodeParameter('events') as string[])
	) {
		return 'its event is not among the chosen ones';
	}
	return undefined;
}

const nothingStarted = (reason: string): IWebhookResponseData => ({
	webhookResponse: { message: `Nothing was started by this delivery: ${reason}.` },
});
