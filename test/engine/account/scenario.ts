import fc from 'fast-check';
import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { cloudflare } from '../../simulator/cloudflare';
import { scopes } from '../../simulator/contract';
import type { FaultRule } from '../../simulator/faults';
import type { Settings } from '../../simulator/settings';
import type { Association, Relation } from '../../simulator/state';

/** A run that is made up: plain data, so that one that failed can be kept as an example. */
export interface Scenario {
	operation: OperationName;
	/** Whether an association is named by its key. */
	byKey: boolean;
	/** Whether a relation to delete is named by its association and its two records. */
	byRecords?: boolean;
	onError: NonNullable<INode['onError']>;
	/** Tries of Retry On Fail; 1 without it. */
	tries: number;
	/** n8n's batching: how many items a batch. */
	batch?: number;
	executeOnce: boolean;
	/** Which options the node has; each is an expression. */
	options: OptionName[];
	items: ScenarioItem[];
	faults: ScenarioFault[];
	/** What HighLevel answers to a deletion. */
	deletion: keyof typeof DELETIONS;
	/** Milliseconds that each response takes. */
	latency: number;
	/** Milliseconds after which the execution is stopped by hand. */
	cancelAfter?: number;
}

/** The options of each operation. */
const OPTIONS = {
	delete: ['dryRun', 'expectedKey', 'ifNotFound', 'ifRelated', 'locationId', 'rateLimit'],
	create: ['ifExists', 'locationId', 'rateLimit'],
	update: ['locationId', 'rateLimit'],
	get: ['locationId', 'rateLimit'],
	getMany: ['locationId', 'rateLimit'],
	relationCreate: ['ifExists', 'firstObjectKey', 'locationId', 'rateLimit'],
	relationDelete: ['ifNotFound', 'locationId', 'rateLimit'],
	relationGetMany: ['locationId', 'rateLimit'],
} as const;

export type OperationName = keyof typeof OPTIONS;
export type OptionName = (typeof OPTIONS)[OperationName][number];

export interface ScenarioItem {
	token: TokenName;
	/** Which of the world's things it is about. */
	target: number;
	/** A value that can't be sent, in place of that. */
	flaw?: keyof typeof FLAWS;
	location: 'own' | 'other' | 'empty';
	dryRun: boolean | '';
	expectedKey: 'right' | 'wrong' | 'empty';
	ifRelated: 'refuse' | 'delete' | '';
	succeeds: boolean;
	rateLimit: number | string;
	/** Which labels an update changes. */
	labels: 'first' | 'second' | 'both';
}

export interface ScenarioFault {
	fault: FaultName;
	method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** Only for the thing with this number. */
	target?: number;
	token?: TokenName;
	times?: number;
	probability?: number;
	/** Milliseconds that the response takes. */
	delay?: number;
}

/** The tokens: two of one sub-account, one of another, one that HighLevel refuses, one that can't be sent, one that reaches nothing. */
export const TOKENS = ['one', 'same', 'two', 'wrong', 'flawed', 'unreachable'] as const;
export type TokenName = (typeof TOKENS)[number];
export const LOCATIONS = { one: 'locationOne', two: 'locationTwo' };
export const locationOf = (token: TokenName) => (token === 'two' ? LOCATIONS.two : LOCATIONS.one);

const association = (
	id: string,
	key: string,
	locationId: string,
	associationType: Association['associationType'] = 'USER_DEFINED',
) => ({
	id,
	key,
	locationId,
	associationType,
	firstObjectLabel: `First of ${id}`,
	firstObjectKey: 'contact',
	secondObjectLabel: `Second of ${id}`,
	secondObjectKey: 'custom_objects.pets',
});

export const OWN_KEY = 'BUSINESSES_OPPORTUNITIES_ASSOCIATION';
export const ASSOCIATIONS = [
	association('oneA', 'key_a', LOCATIONS.one),
	association('oneB', 'key_b', LOCATIONS.one),
	association('oneC', 'key_c', LOCATIONS.one),
	association('oneD', 'key_d', LOCATIONS.one),
	association('oneE', 'key_e', LOCATIONS.one),
	association('twoA', 'key_a', LOCATIONS.two),
	association('twoB', 'key_b', LOCATIONS.two),
	association('twoF', 'key_f', LOCATIONS.two),
	association('system', 'system_key', LOCATIONS.one, 'SYSTEM_DEFINED'),
	association('own', OWN_KEY, LOCATIONS.one),
];

