import { NodeOperationError, type IExecuteSingleFunctions } from 'n8n-workflow';

/** The IDs in a request's path by the names of their parameters, e.g. `{ associationId: '6d6f…' }`. */
export type Ids = Record<string, string>;

/** What stands at an ID's place in HighLevel's own routes: as an ID it could reach another endpoint. */
const ROUTE_WORDS = ['relations', 'key', 'objectkey'];

/** What an expression leaves behind when it finds nothing. */
const LEFTOVERS = ['undefined', 'null', 'nan', '[object object]'];

const LONGEST = 200;

/**
 * Fills the `{parameter}` parts of a path with the item's parameters of those names, each as one percent-encoded
 * segment. `flaw` is there if a value can't be an ID, and says why; the path must not be used then.
 */
export function fillPath(context: IExecuteSingleFunctions, template: string) {
	const ids: Ids = {};
	let flaw: NodeOperationError | undefined;
	const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => {
		const value = context.getNodeParameter(parameter, undefined, { extractValue: true }) as unknown;
		const id = typeof value === 'string' ? value.trim() : value;
		const reason = reasonAgainst(id);
		ids[parameter] = typeof id === 'string' ? id : (JSON.stringify(id) ?? '');
		if (reason === undefined) return encodeURIComponent(id as string);
		const label = labelOf(parameter);
		ids[parameter] = ids[parameter].slice(0, LONGEST);
		flaw = new NodeOperationError(context.getNode(), `${label} ${reason}`, {
			itemIndex: context.getItemIndex(),
			description: `Nothing was sent for this item. Enter the ${label} as HighLevel gives it, e.g. 6d6f6e676f5f6576656e7473, or an expression that results in it for every item.`,
		});
		return '';
	});
	return { path, ids, flaw };
}

/** Why a value can't be an ID, as the rest of a sentence; undefined if it can. HighLevel promises no format of IDs. */
function reasonAgainst(id: unknown): string | undefined {
	if (id === undefined) return 'is missing';
	if (id === null) return 'is null';
	if (Array.isArray(id)) return 'must be text, but is a list';
	if (typeof id !== 'string') return `must be text, but is a ${typeof id === 'object' ? 'data object' : typeof id}`;
	if (id === '') return 'is empty';
	if (id === '.' || id === '..') return `can't be '${id}'`;
	if (ROUTE_WORDS.includes(id.toLowerCase())) return `can't be '${id}', a part of HighLevel's own addresses`;
	if (LEFTOVERS.includes(id.toLowerCase())) return `is the word '${id}': its expression found nothing`;
	if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(id)) return 'holds an invisible character, such as a line break';
	if (id.length > LONGEST) return `has ${id.length} characters; an ID has at most ${LONGEST}`;
	return undefined;
}

/** `associationId` → `Association ID`. */
function labelOf(parameter: string): string {
	const words = parameter.replace(/([A-Z])/g, ' $1').replace(/\bId\b/, 'ID');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
