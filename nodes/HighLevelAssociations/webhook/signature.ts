import { createPublicKey, verify, type KeyObject } from 'crypto';

/**
 * The key that HighLevel signs its webhooks with: Ed25519, SPKI in base64.
 * https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide
 */
export const HIGHLEVEL_ED25519 = 'MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=';

/** Parses an Ed25519 public key: SPKI in base64, with or without the header and footer of a PEM file; undefined if it is not one. */
export function readPublicKey(text: string): KeyObject | undefined {
	const der = Buffer.from(text.replace(/-----[A-Z ]+-----/g, ''), 'base64');
	try {
		const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
		return key.asymmetricKeyType === 'ed25519' ? key : undefined;
	} catch {
		return undefined;
	}
}

/** Whether `signature`, base64, is the key's signature of exactly these bytes. */
export function isSigned(body: Buffer, signature: string, key: KeyObject): boolean {
	const bytes = Buffer.from(signature, 'base64');
	// Node decodes several spellings to the same bytes; with one only, a signature identifies a delivery.
	return bytes.toString('base64') === signature && verify(null, body, key, bytes);
}