const relation = (id: string, associationId: string, pair: number): Partial<Relation> => ({
	id,
	associationId,
	firstRecordId: `first${pair}`,
	secondRecordId: `second${pair}`,
});
export const RELATIONS = [
	relation('relOne0', 'oneA', 0),
	relation('relOne1', 'oneA', 1),
	relation('relOne2', 'oneB', 0),
	relation('relOne3', 'oneB', 2),
	relation('relOne4', 'oneC', 1),
	relation('relTwo0', 'twoA', 0),
	relation('relTwo1', 'twoB', 1),
];

/** The records of the first sub-account; the simulator lists none of the other. */
export const RECORDS = {
	contact: ['first0', 'first1', 'first2', 'first3'],
	'custom_objects.pets': ['second0', 'second1', 'second2', 'second3'],
};

/** IDs, keys and the rest by the number of an item's target; the last of each exists nowhere. */
export const IDS = [...ASSOCIATIONS.map(({ id }) => id), 'nobody'];
export const KEYS = [
	...[...'abcdef'].map((letter) => `key_${letter}`),
	'system_key',
	OWN_KEY,
	'no_key',
];
const NEW_KEYS = ['new_a', 'New_B', 'new_c', 'new_d', 'new_e', 'key_a', 'key_b', 'key_f', 'new_f'];
const RELATION_IDS = [...RELATIONS.map(({ id }) => id!), 'nothing'];
export const pick = <Value>(list: Value[], index: number) => list[index % list.length]!;

/** Values that can't be sent. */
export const FLAWS = {
	empty: '',
	blank: '  ',
	parent: '..',
	route: 'relations',
	number: 5,
	null: null,
	undefined: 'undefined',
	control: 'a\nb',
} as const;

/** What an item is about: what its fields of the node's panel give. */
export function fieldsOf(
	{ operation, byKey, byRecords }: Scenario,
	item: ScenarioItem,
	index: number,
): Record<string, unknown> {
	const { target, flaw, labels } = item;
	const given = (value: unknown) => (flaw === undefined ? value : FLAWS[flaw]);
	const association = given(pick(byKey ? KEYS : IDS, target));
	const label = (which: 'first' | 'second') =>
		labels === 'both' || labels === which ? `${which} ${index}` : '';
	const firstRecordId = `first${target % 4}`;
	switch (operation) {
		case 'delete':
		case 'get':
			return { association };
		case 'update':
			return {
				association,
				firstObjectLabel: label('first'),
				secondObjectLabel: label('second'),
			};
		case 'create':
			return { key: given(pick(NEW_KEYS, target)) };
		case 'relationDelete':
			if (!byRecords) return { relationId: given(pick(RELATION_IDS, target)) };
			return nameByRecords(target, ({ id, key }) => given(byKey ? key : id));
		case 'relationCreate':
			return { association, firstRecordId, secondRecordId: `second${(target >> 1) % 4}` };
		case 'relationGetMany':
			return { recordId: given(firstRecordId) };
		case 'getMany':
			return {};
	}
}

/** The association and the records of a relation, in one order or the other; the last are not related. */
function nameByRecords(
	target: number,
	name: (association: { id: string; key: string }) => unknown,
): Record<string, unknown> {
	const unrelated = relation('nothing', 'oneD', 3);
	const one = pick([...RELATIONS, unrelated], target);
	const records = [one.firstRecordId, one.secondRecordId];
	const [firstRecordId, secondRecordId] = target > RELATIONS.length ? records.reverse() : records;
	const association = ASSOCIATIONS.find(({ id }) => id === one.associationId)!;
	return { association: name(association), firstRecordId, secondRecordId };
}

/** The key that the option Expected Key has. */
export function expectedKeyOf(scenario: Scenario, item: ScenarioItem): string {
	if (item.expectedKey === 'empty') return '';
	if (item.expectedKey === 'wrong') return 'another_key';
	const { association } = fieldsOf(scenario, item, 0);
	return scenario.byKey
		? String(association)
		: (ASSOCIATIONS.find(({ id }) => id === association)?.key ?? 'no_key');
}

