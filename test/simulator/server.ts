import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorObject } from 'ajv';

import { readToken, findRejection } from './access';
import { endpoints, type Endpoint } from './contract';
import { addControlRoutes, controlPrefix } from './control';
import { applyFault, type Response, type Stage } from './faults';
import { rateLimitHeaders } from './rateLimit';
import type { RequestEntry } from './log';
import { addOAuthRoutes } from './oauth';
import { namedThing, handlers, type Call } from './handlers';
import { BrokenJson, parseBody, parseQuery } from './parsing';
import { defaults, type Settings, type Token } from './settings';
import { compileCheck, describeErrors, pathSchema } from './validation';
import { World } from './world';

declare module 'fastify' {
	interface FastifyRequest {
		entry: RequestEntry | null;
	}
	interface FastifyContextConfig {
		endpoint?: Endpoint;
	}
}

/** A running simulator. */
export interface Simulator {
	url: string;
	close(): Promise<void>;
}

const pathOf = (request: FastifyRequest): string => request.raw.url!.split('?', 1)[0]!;
const isControl = (request: FastifyRequest): boolean => request.raw.url!.startsWith(controlPrefix);
const asObject = (value: unknown): Record<string, string> =>
	typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};

async function refuse(
	world: World,
	reply: FastifyReply,
	status: number,
	message: string | string[],
) {
	const error = [401, 403, 429].includes(status) ? {} : { error: STATUS_CODES[status] };
	return await reply
		.code(status)
		.send(addTraceId(world, { statusCode: status, message, ...error }));
}

/** HighLevel names each request in its response; its support asks for that. */
const addTraceId = (world: World, body: unknown): unknown =>
	world.settings.traceId &&
	typeof body === 'object' &&
	body !== null &&
	!Array.isArray(body) &&
	Object.keys(body).length > 0
		? { ...body, traceId: randomUUID() }
		: body;

/** Lets a rule strike, if one does; true if the request has had, or will never have, its response. */
async function strike(
	world: World,
	stage: Stage,
	request: FastifyRequest,
	reply: FastifyReply,
	response?: Response,
): Promise<boolean> {
	const token = readToken(request.headers.authorization);
	const struck = world.faults.strike(stage, request.method, pathOf(request), token);
	if (!struck) return false;
	if (request.entry) request.entry.fault = struck.entry;
	return await applyFault(struck.rule, request, reply, response);
}

