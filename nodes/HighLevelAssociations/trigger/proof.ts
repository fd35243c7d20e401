import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { isOnTime } from './age';
import { parseBody } from './body';
import { hasHeader } from './header';
import { Refusal } from './refusal';
import { isSigned, readPublicKey } from './signature';

/** A delivery that has proved where it comes from: its body, and what makes it known again, if anything does. */
export interface Delivery {
	body: IDataObject;
	id: string | undefined;
}

/** Whether the user has chosen HighLevel's signature as proof. */
export function usesSignature(context: IWebhookFunctions | IHookFunctions): boolean {
	return context.getNodeParameter('proof') === 'signature';
}

/** Takes a delivery that HighLevel has signed within the last minutes. */
export function takeSigned(context: IWebhookFunctions, raw: Buffer): Delivery | Refusal {
	const headers = context.getHeaderData();
	const signature = headers['x-ghl-signature'];
	if (typeof signature !== 'string') {
		return new Refusal(
			401,
			headers['x-wh-signature']
				? 'Only X-WH-Signature came, which is not to be trusted any more. X-GHL-Signature is needed.'
				: 'The header X-GHL-Signature is missing.',
		);
	}
	const key = readPublicKey(context.getNodeParameter('publicKey') as string);
	if (!key)
		return new Refusal(
			401,
			"The trigger's Public Key is no Ed25519 key, so nothing can be verified.",
		);
	if (!isSigned(raw, signature, key))
		return new Refusal(401, 'X-GHL-Signature is not the signature of this body.');

	const body = parseBody(raw);
	if (body instanceof Refusal) return body;
	if (!isOnTime(body.timestamp)) {
		const clock = new Date().toISOString();
		return new Refusal(
			401,
			`The delivery's timestamp is missing or over 5 minutes off. Here it is ${clock}.`,
		);
	}
	// Ed25519 signs the same bytes the same way, so a signature makes known what has no ID.
	return { body, id: idOf(body) ?? signature };
}

/** Takes a delivery with the header that the user has agreed on with their workflow at HighLevel. */
export async function takeWithHeader(
	context: IWebhookFunctions,
	raw: Buffer,
): Promise<Delivery | Refusal> {
	const credential = await context.getCredentials('highLevelWebhookHeaderApi');
	if (!hasHeader(context.getHeaderData(), credential)) {
		return new Refusal(401, "The header of the trigger's credential is missing or wrong.");
	}
	const body = parseBody(raw);
	return body instanceof Refusal ? body : { body, id: idOf(body) };
}

function idOf({ webhookId }: IDataObject): string | undefined {
	return typeof webhookId === 'string' && webhookId ? webhookId : undefined;
}