/** The location that an item's requests name. */
export function locationFor({ options }: Scenario, { token, location }: ScenarioItem): string {
	const own = locationOf(token);
	if (!options.includes('locationId') || location !== 'other') return own;
	return own === LOCATIONS.one ? LOCATIONS.two : LOCATIONS.one;
}

export function toItems(scenario: Scenario): INodeExecutionData[] {
	return scenario.items.map((item, index) => ({
		json: {
			...fieldsOf(scenario, item, index),
			dryRun: item.dryRun,
			expectedKey: expectedKeyOf(scenario, item),
			ifNotFound: item.succeeds ? 'succeed' : 'fail',
			ifExists: item.succeeds ? 'succeed' : 'fail',
			ifRelated: item.ifRelated,
			locationId: item.location === 'empty' ? '' : locationFor(scenario, item),
			rateLimit: item.rateLimit,
			firstObjectKey: 'contact',
		},
	}));
}

export function toParameters(scenario: Scenario): INodeParameters {
	const { operation, byKey, byRecords, batch, options } = scenario;
	const name = operation.replace('relation', '');
	const read = (field: string) => `={{ $json.${field} }}`;
	const { association, ...others } = fieldsOf(scenario, scenario.items[0]!, 0);
	const readAll = (fields: readonly string[]) =>
		Object.fromEntries(fields.map((field) => [field, read(field)]));
	return {
		resource: name === operation ? 'association' : 'relation',
		operation: name.charAt(0).toLowerCase() + name.slice(1),
		...(association !== undefined && {
			associationId: { __rl: true, mode: byKey ? 'key' : 'id', value: read('association') },
		}),
		...readAll(Object.keys(others)),
		...(operation === 'create' && {
			firstObjectKey: 'contact',
			firstObjectLabel: 'One',
			secondObjectKey: 'custom_objects.pets',
			secondObjectLabel: 'Other',
		}),
		...(byRecords && { deleteBy: 'records' }),
		...(operation.endsWith('etMany') && { returnAll: true }),
		options: readAll(options),
		requestOptions: {
			...(batch && { batching: { batch: { batchSize: batch, batchInterval: 3 } } }),
			...(isSlow(scenario) && { timeout: TIMEOUT }),
		},
	};
}

const TIMEOUT = 250;

/** Whether requests may time out. */
export const isSlow = ({ faults }: Scenario) =>
	faults.some(({ fault }) => ['hang', 'dribble'].includes(FAULTS[fault].kind));

/**
 * What a response tells whoever asked: that it is not so (refused), that it may have been done (lost), that it was not
 * (limited, busy), or nothing that can be relied on (unclear).
 */
export type Meaning = 'refused' | 'lost' | 'limited' | 'busy' | 'unclear';
type Fault = FaultRule & { means: Meaning };

const status = (means: Meaning, code: number, body: unknown, more: Partial<FaultRule> = {}) =>
	({ means, kind: 'status', status: code, body, ...more }) satisfies Fault;
const refused = (code: number, message: unknown) =>
	status('refused', code, { statusCode: code, message });
const after = (fault: Fault): Fault => ({ ...fault, stage: 'after' });
const limited = (headers: Record<string, string>) =>
	status('limited', 429, { statusCode: 429, message: 'Too Many Requests' }, { headers });
const wrong = (body: unknown): Fault => status('refused', 200, body, { method: 'GET' });
const ASSOCIATION_PATH = '^/associations/(key/)?[^/]+$';

