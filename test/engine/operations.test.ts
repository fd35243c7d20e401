import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	NodeHelpers,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node';
import { ROOT } from '../program/bootstrap';
import { endpoints, scopes } from '../simulator/contract';
import { cases } from './operations';
import { respond, TOKEN, useSimulator } from './useSimulator';

const sim = useSimulator();

/** Both ways to sign in; with OAuth2 the location is the one that came with the token. */
const signIns = {
	privateIntegration: () => sim.credentials(),
	oAuth2: () => ({
		grantType: 'authorizationCode',
		clientId: 'client',
		clientSecret: 'secret',
		baseUrl: sim.simulator.url,
		accessTokenUrl: `${sim.simulator.url}/oauth/token`,
		oauthTokenData: {
			access_token: TOKEN,
			refresh_token: 'gone',
			token_type: 'Bearer',
			locationId: sim.location,
		},
	}),
};

/** The ID of what an item's output is about. */
const findId = ({ association, id = (association as IDataObject | undefined)?.id }: IDataObject) =>
	id;

describe.each(['privateIntegration', 'oAuth2'] as const)('signed in by %s', (authentication) => {
	const credentials = () => signIns[authentication]();

	describe.each(Object.entries(cases))('%s', (_, { endpoint, notFound, parameters }) => {
		const { method, path, query, body } = endpoint;
		const run = async (more: object = {}) =>
			await sim.run({
				parameters: { authentication, ...parameters },
				credentials: credentials(),
				...more,
			});
		test.each(['2021-07-28', 'v3'])('succeeds with API version %s', async (apiVersion) => {
			const { output, error } = await run({ credentials: { ...credentials(), apiVersion } });
			expect(error).toBeUndefined();
			expect(output).not.toHaveLength(0);
			for (const { json, pairedItem } of output) {
				expect(findId(json)).toEqual(expect.any(String));
				expect(pairedItem).toEqual({ item: 0 });
			}
			const [request] = await sim.simulator.requests();
			expect(request).toMatchObject({ method, headers: { version: apiVersion } });
			expect(request!.path.split('?')[0]).toMatch(
				new RegExp(`^${path.replace(/\{\w+\}/, '[^/]+')}$`),
			);
			const sent = {
				...Object.fromEntries(new URL(request!.path, 'http://x').searchParams),
				...(request!.body as object),
			};
			const required = [query, body].flatMap((schema) => schema?.required ?? []);
			expect(Object.keys(sent)).toEqual(expect.arrayContaining(required));
		});

		test.each([
			[400, 'Not so', 'HighLevel returned 400: Not so', 'Check the IDs'],
			[403, 'No access', 'HighLevel returned 403: No access', 'sub-account'],
			[404, 'Not found', 'HighLevel returned 404: Not found', notFound],
			[422, ['a', 'b'], 'HighLevel returned 422: a; b', 'Correct the values'],
		])('says what happened on %d', async (status, said, message, nextStep) => {
			await sim.fail(respond(status, { statusCode: status, message: said }));
			expect((await run()).error).toMatchObject({
				message,
				description: expect.stringContaining(nextStep),
				httpCode: String(status),
				context: { itemIndex: 0 },
			});
		});

		test('waits for the rate limit and goes on', async () => {
			await sim.simulator.set({ faults: [{ kind: 'status', status: 429, times: 1 }], window: 200 });
			const { output, error } = await run();
			expect(error).toBeUndefined();
			expect(findId(output[0]!.json)).toBeDefined();
			expect((await sim.simulator.requests()).map(({ status }) => status)).toContain(429);
		});

		test('lets the other items through if one fails', async () => {
			await sim.fail({ kind: 'status', status: 403, times: 1 });
			const items = [{ json: {} }, { json: {} }, { json: {} }];
			const { output } = await run({ items, onError: 'continueRegularOutput' });
			const paired = output.map(({ pairedItem }) => (pairedItem as { item: number }).item);
			expect(new Set(paired)).toEqual(new Set([0, 1, 2]));
			expect(output.find(({ json }) => json.error)?.json).toMatchObject({
				error: expect.any(String),
				details: { status: expect.any(Number) },
			});
		});
	});
});

// With OAuth2 n8n answers any 401 by renewing the token first, which the simulator refuses here.
test.each(Object.entries(cases))(
	'%s says which scope is missing',
	async (_, { endpoint: { scope }, parameters }) => {
		const others = scopes.filter((other) => other !== scope);
		await sim.simulator.set({ tokens: [{ name: TOKEN, scopes: others }] });
		const { error } = await sim.run({ parameters });
		expect(error).toMatchObject({
			message: expect.stringContaining('not authorized for this scope'),
			description: expect.stringContaining(`lacks the scope ${scope}.`),
		});
	},
);

/** The operations that have a case. */
const tested = () =>
	[...new Set(Object.keys(cases).map((name) => name.split(' ').slice(0, 2).join(' ')))].sort();

/** The operations of the panel, each as `<resource> <operation>`, by what the panel calls them. */
const operations = new HighLevelAssociations().description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options, displayOptions }) =>
		(options as INodePropertyOptions[]).map(({ name, value }) => {
			const resource = String(displayOptions?.show?.resource?.[0]);
			return { name: `${resource} ${name}`, value: `${resource} ${value}` };
		}),
	);

