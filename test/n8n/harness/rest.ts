import { randomUUID } from 'node:crypto';

/** The owner of a temporary n8n, and nothing to keep secret: it listens on loopback only. */
export const OWNER = {
	email: 'demo@example.com',
	password: 'Demo-2026',
	firstName: 'Demo',
	lastName: 'Owner',
};

/** Calls n8n's REST API as its editor does, signed in once `POST /owner/setup` or `POST /login` was called. */
export interface Rest {
	/** Gives the `data` of n8n's answer. Throws with n8n's message where the answer is no success. */
	<Answer>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		body?: unknown,
	): Promise<Answer>;
}

/** @param url where n8n listens, without a slash at the end */
export function restClient(url: string): Rest {
	// n8n ties a session to the browser that began it.
	const browserId = randomUUID();
	let cookie = '';
	return async (method, path, body) => {
		const response = await fetch(`${url}/rest${path}`, {
			method,
			headers: {
				...{
					'browser-id': browserId,
					'content-type': 'application/json',
					...(cookie && { cookie }),
				},
				// A busy n8n closes a connection that has idled just when it is used again.
				connection: 'close',
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const session = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		if (session) cookie = session.split(';')[0] ?? '';
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} /rest${path} gave ${response.status}: ${text}`);
		return JSON.parse(text).data;
	};
}