/** Failures that are made to happen. */
export const FAULTS = {
	badRequest: refused(400, 'Bad Request'),
	unauthorized: refused(401, 'Invalid JWT'),
	forbidden: refused(403, 'The token does not have access to this location.'),
	noRoute: refused(404, 'Cannot DELETE /associations/x'),
	notFoundPage: status('refused', 404, '<html>association not found</html>'),
	noLocation: refused(400, 'Location not found'),
	noVersion: refused(401, 'version header was not found.'),
	invalid: refused(422, ['id is bad']),
	redirect: status('refused', 302, '', { headers: { location: '/associations/oneA' } }),
	blocked: { means: 'refused', ...cloudflare.blocked },
	denied: status('refused', 200, { deleted: false }),
	deniedSuccess: status('refused', 200, { success: false, message: 'No' }),
	notDeleted: status('unclear', 200, { message: 'It was not deleted successfully' }),
	empty: status('unclear', 200, {}),
	list: status('unclear', 200, []),
	false: status('unclear', 200, false),
	zero: status('unclear', 200, 0),
	page: status('unclear', 200, '<html>Welcome</html>'),
	hidden500: status('unclear', 200, { statusCode: 500 }),
	message: status('unclear', 200, { message: 'Accepted' }),
	emptyAfter: after(status('unclear', 200, {})),
	pageAfter: after(status('unclear', 200, '<html>Welcome</html>')),
	hidden500After: after(status('unclear', 200, { statusCode: 500 })),
	failed: status('lost', 500, { statusCode: 500, message: 'Oops' }),
	failedAfter: after(status('lost', 500, { statusCode: 500, message: 'Oops' })),
	badGateway: status('lost', 502, '<html>502</html>'),
	badGatewayAfter: after(status('lost', 502, '<html>502</html>')),
	timeoutAfter: after(status('lost', 504, '')),
	cloudflareAfter: after({ means: 'lost', ...cloudflare.status(520) }),
	busy: status('busy', 503, { message: 'Service Unavailable' }),
	reset: { means: 'lost', kind: 'reset' },
	resetAfter: { means: 'lost', kind: 'reset', stage: 'after' },
	cut: { means: 'lost', kind: 'cut', stage: 'after' },
	hang: { means: 'lost', kind: 'hang' },
	hangAfter: { means: 'lost', kind: 'hang', stage: 'after' },
	dribble: { means: 'lost', kind: 'dribble', stage: 'after', delay: 60 },
	limited: limited({}),
	waitASecond: limited({ 'retry-after': '1' }),
	waitADay: limited({ 'retry-after': '86400' }),
	dayIsOver: limited({ 'x-ratelimit-daily-remaining': '0' }),
	cloudflareLimited: { means: 'limited', ...cloudflare.rateLimited },
	anotherAssociation: { ...wrong(ASSOCIATIONS[4]), path: ASSOCIATION_PATH },
	anotherSubAccount: { ...wrong(ASSOCIATIONS[5]), path: ASSOCIATION_PATH },
	allAssociations: { ...wrong({ associations: ASSOCIATIONS }), path: ASSOCIATION_PATH },
} satisfies Record<string, Fault>;
export type FaultName = keyof typeof FAULTS;

/** What HighLevel answers to a deletion that it has carried out; its documentation promises the first. */
export const DELETIONS = {
	usual: undefined,
	empty: { status: 204 },
	success: { status: 200, body: { success: true } },
	message: { status: 200, body: { message: 'Association deleted successfully' } },
	unclear: { status: 200, body: {} },
};

const pathOf = ({ operation, byKey }: Scenario, target: number): string => {
	switch (operation) {
		case 'relationDelete':
			return `/relations/${pick(RELATION_IDS, target)}$`;
		case 'delete':
		case 'get':
		case 'update':
			return byKey && target % 2
				? `/key/${pick(KEYS, target)}$`
				: `^/associations/${pick(IDS, target)}$`;
		default:
			return '^/associations';
	}
};

/** The settings of the simulator; `tokens` are their names in this run. */
export function toSettings(
	scenario: Scenario,
	tokens: Record<TokenName, string>,
): Partial<Settings> {
	const deleted = DELETIONS[scenario.deletion];
	return {
		location: LOCATIONS.one,
		tokens: (['one', 'same', 'two'] as const).map((token) => ({
			name: tokens[token],
			scopes: [...scopes],
			location: locationOf(token),
		})),
		associations: ASSOCIATIONS,
		records: RECORDS,
		relations: RELATIONS,
		system: 0,
		limit: 0,
		latency: scenario.latency,
		faults: scenario.faults.map(({ fault, target, token, ...rest }) => {
			const rule: FaultRule & Partial<Fault> = { ...FAULTS[fault] };
			delete rule.means;
			return {
				...rest,
				...rule,
				...(target !== undefined && !rule.path && { path: pathOf(scenario, target) }),
				...(token && { token: tokens[token] }),
			};
		}),
		...(deleted && { deletion: { deleted: deleted as Settings['deletion']['deleted'] } }),
	};
}

