import { request, type IncomingHttpHeaders } from 'node:http';

import { defaults } from './settings';

/** A response, its body parsed where it is JSON. */
export interface ClientResponse {
	status: number;
	headers: IncomingHttpHeaders;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test says what it expects of a response
	body: any;
}

/** A request; `token: null` and `version: null` leave out these headers. */
export interface ClientRequest {
	token?: string | null;
	version?: string | null;
	headers?: Record<string, string>;
	body?: unknown;
}

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};

/** Sends a request with the path exactly as it is given, which `fetch` would not do, over a connection of its own. */
export async function call(
	url: string,
	method: string,
	path: string,
	{ token = 'pit-demo', version = '2021-07-28', headers = {}, body }: ClientRequest = {},
): Promise<ClientResponse> {
	const { hostname, port } = new URL(url);
	const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
	return await new Promise((resolve, reject) => {
		const outgoing = request({
			hostname,
			port,
			method,
			path,
			agent: false,
			headers: {
				...(token !== null && { authorization: `Bearer ${token}` }),
				...(version !== null && { version }),
				...(text !== undefined && {
					'content-type': 'application/json',
					'content-length': Buffer.byteLength(text),
				}),
				...headers,
			},
		});
		outgoing.on('error', reject);
		outgoing.on('response', (incoming) => {
			let received = '';
			incoming.setEncoding('utf8');
			incoming.on('data', (chunk) => (received += chunk));
			incoming.on('error', reject);
			incoming.on('end', () =>
				resolve({
					status: incoming.statusCode!,
					headers: incoming.headers,
					body: parsed(received),
				}),
			);
		});
		outgoing.end(text);
	});
}

/** The simulator's own location. */
export const location = defaults.location;