test('has an operation for every endpoint of the contract, and a case for every operation', () => {
	expect(tested()).toEqual(operations.map(({ value }) => value).sort());
	const asked = new Set(Object.values(cases).map(({ endpoint }) => endpoint));
	expect(asked).toEqual(new Set(endpoints.filter(({ path }) => path.startsWith('/associations/'))));
});

test('the README lists every operation', () => {
	const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
	const [, table = ''] = /^## Operations\n([^]+?)\n## /m.exec(readme) ?? [];
	let resource = '';
	const names = [...table.matchAll(/^\| (\w*) ?\| \**([\w ]+?)\** \|/gm)].slice(1).map((row) => {
		resource = row[1]!.toLowerCase() || resource;
		return `${resource} ${row[2]}`;
	});
	expect(names).toEqual(operations.map(({ name }) => name));
});

test('lists operations and options by their names', () => {
	const { properties } = new HighLevelAssociations().description;
	for (const { type, options = [] } of properties) {
		if (type !== 'options' && type !== 'collection') continue;
		const names = options.map((option) =>
			'displayName' in option ? option.displayName : option.name,
		);
		expect(names).toEqual([...names].sort());
	}
});

describe('the panel', () => {
	const { description } = new HighLevelAssociations();
	const properties = description.properties.filter(({ name }) => name !== 'requestOptions');
	const resolve = (parameters: INodeParameters) => {
		const node = { typeVersion: 1, parameters } as INode;
		const values = NodeHelpers.getNodeParameters(
			properties,
			parameters,
			true,
			false,
			node,
			description,
		)!;
		const fields = properties
			.filter((property) => NodeHelpers.displayParameter(values, property, node, description))
			.filter(({ type }) => type !== 'hidden')
			.map(({ displayName, name, type }) => (type === 'notice' ? name : displayName))
			.slice(3);
		return { values, fields };
	};
	const RECORDS = ['First Record ID', 'Second Record ID'];
	const panels: [string, INodeParameters, string[]][] = [
		['association', { operation: 'delete' }, ['deleteNotice', 'Association', 'Options']],
		['association', { operation: 'delete', options: { dryRun: true } }, ['Association', 'Options']],
		['association', { operation: 'backUp' }, ['backUpNotice', 'Association', 'Options']],
		[
			'association',
			{ operation: 'create' },
			[
				...['Key', 'First Object Key', 'First Object Label'],
				...['Second Object Key', 'Second Object Label', 'Options'],
			],
		],
		['association', { operation: 'get' }, ['Association', 'Options']],
		['association', { operation: 'restore' }, ['Backup', 'Options']],
		[
			'association',
			{ operation: 'update' },
			['Association', 'First Object Label', 'Second Object Label', 'Options'],
		],
		['association', { operation: 'getMany' }, ['Return All', 'Limit', 'Filters', 'Options']],
		['relation', { operation: 'create' }, ['Association', ...RECORDS, 'Options']],
		['relation', { operation: 'delete' }, ['Delete By', 'Relation ID', 'Options']],
		[
			'relation',
			{ operation: 'delete', deleteBy: 'records' },
			['Delete By', 'Association', ...RECORDS, 'Options'],
		],
		[
			'relation',
			{ operation: 'getMany' },
			['List By', 'Record ID', 'Return All', 'Limit', 'Filters', 'Options'],
		],
		[
			'relation',
			{ operation: 'getMany', listBy: 'association' },
			['List By', 'Association', 'Return All', 'Limit', 'Options'],
		],
	];

	const defaults: Record<string, INodeParameters> = {
		'relation delete': { deleteBy: 'id' },
		'relation getMany': { listBy: 'record' },
	};

	test('is tested for every operation', () => {
		const names = panels.map(([resource, { operation }]) => `${resource} ${operation}`);
		expect([...new Set(names)].sort()).toEqual(tested());
	});

	test.each(panels)('%s %o: has its fields, in order', (resource, parameters, expected) => {
		expect(resolve({ resource, ...parameters }).fields).toEqual(expected);
	});

	// The editor keeps the value of a parameter that the next operation has too.
	test.each(panels)('%s %o: is the same after any other', (resource, parameters, expected) => {
		const { operation } = parameters;
		const others = panels.filter(
			(panel) => panel[0] !== resource || panel[1].operation !== operation,
		);
		for (const [otherResource, other] of others) {
			const { values } = resolve({ resource: otherResource, ...other });
			const moved = resolve({ ...values, resource, operation: operation! });
			expect(moved.values).toEqual(
				expect.objectContaining(defaults[`${resource} ${operation}`] ?? {}),
			);
			expect(resolve({ ...moved.values, ...parameters }).fields).toEqual(expected);
		}
	});

	// For each item n8n evaluates a parameter for every property of its name.
	test('has one property for the parameters that may be an expression', () => {
		const names = properties.filter(({ type }) => type !== 'hidden').map(({ name }) => name);
		expect(names.filter((name) => name.endsWith('Id'))).toEqual([
			...new Set(names.filter((name) => name.endsWith('Id'))),
		]);
	});
});
