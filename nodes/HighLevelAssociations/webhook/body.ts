import type { IDataObject } from 'n8n-workflow';

import { Rejection } from './rejection';

/** In bytes. HighLevel's events have a few hundred. */
const MAX_SIZE = 1024 * 1024;

const tooLarge = new Rejection(413, 'The body is larger than 1 MB.');
const unreadable = new Rejection(400, 'The body could not be read.');

/** The parts of n8n's request used here. n8n adds the last two (n8n, middlewares/body-parser). */
interface Request {
	headers: Record<string, string | string[] | undefined>;
	rawBody?: Buffer;
	readRawBody(): Promise<void>;
}

/** Reads the bytes of a body as they were signed; n8n decompresses them. */
export async function readBody(request: Request): Promise<Buffer | Rejection> {
	if (Number(request.headers['content-length']) > MAX_SIZE) return tooLarge;
	try {
		await request.readRawBody();
	} catch (error) {
		return (error as { status?: number }).status === 413 ? tooLarge : unreadable;
	}
	const { rawBody } = request;
	if (!rawBody) return unreadable;
	return rawBody.length > MAX_SIZE ? tooLarge : rawBody;
}

/** Parses a body as a JSON object. */
export function parseBody(body: Buffer): IDataObject | Rejection {
	let value: unknown;
	try {
		value = JSON.parse(body.toString());
	} catch {
		return new Rejection(400, 'The body is not valid JSON.');
	}
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: new Rejection(400, 'The body is JSON, but not an object.');
}
