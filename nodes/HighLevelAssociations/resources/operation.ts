import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { createRouting, type Performance } from '../run/perform';

/** One operation, whole: its entry in the Operation menu, the request it makes, and its fields. */
export interface Operation extends Omit<Performance, 'labels'> {
	entry: INodePropertyOptions;
	/** In the panel's order. A field that other operations have too is the same object in all of them. */
	fields?: INodeProperties[];
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

/**
 * The properties of all resources: the Operation menus, then each field, shown for the operations that have it. For each
 * item n8n evaluates a parameter once for every property of its name, shown or not: so there are as few as can be.
 */
export function createProperties(
	resources: Resource[],
	commonOptions: INodeProperties[],
): INodeProperties[] {
	const all = resources.flatMap(({ operations }) => operations);
	const fields = order(all.map((operation) => operation.fields ?? []));
	const filters = unique(all.flatMap((operation) => operation.filters ?? []));
	const options = unique(all.flatMap((operation) => operation.options ?? []));
	return [
		...resources.map((resource) => createMenu(resource, commonOptions)),
		...fields.flatMap((field) => showFor(field, resources, ({ fields: own }) => own)),
		{
			...collection(
				'Filters',
				filters.flatMap((filter) => showFor(filter, resources, (own) => own.filters, '/')),
			),
			placeholder: 'Add filter',
			displayOptions: { show: { operation: ['getMany'] }, hide: { listBy: ['association'] } },
		},
		{
			...collection('Options', [
				...options.flatMap((option) => showFor(option, resources, (own) => own.options, '/')),
				...commonOptions,
			]),
			placeholder: 'Add option',
		},
	];
}

function createMenu(
	{ value, operations, defaultOperation }: Resource,
	commonOptions: INodeProperties[],
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map(
			({ entry, fields = [], filters = [], options = [], ...performance }) => ({
				...entry,
				routing: createRouting({
					...performance,
					labels: Object.fromEntries(
						[...fields, ...filters, ...options, ...commonOptions].map((field) => [
							field.name,
							field.displayName,
						]),
					),
				}),
			}),
		),
		default: defaultOperation,
	};
}

function collection(displayName: string, options: INodeProperties[]): INodeProperties {
	return {
		displayName,
		name: displayName.toLowerCase(),
		type: 'collection',
		default: {},
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/** A field shown for the operations that have it: once for all resources that have it for the same ones. */
function showFor(
	field: INodeProperties,
	resources: Resource[],
	read: (operation: Operation) => INodeProperties[] | undefined,
	root = '',
): INodeProperties[] {
	const shown = new Map<string, { resource: string[]; operation: string[] }>();
	for (const { value, operations } of resources) {
		const operation = operations
			.filter((own) => read(own)?.includes(field))
			.map(({ entry }) => entry.value as string);
		if (operation.length === 0) continue;
		const known = shown.get(operation.join()) ?? { resource: [], operation };
		known.resource.push(value);
		shown.set(operation.join(), known);
	}
	return [...shown.values()].map(({ resource, operation }) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: {
				[`${root}resource`]: resource,
				[`${root}operation`]: operation,
				...field.displayOptions?.show,
			},
		},
	}));
}

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