const rarely = <Value>(usual: Value, others: Value[], weight = 8) =>
	fc.oneof(
		{ arbitrary: fc.constant(usual), weight },
		{ arbitrary: fc.constantFrom(...others), weight: 1 },
	);

const item = (oneToken: boolean): fc.Arbitrary<ScenarioItem> =>
	fc.record(
		{
			token: oneToken
				? fc.constant<TokenName>('one')
				: fc.oneof(
						{ arbitrary: fc.constantFrom<TokenName>('one', 'same', 'two'), weight: 15 },
						{ arbitrary: fc.constantFrom<TokenName>('wrong', 'flawed', 'unreachable'), weight: 1 },
					),
			target: fc.nat({ max: 10 }),
			flaw: rarely<keyof typeof FLAWS | undefined>(
				undefined,
				Object.keys(FLAWS) as Array<keyof typeof FLAWS>,
				25,
			),
			location: rarely<ScenarioItem['location']>('own', ['other', 'empty']),
			dryRun: rarely<ScenarioItem['dryRun']>(false, [true, '']),
			expectedKey: rarely<ScenarioItem['expectedKey']>('right', ['wrong', 'empty']),
			ifRelated: fc.constantFrom<ScenarioItem['ifRelated']>('refuse', 'delete', ''),
			succeeds: fc.boolean(),
			rateLimit: rarely<ScenarioItem['rateLimit']>(1_000, [500, '100', 0, 'abc']),
			labels: fc.constantFrom<ScenarioItem['labels']>('first', 'second', 'both'),
		},
		{ noNullPrototype: true },
	);

const times: Record<Meaning, number[]> = {
	refused: [1, 2, 1_000],
	unclear: [1, 2, 1_000],
	lost: [1, 1, 2, 3],
	busy: [1, 2],
	limited: [1, 2, 3],
};

const fault = (): fc.Arbitrary<ScenarioFault> =>
	fc
		.oneof(
			...(['refused', 'unclear', 'lost', 'lost', 'lost', 'busy', 'limited'] as const).map((means) =>
				fc.constantFrom(
					...(Object.keys(FAULTS) as FaultName[]).filter((name) => FAULTS[name].means === means),
				),
			),
		)
		.chain((name) => {
			const { kind, means } = FAULTS[name];
			return fc.record(
				{
					fault: fc.constant(name),
					method: fc.constantFrom<ScenarioFault['method']>(
						undefined,
						'GET',
						'DELETE',
						'DELETE',
						'POST',
						'PUT',
					),
					target: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
					token: rarely<TokenName | undefined>(undefined, ['one', 'same', 'two'], 4),
					times: fc.constantFrom(...(kind === 'hang' || kind === 'dribble' ? [1] : times[means])),
					probability: fc.constantFrom(undefined, undefined, 0.5),
					delay: fc.constantFrom(undefined, undefined, 5, 20),
				},
				{ noNullPrototype: true },
			);
		});

/** Runs of every kind. */
export const scenarios: fc.Arbitrary<Scenario> = fc
	.tuple(
		fc.constantFrom('delete', 'delete', ...(Object.keys(OPTIONS) as OperationName[])),
		fc.boolean(),
	)
	.chain(([operation, oneToken]) =>
		fc.record(
			{
				operation: fc.constant(operation),
				byKey: fc.boolean(),
				byRecords: operation === 'relationDelete' ? fc.boolean() : fc.constant(false),
				onError: fc.constantFrom<Scenario['onError']>(
					'stopWorkflow',
					'continueRegularOutput',
					'continueErrorOutput',
				),
				tries: rarely(1, [2, 3], 2),
				batch: rarely<number | undefined>(undefined, [1, 2, 3], 3),
				executeOnce: rarely(false, [true], 15),
				options: fc.subarray<OptionName>([...OPTIONS[operation]]),
				items: fc.array(item(oneToken), { minLength: 1, maxLength: 9 }),
				faults: fc.array(fault(), { maxLength: 3 }),
				deletion: rarely<Scenario['deletion']>('usual', ['empty', 'success', 'message', 'unclear']),
				latency: rarely(0, [2, 5], 3),
				cancelAfter: rarely<number | undefined>(undefined, [1, 5, 10, 20], 25),
			},
			{ noNullPrototype: true },
		),
	);
