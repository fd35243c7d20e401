import type { IncomingHttpHeaders } from 'node:http';

import type { FaultEntry } from './faults';

/** A request that came in, as `GET /__simulator/requests` shows it. */
export interface RequestEntry {
	/** When it came, in ms since 1970. */
	time: number;
	method: string;
	/** Undecoded, with the query. */
	path: string;
	/** `null` as long as, or because, there was no response. */
	status: number | null;
	headers: IncomingHttpHeaders;
	body?: unknown;
	fault?: FaultEntry;
}

const secrets = ['client_secret', 'refresh_token', 'code'];

const shorten = (secret: string): string => `${secret.slice(0, 8)}…`;

function withoutSecrets(entry: RequestEntry): RequestEntry {
	const headers = { ...entry.headers };
	if (headers.authorization !== undefined) {
		headers.authorization = headers.authorization.replace(
			/^(\S+\s+)?(.*)$/s,
			(_all, scheme = '', token) => scheme + shorten(token),
		);
	}
	let { body } = entry;
	if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
		body = Object.fromEntries(
			Object.entries(body).map(([key, value]) => [
				key,
				secrets.includes(key) ? shorten(String(value)) : value,
			]),
		);
	}
	return { ...entry, headers, ...(body !== undefined && { body }) };
}

/** All requests since the start, the last reset or the last clearing. */
export class RequestLog {
	private entries: RequestEntry[] = [];

	/** Adds a request; the entry is completed later, by whoever responds. */
	add(entry: RequestEntry): RequestEntry {
		this.entries.push(entry);
		return entry;
	}

	/** The requests in the order in which they came, with secrets shortened: only here, so that logging costs next to nothing. */
	list(): RequestEntry[] {
		return this.entries.map(withoutSecrets);
	}

	/** Forgets all requests. */
	clear(): void {
		this.entries = [];
	}
}
