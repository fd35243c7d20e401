import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

import { defaults } from './settings';

/** What HighLevel sends as an event; times and IDs are new for each. */
export interface Event {
	type: string;
	webhookId: string;
	timestamp: string;
	locationId: string;
	[field: string]: unknown;
}

/** The location that events are of unless told otherwise. */
export const LOCATION = defaults.location;

/** An association's event that has just happened. */
export function event(more: Partial<Event> = {}): Event {
	return {
		type: 'AssociationDelete',
		webhookId: randomUUID(),
		timestamp: new Date().toISOString(),
		id: '6d6f6e676f5f6576656e7473',
		associationType: 'USER_DEFINED',
		key: 'student_teacher',
		locationId: LOCATION,
		firstObjectKey: 'custom_objects.students',
		firstObjectLabel: 'Schüler',
		secondObjectKey: 'custom_objects.teachers',
		secondObjectLabel: 'Lehrerin 👩‍🏫',
		firstObjectToSecondObjectCardinality: 'MANY_TO_MANY',
		secondObjectToFirstObjectCardinality: 'MANY_TO_MANY',
		...more,
	};
}

/** HighLevel's way to sign webhooks, with a key of its own. */
export function createSigner() {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	return {
		/** SPKI in base64, as HighLevel publishes its own. */
		publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
		pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		/** What `X-GHL-Signature` holds for this body. */
		sign: (body: string | Buffer) => sign(null, Buffer.from(body), privateKey).toString('base64'),
	};
}
