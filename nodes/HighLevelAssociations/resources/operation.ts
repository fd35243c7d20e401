import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { createRouting, type Performance } from '../run/perform';
import { commonOptions } from './options';

type Condition = NonNullable<IDisplayOptions['show']>;

/** A field that an operation has only under a condition on its other fields. */
interface Conditional {
	field: INodeProperties;
	condition: Condition;
}

type Field = INodeProperties | Conditional;

/** One operation, whole: its entry in the Operation menu, the request it makes, and its fields. */
export interface Operation extends Omit<Performance, 'labels'> {
	entry: INodePropertyOptions;
	/** In the panel's order. A field that other operations have too is the same object in all of them. */
	fields?: Field[];
	/** What it has under Filters and Options, besides what all operations have there. */
	filters?: INodeProperties[];
	options?: INodeProperties[];
}

/** A resource: its value, its operations, and which of them is chosen at first. */
export interface Resource {
	value: string;
	operations: Operation[];
	defaultOperation: string;
}

/** Fields that an operation has only under a condition, such as `{ deleteBy: ['id'] }`. */
export const when = (condition: Condition, ...fields: INodeProperties[]): Field[] =>
	fields.map((field) => ({ field, condition }));

/**
 * The properties of all resources: the Operation menus, then each field, shown for the operations that have it. For each
 * item n8n evaluates a parameter several times for every property of its name, shown or not: so each field is one property.
 */
export function createProperties(resources: Resource[]): INodeProperties[] {
	const all = resources.flatMap(({ operations }) => operations);
	const fields = order(all.map(({ fields: own = [] }) => own.map(toProperty)));
	const filters = unique(all.flatMap((operation) => operation.filters ?? []));
	const options = unique(all.flatMap((operation) => operation.options ?? []));
	return [
		...resources.map(createMenu),
		...fields.flatMap((field) => showField(field, resources)),
		{
			...collection(
				'Filters',
				'Add filter',
				filters.flatMap((filter) => showEntry(filter, resources, (own) => own.filters)),
			),
			displayOptions: { show: { operation: ['getMany'] }, hide: { listBy: ['association'] } },
		},
		collection('Options', 'Add option', [
			...options.flatMap((option) => showEntry(option, resources, (own) => own.options)),
			...commonOptions,
		]),
	];
}

function createMenu({ value, operations, defaultOperation }: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map(
			({ entry, fields = [], filters = [], options = [], ...performance }) => {
				const own = [...fields.map(toProperty), ...filters, ...options, ...commonOptions];
				const labels = Object.fromEntries(own.map(({ name, displayName }) => [name, displayName]));
				return { ...entry, routing: createRouting({ ...performance, labels }) };
			},
		),
		default: defaultOperation,
	};
}

function collection(
	displayName: string,
	placeholder: string,
	options: INodeProperties[],
): INodeProperties {
	return {
		displayName,
		name: displayName.toLowerCase(),
		type: 'collection',
		default: {},
		placeholder,
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/**
 * A field as one property, whatever the conditions under which operations have it. Where there are several, a hidden
 * property for each, all of one name, is there if the condition holds, and the field is shown where it finds one. They
 * have one value only: n8n's editor keeps the value of a parameter when another operation is chosen.
 */
function showField(field: INodeProperties, resources: Resource[]): INodeProperties[] {
	const conditions = findConditions(field, resources, ({ fields }) => fields);
	if (conditions.length === 1) return [show(field, conditions[0]!)];
	const name = `${field.name}Shown`;
	return [
		...conditions.map((condition) =>
			show({ displayName: 'Shown', name, type: 'hidden', default: true }, condition),
		),
		show(field, { [name]: [true] }),
	];
}

/** An entry of Filters or Options, shown for the operations that have it. */
const showEntry = (
	entry: INodeProperties,
	resources: Resource[],
	read: (operation: Operation) => Field[] | undefined,
): INodeProperties[] =>
	findConditions(entry, resources, read, '/').map((condition) => show(entry, condition));

/** The conditions under which operations have a field, as few as can be. */
function findConditions(
	field: INodeProperties,
	resources: Resource[],
	read: (operation: Operation) => Field[] | undefined,
	root = '',
): Condition[] {
	const [resource, operation] = [`${root}resource`, `${root}operation`];
	const conditions = resources.flatMap(({ value, operations }) =>
		operations.flatMap((own): Condition[] => {
			const had = read(own)?.find((one) => toProperty(one) === field);
			if (!had) return [];
			const more = 'condition' in had ? had.condition : {};
			return [{ [resource]: [value], [operation]: [own.entry.value], ...more }];
		}),
	);
	return merge(merge(conditions, operation), resource);
}

/** One condition for all that differ only in the values of one parameter. */
function merge(conditions: Condition[], parameter: string): Condition[] {
	const merged = new Map<string, Condition>();
	for (const condition of conditions) {
		const { [parameter]: values = [], ...rest } = condition;
		const known = merged.get(JSON.stringify(rest))?.[parameter] ?? [];
		merged.set(JSON.stringify(rest), { ...condition, [parameter]: [...known, ...values] });
	}
	return [...merged.values()];
}

const toProperty = (field: Field): INodeProperties => ('condition' in field ? field.field : field);

const show = (field: INodeProperties, condition: Condition): INodeProperties => ({
	...field,
	displayOptions: {
		...field.displayOptions,
		show: { ...condition, ...field.displayOptions?.show },
	},
});

/** All values of some lists, once each and in the order of all of these lists. */
function order<Value>(lists: Value[][]): Value[] {
	const left = lists.map((list) => [...list]);
	const ordered: Value[] = [];
	const isNext = (value: Value) => left.every((list) => list.indexOf(value) <= 0);
	for (;;) {
		const firsts = left.flatMap((list) => list.slice(0, 1));
		const next = firsts.find(isNext);
		if (next === undefined) return ordered;
		ordered.push(next);
		for (const list of left) if (list[0] === next) list.shift();
	}
}

const unique = <Value>(values: Value[]): Value[] => [...new Set(values)];
