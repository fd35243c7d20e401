import type { IDataObject } from 'n8n-workflow';

import { Refusal } from './refusal';

/** In bytes. HighLevel's events have a few hundred. */
const LARGEST = 1024 * 1024;

const tooLarge = new Refusal(413, 'The body is larger than 1 MB.');
const unreadable = new Refusal(400, 'The body could not be read.');

/** Of a request, what is used here. n8n adds the last two (n8n, middlewares/body-parser). */
interface Request {
	headers: Record<string, string | string[] | undefined>;
	rawBody?: Buffer;
	readRawBody(): Promise<void>;
}

/** The bytes of a request's body as they were signed: n8n unpacks them where they come compressed. */
export async function readBody(request: Request): Promise<Buffer | Refusal> {
	if (Number(request.headers['content-length']) > LARGEST) return tooLarge;
	try {
		await request.readRawBody();
	} catch (error) {
		return error.status === 413 ? tooLarge : unreadable;
	}
	const { rawBody } = request;
	if (!rawBody) return unreadable;
	return rawBody.length > LARGEST ? tooLarge : rawBody;
}

/** Reads a body as a JSON object. */
export function parseBody(body: Buffer): IDataObject | Refusal {
	let value: unknown;
	try {
		value = JSON.parse(body.toString());
	} catch {
		return new Refusal(400, 'The body is not JSON.');
	}
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: new Refusal(400, 'The body is JSON, but not an object.');
}