/** Everything that happens to a request before the operation. */
async function receive(
	world: World,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<unknown> {
	const broken = request.body instanceof BrokenJson ? request.body : undefined;
	const body = broken ? broken.text : request.body;
	if (request.entry && body !== undefined && body !== null) request.entry.body = body;

	const { settings } = world;
	const token = readToken(request.headers.authorization);
	if (!pathOf(request).startsWith('/oauth/')) {
		const verdict = world.rateLimit.admit(world.oauth.limitKey(token) ?? token);
		reply.headers(rateLimitHeaders(settings, verdict, world.now()));
		if (!verdict.admitted) return await refuse(world, reply, 429, 'Too Many Requests');
	}
	if (settings.latency > 0) await sleep(settings.latency, undefined, { ref: false });
	if (await strike(world, 'before', request, reply)) return reply;
	if (broken) return await refuse(world, reply, 400, broken.message);

	const { endpoint } = request.routeOptions.config;
	if (!endpoint) return undefined;
	const params = asObject(request.params);
	if (Object.values(params).includes('')) {
		reply.callNotFound();
		return reply;
	}
	const given = {
		params,
		query: asObject(request.query),
		body: asObject(request.body),
		state: world.state,
	};
	if (endpoint.body) request.body = given.body;
	const refusal = findRejection(world, endpoint, {
		version: request.headers.version?.toString(),
		token,
		locations: [
			given.query.locationId,
			given.body.locationId,
			namedThing(endpoint.name, given)?.locationId,
		],
	});
	if (refusal) return await refuse(world, reply, refusal.status, refusal.message);
	const { maximumLimit } = settings;
	for (const name of ['limit', 'pageLimit']) {
		const limit = Number({ ...given.query, ...given.body }[name]);
		if (maximumLimit > 0 && limit > maximumLimit) {
			const message = `${name} must not be greater than ${maximumLimit}`;
			return await refuse(world, reply, 422, [message]);
		}
	}
	return undefined;
}

function addEndpoint(app: FastifyInstance, world: World, endpoint: Endpoint): void {
	app.route({
		method: endpoint.method,
		url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
		schema: {
			params: pathSchema(endpoint),
			...(endpoint.query && { querystring: endpoint.query }),
			...(endpoint.body && { body: endpoint.body }),
		},
		config: { endpoint },
		handler: async (request, reply) => {
			const token = world.token(readToken(request.headers.authorization)) as Token;
			const response = handlers[endpoint.name]({
				params: request.params as Call['params'],
				query: request.query as Call['query'],
				body: asObject(request.body),
				state: world.state,
				settings: world.settings,
				oauth: world.oauth,
				token,
				location: token.location ?? world.settings.location,
			});
			const { status = endpoint.success } = response;
			const body = addTraceId(world, response.body);
			if (await strike(world, 'after', request, reply, { status, body })) return reply;
			reply.code(status);
			if (body === undefined) return await reply.send();
			return await reply.type('application/json').send(JSON.stringify(body));
		},
	});
}

const startEntry = (world: World, request: FastifyRequest): RequestEntry =>
	world.log.add({
		time: world.now(),
		method: request.method,
		path: request.raw.url!,
		status: null,
		headers: request.headers,
	});

function build(world: World): FastifyInstance {
	const app = fastify({
		exposeHeadRoutes: false,
		forceCloseConnections: true,
		// A malformed path never reaches the hooks, so it is logged here.
		frameworkErrors: (error, request, reply) => {
			startEntry(world, request as FastifyRequest).status = 400;
			void refuse(world, reply as FastifyReply, 400, error.message);
		},
		routerOptions: {
			ignoreTrailingSlash: true,
			maxParamLength: 10_000,
			querystringParser: parseQuery,
		},
	});
	app.decorateRequest('entry', null);
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (request, text, done) =>
		done(null, parseBody(request.headers['content-type'] ?? '', text as string)),
	);
	app.setValidatorCompiler(({ schema, httpPart }) => compileCheck(httpPart, schema as object));
	app.setErrorHandler(
		async (error: Error & { statusCode?: number; validation?: ErrorObject[] }, _request, reply) =>
			error.validation
				? await refuse(world, reply, 422, describeErrors(error.validation))
				: await refuse(world, reply, error.statusCode ?? 500, error.message),
	);
	app.setNotFoundHandler(
		async (request, reply) =>
			await refuse(world, reply, 404, `Cannot ${request.method} ${pathOf(request)}`),
	);

	app.addHook('onRequest', async (request) => {
		if (!isControl(request)) request.entry = startEntry(world, request);
	});
	app.addHook('preValidation', async (request, reply) => {
		if (!isControl(request)) return await receive(world, request, reply);
		return undefined;
	});
	app.addHook('onSend', async (request, reply) => {
		if (request.entry) request.entry.status = reply.statusCode;
	});

	for (const endpoint of endpoints) addEndpoint(app, world, endpoint);
	addOAuthRoutes(app, () => world.oauth);
	addControlRoutes(app, world);
	return app;
}

/** Starts a simulated HighLevel on 127.0.0.1; a test can bring its own clock (ms since 1970). */
export async function createSimulator(
	settings: Partial<Settings> = {},
	now: () => number = Date.now,
): Promise<Simulator> {
	const app = build(new World(settings, now));
	const url = await app.listen({
		host: '127.0.0.1',
		port: settings.port ?? defaults.port,
		backlog: 4096,
	});
	return { url, close: async () => await app.close() };
}
