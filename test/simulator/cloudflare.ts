import type { FaultRule } from './faults';

const rule = (status: number, body: string): FaultRule => ({
	kind: 'status',
	status,
	headers: {
		...{ server: 'cloudflare', 'cf-ray': '8f0c0c0c0c0c0c0c-FRA' },
		'content-type': 'text/plain; charset=UTF-8',
	},
	body,
});

/** Responses of Cloudflare, which stands in front of HighLevel, as fault rules: `faults: [cloudflare.blocked]`. */
export const cloudflare = {
	/** The client's signature is banned. */
	blocked: rule(403, 'error code: 1010'),
	/** Cloudflare's own rate limit. */
	rateLimited: rule(429, 'error code: 1015'),
	/** HighLevel cannot be reached or its response is invalid: 520 to 524. */
	status: (status: number) => rule(status, `error code: ${status}`),
};
