import type { FaultRule } from './faults';

const rule = (status: number, body: string, type = 'text/plain; charset=UTF-8'): FaultRule => ({
	kind: 'status',
	status,
	headers: { server: 'cloudflare', 'cf-ray': '8f0c0c0c0c0c0c0c-FRA', 'content-type': type },
	body,
});

const page = (title: string) =>
	`<!DOCTYPE html>\n<html lang="en-US">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><p>Cloudflare Ray ID: 8f0c0c0c0c0c0c0c</p></body>\n</html>\n`;

/** Responses of Cloudflare, which stands in front of HighLevel, as fault rules: `faults: [cloudflare.blocked]`. */
export const cloudflare = {
	/** The client's signature is banned. */
	blocked: rule(403, 'error code: 1010'),
	/** The same for a browser. */
	blockedPage: rule(403, page('Attention Required! | Cloudflare'), 'text/html; charset=UTF-8'),
	/** Cloudflare's own rate limit. */
	rateLimited: rule(429, 'error code: 1015'),
	/** HighLevel cannot be reached or its response is invalid: 520 to 524. */
	status: (status: number) => rule(status, `error code: ${status}`),
	/** The same as a page. */
	statusPage: (status: number) =>
		rule(status, page(`services.leadconnectorhq.com | ${status}`), 'text/html; charset=UTF-8'),
};
