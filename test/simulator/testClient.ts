import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

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

const parsed = (body: string): unknown => {
	try {
		return JSON.parse(body);
	} catch {
		return body;
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
	const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
	const outgoing = request({
		...{ hostname, port, method, path, agent: false },
		headers: {
			...(token !== null && { authorization: `Bearer ${token}` }),
			...(version !== null && { version }),
			...(sent !== undefined && {
				'content-type': 'application/json',
				'content-length': Buffer.byteLength(sent),
			}),
			...headers,
		},
	}).end(sent);
	const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
	const received = parsed(await text(incoming));
	return { status: incoming.statusCode!, headers: incoming.headers, body: received };
}

/** The simulator's own location. */
export const location = defaults.location;
