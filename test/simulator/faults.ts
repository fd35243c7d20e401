import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Random } from './random';

/** A failure that is made to happen. */
export interface FaultRule {
	/** Only for this method. */
	method?: string;
	/** Only where this regular expression matches the undecoded path; by default, all but OAuth's. */
	path?: string;
	/** Only for requests with this token. */
	token?: string;
	/** How often it happens, from 0 to 1 (default). */
	probability?: number;
	/** How often it happens at most. */
	times?: number;
	/** `before`, or `after` the request was carried out, so that only its response is lost. */
	stage?: 'before' | 'after';
	/**
	 * - `status`: a response with `status`, 503 by default
	 * - `reset`: the connection breaks without a response
	 * - `hang`: no response ever
	 * - `slow`: the right response, `delay` ms late
	 * - `dribble`: the headers at once, then a byte of the body every `delay` ms; without a body, spaces for ever
	 * - `cut`: the headers and half of the body, then the connection breaks
	 */
	kind: 'status' | 'reset' | 'hang' | 'slow' | 'dribble' | 'cut';
	/** For `dribble` and `cut`, 200 by default, or `after` the request the status of its own response. */
	status?: number;
	headers?: Record<string, string>;
	/** Text is sent as it is, anything else as JSON. For `dribble` and `cut` `after` the request, its own response by default. */
	body?: unknown;
	/** Milliseconds to wait first (0 by default, 1000 for `slow`); for `dribble`, between two bytes (1000). */
	delay?: number;
}

/** Rules by which so many of the requests fail: connections break before and after the operation, and 503 as often. */
export const unreliable = (probability: number): FaultRule[] => [
	{ kind: 'reset', probability: probability / 4 },
	{ kind: 'reset', probability: probability / 4, stage: 'after' },
	{ kind: 'status', status: 503, probability: probability / 2 },
];

/** A response that was to be sent. */
export interface Response {
	status: number;
	body: unknown;
}

export type Stage = 'before' | 'after';

/** A failure that happened, as the request log shows it. */
export interface FaultEntry {
	/** The position of the rule in the settings. */
	rule: number;
	stage: Stage;
	kind: FaultRule['kind'];
	status?: number;
}

interface Armed {
	rule: FaultRule;
	entry: FaultEntry;
	path: RegExp;
	left: number;
}

/** Decides which requests fail, and how. */
export class Faults {
	private readonly armed: Armed[];

	constructor(
		rules: FaultRule[],
		private readonly random: Random,
	) {
		this.armed = rules.map((rule, index) => ({
			rule,
			entry: {
				rule: index,
				stage: rule.stage ?? 'before',
				kind: rule.kind,
				...(rule.kind === 'status' && { status: rule.status ?? 503 }),
			},
			path: new RegExp(rule.path ?? '^/(?!(v2/)?oauth/)'),
			left: rule.times ?? Infinity,
		}));
	}

	/** The first rule that strikes this request at this stage. */
	strike(stage: Stage, method: string, path: string, token: string): Armed | undefined {
		const struck = this.armed.find(
			({ rule, entry, path: pattern, left }) =>
				left > 0 &&
				entry.stage === stage &&
				(rule.method ?? method).toUpperCase() === method &&
				(rule.token ?? token) === token &&
				pattern.test(path) &&
				(rule.probability === undefined || this.random() < rule.probability),
		);
		if (struck) struck.left--;
		return struck;
	}
}

const NO_BODY = [204, 304];

/**
 * Makes a rule happen. `response` is what was to be sent, where the request was carried out.
 * @returns whether the request has had, or will never have, its response
 */
export async function applyFault(
	rule: FaultRule,
	request: FastifyRequest,
	reply: FastifyReply,
	response?: Response,
): Promise<boolean> {
	const { kind, delay = kind === 'slow' || kind === 'dribble' ? 1000 : 0 } = rule;
	if (delay > 0 && kind !== 'dribble') await sleep(delay, undefined, { ref: false });
	if (kind === 'slow') return false;
	if (kind === 'status') {
		const status = rule.status ?? 503;
		const { body = defaultBody(status) } = rule;
		const { text, type } = format(body);
		reply.code(status).headers({ 'content-type': type, ...rule.headers });
		if (NO_BODY.includes(status)) reply.removeHeader('content-type');
		await reply.send(NO_BODY.includes(status) ? undefined : text);
		return true;
	}
	reply.hijack();
	if (kind === 'reset') request.raw.socket.resetAndDestroy();
	if (kind === 'dribble' || kind === 'cut') void sendPart(rule, delay, request, reply, response);
	return true;
}

const defaultBody = (status: number) => ({ statusCode: status, message: STATUS_CODES[status] });

const format = (body: unknown) =>
	typeof body === 'string'
		? { text: body, type: 'text/html' }
		: { text: JSON.stringify(body), type: 'application/json; charset=utf-8' };

async function sendPart(
	rule: FaultRule,
	delay: number,
	request: FastifyRequest,
	reply: FastifyReply,
	response?: Response,
): Promise<void> {
	const { raw } = reply;
	const status = rule.status ?? response?.status ?? 200;
	const endless = rule.kind === 'dribble' && rule.body === undefined && !response;
	const { body = response ? response.body : defaultBody(status) } = rule;
	const { text, type } = format(body ?? '');
	const bytes = Buffer.from(text);
	if (request.entry) request.entry.status = status;
	raw.writeHead(status, {
		'content-type': type,
		...(!endless && { 'content-length': bytes.length }),
		...(reply.getHeaders() as Record<string, string>),
		...rule.headers,
	});
	raw.flushHeaders();
	if (rule.kind === 'cut') {
		raw.write(bytes.subarray(0, bytes.length / 2), () => request.raw.socket.destroy());
		return;
	}
	for (let sent = 0; (endless || sent < bytes.length) && !raw.destroyed; sent++) {
		await sleep(delay, undefined, { ref: false });
		raw.write(endless ? ' ' : bytes.subarray(sent, sent + 1));
	}
	raw.end();
}
