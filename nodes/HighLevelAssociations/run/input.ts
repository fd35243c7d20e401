import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';

import type { HighLevelRequest } from '../transport/client';

/**
 * A request as an operation states it: `{parameter}` in its URL, query and body stands for the item's parameter of that
 * name, and `{locationId}` for the location of the option or else of the credential. (An expression would say the same,
 * but n8n takes milliseconds to evaluate one.)
 */
export interface Template extends Pick<HighLevelRequest, 'method' | 'url' | 'isRead'> {
	qs?: IDataObject;
	body?: IDataObject;
}

const PLACEHOLDER = /\{(\w+)\}/g;

/** The parameters that a request needs, by the names of its placeholders. */
export function listParameters({ url, qs, body }: Template): string[] {
	const placeholders = JSON.stringify([url, qs, body]).matchAll(PLACEHOLDER);
	return [...new Set([...placeholders].map(([, name]) => name!))];
}

/** Replaces a request's placeholders; in the URL each becomes one percent-encoded segment. */
export function fillTemplate(
	{ url, qs, body, ...template }: Template,
	values: Record<string, string>,
): HighLevelRequest {
	return {
		...template,
		url: url.replace(PLACEHOLDER, (_, name: string) => encodeURIComponent(values[name]!)),
		...(qs && { qs: fillFields(qs, values) }),
		...(body && { body: fillFields(body, values) }),
	};
}

function fillFields(fields: IDataObject, values: Record<string, string>): IDataObject {
	const fill = (value: IDataObject[string]) => {
		const [, name] = (typeof value === 'string' && /^\{(\w+)\}$/.exec(value)) || [];
		return name === undefined ? value : values[name];
	};
	return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fill(value)]));
}

/** A value that an item has for a parameter, whatever its type; text is trimmed. */
export interface Input {
	/** The parameter, or `associationKey` where a resource locator names an association by key. */
	name: string;
	value: unknown;
}

/** Reads a parameter of an item; a resource locator gives its value and its mode. */
export function readInput(context: IExecuteSingleFunctions, name: string): Input {
	const parameter: unknown = context.getNodeParameter(name, undefined);
	const isByKey = name === 'associationId' && isLocator(parameter) && parameter.mode === 'key';
	return { name: isByKey ? 'associationKey' : name, value: trim(readValue(parameter)) };
}

/** The value of a resource locator, or the value itself. */
export function readValue(value: unknown): unknown {
	return isLocator(value) ? value.value : value;
}

const isLocator = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && '__rl' in value && value.__rl === true;

export const trim = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** A value as text for a message: readable whatever its type, and truncated. */
export function format(value: unknown): string {
	return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, MAX_LENGTH);
}

const MAX_LENGTH = 200;

/** Path segments of HighLevel's own routes: as an ID one of them could reach another endpoint. */
const RESERVED = ['relations', 'key', 'objectkey'];

/** What an expression that finds nothing leaves in a text. */
const EMPTY_RESULTS = ['undefined', 'null', 'nan', '[object object]'];

/**
 * Why a value can't be sent, as the rest of a sentence; undefined if it can. HighLevel promises no format of IDs. All
 * but labels may become part of a path.
 */
export function findProblem({ name, value }: Input): string | undefined {
	if (value === undefined) return 'is missing';
	if (value === null) return 'is null';
	if (typeof value !== 'string') return `must be a string, not ${describeType(value)}`;
	if (value === '') return 'is empty';
	if (EMPTY_RESULTS.includes(value.toLowerCase())) {
		return `is '${value}': the expression returned nothing`;
	}
	if (name.endsWith('Label')) return undefined;
	if (value.includes('{{')) return 'still contains an expression: switch the field to Expression';
	if (value === '.' || value === '..') return `can't be '${value}'`;
	if (RESERVED.includes(value.toLowerCase()))
		return `can't be '${value}': HighLevel's API reserves it`;
	if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(value))
		return 'contains an invisible character, such as a line break';
	if (value.length > MAX_LENGTH)
		return `has ${value.length} characters; the maximum is ${MAX_LENGTH}`;
	return undefined;
}

function describeType(value: unknown): string {
	if (Array.isArray(value)) return 'an array';
	return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
