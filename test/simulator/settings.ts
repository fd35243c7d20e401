import Ajv from 'ajv';

import { agencyScopes, scopes, type Schema, type Scope } from './contract';
import type { FaultRule, Response } from './faults';
import type { RecordChange, RecordSeeds } from './records';
import type { Association, Relation } from './state';

/** A token that is accepted, and what it may do. */
export interface Token {
	name: string;
	scopes: Scope[];
	/** The location it belongs to; without it, the simulator's own. */
	location?: string;
	/** Only for a token that was made in the agency's settings: which of its texts HighLevel refuses it with. */
	agency?: 'authClass' | 'userType' | 'scope';
}

/** Every knob of the simulator. `port` is read at the start; the numbers to seed, `location` and `seed` at the start and at a reset. */
export interface Settings {
	port: number;
	limit: number;
	window: number;
	windowKind: 'sliding' | 'fixed';
	daily: number;
	foreign: number;
	announce: boolean;
	dailyReset: 'duration' | 'time';
	retryAfter: 'none' | 'seconds' | 'date';
	latency: number;
	location: string;
	tokens: Token[];
	tokenLifetime: number;
	privateApp: boolean;
	userType: 'Location' | 'Company';
	locations: string[];
	associations: number | Array<Partial<Association>>;
	system: number;
	builtIn: boolean;
	records: RecordSeeds;
	recordChanges: RecordChange[];
	relations: number | Array<Partial<Relation>>;
	faults: FaultRule[];
	notFoundStatus: 400 | 404;
	missingKey: 400 | 404 | '{}' | 'null' | '[]';
	deletion: Partial<Record<'deleted' | 'notFound' | 'systemDefined', Response>>;
	objectOrder: 'alphabetical' | 'given';
	labelsMove: boolean;
	ignoreAssociationIds: boolean;
	ignoreSearchAfter: boolean;
	maximumLimit: number;
	traceId: boolean;
	listShape: 'wrapped' | 'array' | 'singleWrapped' | 'single';
	seed: number;
}

/** One knob: its default, what it accepts, and its line of help. */
export interface Knob {
	default: unknown;
	schema: Schema;
	help: string;
}

const whole: Schema = { type: 'integer', minimum: 0 };
const amount: Schema = { type: 'number', minimum: 0 };
const flag: Schema = { type: 'boolean' };
const name: Schema = { type: 'string', minLength: 1 };
const oneOf = (...values: Array<string | number>): Schema => ({ enum: values });
const listOf = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
	type: 'array',
	items: { type: 'object', properties, required, additionalProperties: false },
});
const texts = (...names: string[]): Record<string, Schema> =>
	Object.fromEntries(names.map((field) => [field, name]));

const association = {
	...texts(
		'id',
		'locationId',
		'key',
		'firstObjectLabel',
		'firstObjectKey',
		'secondObjectLabel',
		'secondObjectKey',
	),
	associationType: oneOf('USER_DEFINED', 'SYSTEM_DEFINED'),
	firstObjectToSecondObjectCardinality: name,
	secondObjectToFirstObjectCardinality: name,
	firstObjectToSecondObjectMaxLimit: whole,
	secondObjectToFirstObjectMaxLimit: whole,
};
const relation = texts(
	'id',
	'locationId',
	'associationId',
	'firstObjectKey',
	'firstRecordId',
	'secondObjectKey',
	'secondRecordId',
);
const fault: Record<string, Schema> = {
	method: { type: 'string' },
	path: { type: 'string', format: 'regex' },
	probability: { type: 'number', minimum: 0, maximum: 1 },
	times: whole,
	stage: oneOf('before', 'after'),
	token: name,
	kind: oneOf('status', 'reset', 'hang', 'slow', 'dribble', 'cut'),
	status: { type: 'integer', minimum: 200, maximum: 599 },
	headers: { type: 'object', additionalProperties: { type: 'string' } },
	body: {},
	delay: amount,
};

