import { NodeOperationError, type IExecuteSingleFunctions } from 'n8n-workflow';

/** What stands at the place of an ID in HighLevel's own routes: as an ID it could reach another endpoint. */
const ROUTE_WORDS = ['relations', 'key', 'objectkey'];

/** What an expression leaves behind when it finds nothing. */
const LEFTOVERS = ['undefined', 'null', 'nan', '[object object]'];

const LONGEST = 200;

/** A parameter's value as the item has it, whatever its type. */
export interface Value {
	name: string;
	value: unknown;
}

/**
 * Reads a parameter of an item: text is trimmed, and a resource locator gives its value and its mode. One that names
 * an association by key is read as `associationKey`.
 */
export function valueOf(context: IExecuteSingleFunctions, name: string): Value {
	const parameter = context.getNodeParameter(name, undefined) as unknown;
	const locator = parameter as
		| { __rl?: boolean; mode?: string; value?: unknown }
		| null
		| undefined;
	const isLocator = typeof parameter === 'object' && locator?.__rl === true;
	const value = isLocator ? locator.value : parameter;
	const isByKey = isLocator && locator.mode === 'key';
	return {
		name: isByKey ? 'associationKey' : name,
		value: typeof value === 'string' ? value.trim() : value,
	};
}

/** A value as text that is fit for a message: of bearable length, and readable whatever its type. */
export function shown(value: unknown): string {
	return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, LONGEST);
}

/** The error of a value that can't be sent; undefined if it can. All but labels may come to stand in a path. */
export function flawOf(
	context: IExecuteSingleFunctions,
	{ name, value }: Value,
): NodeOperationError | undefined {
	const isLabel = name.endsWith('Label');
	const reason = reasonAgainst(value, isLabel);
	if (reason === undefined) return undefined;
	const label = labelOf(name);
	const example = name.endsWith('Id')
		? ' as HighLevel gives it, e.g. 6d6f6e676f5f6576656e7473'
		: '';
	return new NodeOperationError(context.getNode(), `${label} ${reason}`, {
		itemIndex: context.getItemIndex(),
		description: `Nothing was sent for this item. Enter the ${label}${example}, or an expression that results in it for every item.`,
	});
}

/** Why a value can't be sent, as the rest of a sentence. HighLevel promises no format of IDs. */
function reasonAgainst(value: unknown, isLabel: boolean): string | undefined {
	if (value === undefined) return 'is missing';
	if (value === null) return 'is null';
	if (Array.isArray(value)) return 'must be text, but is a list';
	if (typeof value === 'object') return 'must be text, but is a data object';
	if (typeof value !== 'string') return `must be text, but is a ${typeof value}`;
	if (value === '') return 'is empty';
	if (LEFTOVERS.includes(value.toLowerCase()))
		return `is the word '${value}': its expression found nothing`;
	if (isLabel) return undefined;
	if (value === '.' || value === '..') return `can't be '${value}'`;
	if (ROUTE_WORDS.includes(value.toLowerCase()))
		return `can't be '${value}', a part of HighLevel's own addresses`;
	if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(value))
		return 'holds an invisible character, such as a line break';
	if (value.length > LONGEST)
		return `has ${value.length} characters; it can have ${LONGEST} at most`;
	return undefined;
}

/** `associationId` → `Association ID`, `firstObjectKey` → `First Object Key`. */
function labelOf(parameter: string): string {
	const words = parameter.replace(/([A-Z])/g, ' $1').replace(/\bId\b/, 'ID');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
