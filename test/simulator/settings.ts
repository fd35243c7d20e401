import Ajv from 'ajv';

import { agencyScopes, associationFields, relationFields, scopes } from './contract';
import type { Schema, Scope } from './contract';
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
	deletion: Partial<Record<'deleted' | 'systemDefined', Response>>;
	objectOrder: 'alphabetical' | 'given';
	labelsMove: boolean;
	ignoreAssociationIds: boolean;
	ignoreSearchAfter: boolean;
	maximumLimit: number;
	traceId: boolean;
	listShape: 'wrapped' | 'array' | 'single';
	seed: number;
}

/** One knob: its default, what it accepts, and its line of help. */
export type Knob = [standard: unknown, schema: Schema, help: string];

const whole: Schema = { type: 'integer', minimum: 0 };
const amount: Schema = { type: 'number', minimum: 0 };
const flag: Schema = { type: 'boolean' };
const name: Schema = { type: 'string', minLength: 1 };
const oneOf = (...values: Array<string | number>): Schema => ({ enum: values });
const listOf = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
	type: 'array',
	items: { type: 'object', properties, required, additionalProperties: false },
});
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
	port: [0, { ...whole, maximum: 65535 }, 'port on 127.0.0.1; 0 takes a free one'],
	limit: [100, whole, 'requests a window and token; 0 means no limit'],
	window: [10_000, { type: 'integer', minimum: 1 }, 'length of the window in ms'],
	windowKind: ['sliding', oneOf('sliding', 'fixed'), 'sliding or fixed'],
	daily: [200_000, whole, 'requests a day and token; 0 means none is left'],
	foreign: [0, amount, 'requests a second by others that use up the same limit'],
	announce: [true, flag, 'send the X-RateLimit headers'],
	retryAfter: [
		'none',
		oneOf('none', 'seconds', 'date'),
		'Retry-After on 429: none, seconds or date',
	],
	latency: [0, amount, 'ms before each response'],
	location: ['ve9EPM428h8vShlRW1KT', name, 'ID of the location'],
	tokens: [
		[{ name: 'pit-demo', scopes: [...scopes] }],
		listOf(
			{
				name,
				scopes: { type: 'array', items: oneOf(...scopes, ...agencyScopes) },
				location: name,
				agency: oneOf('authClass', 'userType', 'scope'),
			},
			['name', 'scopes'],
		),
		"the tokens that are accepted: name, scopes, their location if it is another, and agency for an agency's",
	],
	tokenLifetime: [86_399, amount, 'seconds an OAuth access token lives'],
	privateApp: [false, flag, 'the OAuth app is private: signing in needs its version_id'],
	userType: [
		'Location',
		oneOf('Location', 'Company'),
		'whose token an OAuth sign-in gives, whatever user_type asks for',
	],
	locations: [
		[],
		{ type: 'array', items: name },
		'IDs of more locations of the agency in which the app is installed',
	],
	associations: [
		3,
		{ anyOf: [whole, listOf(associationFields)] },
		'USER_DEFINED associations at the start',
	],
	system: [1, whole, 'SYSTEM_DEFINED associations at the start'],
	builtIn: [
		false,
		flag,
		"HighLevel's own associations of live accounts, two of them USER_DEFINED, as well",
	],
	records: [
		{},
		{
			type: 'object',
			additionalProperties: { anyOf: [whole, { type: 'array', items: name }] },
		},
		'records at the start by object key: how many, or their IDs; relations are then of them; an object without has those that are related',
	],
	recordChanges: [
		[],
		listOf(
			{ object: name, afterPage: whole, add: whole, remove: whole, at: oneOf('start', 'end') },
			['object', 'afterPage'],
		),
		'records that come and go while pages are read: rules as in records.ts',
	],
	relations: [
		2,
		{ anyOf: [whole, listOf(relationFields, ['associationId'])] },
		'relations of each association at the start',
	],
	faults: [[], listOf(fault, ['kind']), 'failures: rules as in faults.ts'],
	notFoundStatus: [404, oneOf(404, 400), 'status of the response to an unknown ID: 404 or 400'],
	missingKey: [
		404,
		oneOf(404, 400, '{}', 'null', '[]'),
		'response to a look-up by a key that is unknown: a status, or a body with status 200',
	],
	deletion: [
		{},
		{
			type: 'object',
			properties: Object.fromEntries(
				['deleted', 'systemDefined'].map((outcome) => [
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
		'other responses to the deletion of an association, {status, body} by outcome: deleted, systemDefined',
	],
	objectOrder: [
		'alphabetical',
		oneOf('alphabetical', 'given'),
		'order in which the objects of a created association are stored, by their keys',
	],
	labelsMove: [true, flag, 'whether labels move with objects that are stored in another order'],
	ignoreAssociationIds: [false, flag, 'ignore the filter associationIds'],
	ignoreSearchAfter: [false, flag, 'ignore searchAfter where records are listed'],
	maximumLimit: [0, whole, 'highest limit of a page; 0 means none'],
	traceId: [true, flag, 'name the request in each response'],
	listShape: [
		'wrapped',
		oneOf('wrapped', 'array', 'single'),
		'shape of lists: {associations: [...]}, [...] or the first thing alone',
	],
	seed: [1, { type: 'integer' }, 'seed of everything random'],
};

/** The settings of a simulator that was started without any. */
export const defaults = Object.fromEntries(
	Object.entries(knobs).map(([key, [standard]]) => [key, standard]),
) as unknown as Settings;

/** Settings by which these tokens, and no others, are accepted, each with all scopes of a sub-account. */
export const accept = (...names: string[]): Pick<Settings, 'tokens'> => ({
	tokens: names.map((name) => ({ name, scopes: [...scopes] })),
});

const isRegex = (value: string): boolean => {
	try {
		return new RegExp(value) instanceof RegExp;
	} catch {
		return false;
	}
};

const validate = new Ajv({ allowUnionTypes: true, formats: { regex: isRegex } }).compile({
	type: 'object',
	properties: Object.fromEntries(Object.entries(knobs).map(([key, [, schema]]) => [key, schema])),
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
