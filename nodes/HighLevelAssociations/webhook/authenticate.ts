import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { hasHeader } from './header';
import { Rejection } from './rejection';
import { isSigned, readPublicKey } from './signature';

/** Whether the trigger takes what HighLevel has signed; otherwise, what has a secret header. */
export function usesSignature(context: IWebhookFunctions | IHookFunctions): boolean {
	return context.getNodeParameter('incomingAuthentication') === 'signature';
}

/** The key that signatures are verified with; undefined if the parameter contains none. */
export function getPublicKey(context: IWebhookFunctions | IHookFunctions) {
	const parameter = context.getNodeParameter('publicKey') as string;
	return readPublicKey(
		context.getNodeParameter('additionalOptions.publicKey', parameter) as string,
	);
}

/** Why a request is not proved to come from HighLevel; undefined if it is. */
export async function authenticate(
	context: IWebhookFunctions,
	body: Buffer,
): Promise<Rejection | undefined> {
	const message = usesSignature(context)
		? validateSignature(context, body)
		: await validateHeader(context);
	return message === undefined ? undefined : new Rejection(401, message);
}

function validateSignature(context: IWebhookFunctions, body: Buffer): string | undefined {
	const headers = context.getHeaderData();
	const signature = headers['x-ghl-signature'];
	if (signature === 'N/A') return 'HighLevel did not sign this request: X-GHL-Signature is N/A.';
	if (typeof signature !== 'string')
		return headers['x-wh-signature']
			? 'Only the deprecated X-WH-Signature was sent. X-GHL-Signature is required.'
			: 'The header X-GHL-Signature is missing.';
	const key = getPublicKey(context);
	if (!key)
		return "The trigger's Public Key is not an Ed25519 key, so no signature can be verified.";
	return isSigned(body, signature, key) ? undefined : 'X-GHL-Signature does not match the body.';
}

async function validateHeader(context: IWebhookFunctions): Promise<string | undefined> {
	const credential = await context.getCredentials('highLevelWebhookHeaderApi');
	return hasHeader(context.getHeaderData(), credential)
		? undefined
		: "The header of the trigger's credential is missing or wrong.";
}