/** All knobs. The help and the validation are made from this table. */
export const knobs: Record<keyof Settings, Knob> = {
	port: {
		default: 0,
		schema: { ...whole, maximum: 65535 },
		help: 'port on 127.0.0.1; 0 takes a free one',
	},
	limit: { default: 100, schema: whole, help: 'requests a window and token; 0 means no limit' },
	window: {
		default: 10_000,
		schema: { type: 'integer', minimum: 1 },
		help: 'length of the window in ms',
	},
	windowKind: { default: 'sliding', schema: oneOf('sliding', 'fixed'), help: 'sliding or fixed' },
	daily: {
		default: 200_000,
		schema: whole,
		help: 'requests a day and token; 0 means none is left',
	},
	foreign: {
		default: 0,
		schema: amount,
		help: 'requests a second by others that use up the same limit',
	},
	announce: { default: true, schema: flag, help: 'send the X-RateLimit headers' },
	dailyReset: {
		default: 'duration',
		schema: oneOf('duration', 'time'),
		help: 'X-RateLimit-Daily-Reset in ms: until the next day, or since 1970',
	},
	retryAfter: {
		default: 'none',
		schema: oneOf('none', 'seconds', 'date'),
		help: 'Retry-After on 429: none, seconds or date',
	},
	latency: { default: 0, schema: amount, help: 'ms before each response' },
	location: { default: 've9EPM428h8vShlRW1KT', schema: name, help: 'ID of the location' },
	tokens: {
		default: [{ name: 'pit-demo', scopes: [...scopes] }],
		schema: listOf(
			{
				name,
				scopes: { type: 'array', items: oneOf(...scopes, ...agencyScopes) },
				location: name,
				agency: oneOf('authClass', 'userType', 'scope'),
			},
			['name', 'scopes'],
		),
		help: "the tokens that are accepted: name, scopes, their location if it is another, and agency for an agency's",
	},
	tokenLifetime: { default: 86_399, schema: amount, help: 'seconds an OAuth access token lives' },
	privateApp: {
		default: false,
		schema: flag,
		help: 'the OAuth app is private: signing in needs its version_id',
	},
	userType: {
		default: 'Location',
		schema: oneOf('Location', 'Company'),
		help: 'whose token an OAuth sign-in gives, whatever user_type asks for',
	},
	locations: {
		default: [],
		schema: { type: 'array', items: name },
		help: 'IDs of more locations of the agency in which the app is installed',
	},
	associations: {
		default: 3,
		schema: { anyOf: [whole, listOf(association)] },
		help: 'USER_DEFINED associations at the start',
	},
	system: { default: 1, schema: whole, help: 'SYSTEM_DEFINED associations at the start' },
	builtIn: {
		default: false,
		schema: flag,
		help: "HighLevel's own associations of live accounts, two of them USER_DEFINED, as well",
	},
	records: {
		default: {},
		schema: {
			type: 'object',
			additionalProperties: { anyOf: [whole, { type: 'array', items: name }] },
		},
		help: 'records at the start by object key: how many, or their IDs; relations are then of them',
	},
	recordChanges: {
		default: [],
		schema: listOf(
			{ object: name, afterPage: whole, add: whole, remove: whole, at: oneOf('start', 'end') },
			['object', 'afterPage'],
		),
		help: 'records that come and go while pages are read: rules as in records.ts',
	},
	relations: {
		default: 2,
		schema: { anyOf: [whole, listOf(relation, ['associationId'])] },
		help: 'relations of each association at the start',
	},
	faults: {
		default: [],
		schema: listOf(fault, ['kind']),
		help: 'failures: rules as in faults.ts',
	},
	notFoundStatus: {
		default: 404,
		schema: oneOf(404, 400),
		help: 'status of the response to an unknown ID: 404 or 400',
	},
	missingKey: {
		default: 404,
		schema: oneOf(404, 400, '{}', 'null', '[]'),
		help: 'response to a look-up by a key that is unknown: a status, or a body with status 200',
	},
	deletion: {
		default: {},
		schema: {
			type: 'object',
			properties: Object.fromEntries(
				['deleted', 'notFound', 'systemDefined'].map((outcome) => [
					outcome,
					{
						type: 'object',
						properties: { status: { type: 'integer' }, body: {} },
						required: ['status'],
					},
				]),
			),
			additionalProperties: false,
		},
		help: 'other responses to the deletion of an association, {status, body} by outcome: deleted, notFound, systemDefined',
	},
	objectOrder: {
		default: 'alphabetical',
		schema: oneOf('alphabetical', 'given'),
		help: 'order in which the objects of a created association are stored, by their keys',
	},
	labelsMove: {
		default: true,
		schema: flag,
		help: 'whether labels move with objects that are stored in another order',
	},
	ignoreAssociationIds: {
		default: false,
		schema: flag,
		help: 'ignore the filter associationIds',
	},
	ignoreSearchAfter: {
		default: false,
		schema: flag,
		help: 'ignore searchAfter where records are listed',
	},
	maximumLimit: {
		default: 0,
		schema: whole,
		help: 'highest limit of a page; 0 means none',
	},
	traceId: { default: true, schema: flag, help: 'name the request in each response' },
	listShape: {
		default: 'wrapped',
		schema: oneOf('wrapped', 'array', 'singleWrapped', 'single'),
		help: 'shape of lists: {associations: [...]}, [...], {association: {...}} or the first thing alone',
	},
	seed: { default: 1, schema: { type: 'integer' }, help: 'seed of everything random' },
};

/** The settings of a simulator that was started without any. */
export const defaults = Object.fromEntries(
	Object.entries(knobs).map(([key, knob]) => [key, knob.default]),
) as unknown as Settings;

const isRegex = (value: string): boolean => {
	try {
		return new RegExp(value) instanceof RegExp;
	} catch {
		return false;
	}
};

const validate = new Ajv({ allowUnionTypes: true, formats: { regex: isRegex } }).compile({
	type: 'object',
	properties: Object.fromEntries(Object.entries(knobs).map(([key, knob]) => [key, knob.schema])),
	additionalProperties: false,
});

/** Says in one sentence what is wrong with a set of settings; undefined where they are valid. */
export function validationMessage(settings: unknown): string | undefined {
	if (validate(settings)) return undefined;
	const { keyword, instancePath, params, message } = validate.errors![0]!;
	if (keyword === 'additionalProperties' && instancePath === '') {
		return `There is no setting "${params.additionalProperty}".`;
	}
	if (instancePath === '') return 'The settings must be an object.';
	const allowed = keyword === 'enum' ? `: ${params.allowedValues.join(', ')}` : '';
	return `${instancePath.slice(1)} ${message}${allowed}.`;
}
