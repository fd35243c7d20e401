import { randomUUID } from 'node:crypto';

import { oauthApp } from './credentials';
import { OWNER, type N8nClient } from './n8nClient';

/** Stores an app's credential, with this data besides, and signs in with it; gives it as a node names it. */
export async function connectApp(
	n8n: Pick<N8nClient, 'url' | 'createCredential'>,
	highLevel: { url: string },
	data?: object,
) {
	const app = oauthApp(highLevel, data);
	const credential = await n8n.createCredential(app);
	const page = await oauthSignIn(n8n.url, credential.id);
	if (!page.includes('Connection successful')) throw new Error(`Not connected: ${page}`);
	return { [app.type]: credential };
}

/**
 * Connects an OAuth2 credential as its owner does in a browser: asks n8n where to sign in, goes there, and is sent back
 * to n8n. The authorization server must agree without a question. Gives the page that n8n shows at the end.
 *
 * @param url where n8n listens, without a slash at the end
 */
async function oauthSignIn(url: string, credentialId: string): Promise<string> {
	const cookies = new Map<string, string>();
	const visit = async (target: string, init: RequestInit = {}): Promise<Response> => {
		const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const headers = { ...init.headers, ...(target.startsWith(url) && { cookie }) };
		const response = await fetch(target, { ...init, headers, redirect: 'manual' });
		for (const given of response.headers.getSetCookie()) {
			const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given) ?? [];
			cookies.set(name, value);
		}
		const next = response.headers.get('location');
		return next ? await visit(new URL(next, target).href) : response;
	};

	// What the editor's own calls carry, and a page that the browser goes to does not.
	const headers = { 'browser-id': randomUUID(), 'content-type': 'application/json' };
	const login = { emailOrLdapLoginId: OWNER.email, password: OWNER.password };
	await visit(`${url}/rest/login`, { method: 'POST', headers, body: JSON.stringify(login) });
	const answer = await visit(`${url}/rest/oauth2-credential/auth?id=${credentialId}`, { headers });
	const { data } = (await answer.json()) as { data: string };
	return await (await visit(data)).text();
}
