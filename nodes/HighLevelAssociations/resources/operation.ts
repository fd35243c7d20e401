import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** One operation, whole: its entry in the Operation menu, with the request it makes, and its fields in order. */
export interface Operation {
	entry: INodePropertyOptions;
	/** A field that other operations of the resource have too is the same object in all of them. */
	fields: INodeProperties[];
}

/** The properties of a resource: the Operation menu, then all fields, each shown for the operations that have it. */
export function resource(
	name: string,
	operations: Operation[],
	defaultOperation: string,
): INodeProperties[] {
	const fields = [...new Set(operations.flatMap((operation) => operation.fields))];
	const operationsWith = (field: INodeProperties) =>
		operations
			.filter((operation) => operation.fields.includes(field))
			.map(({ entry }) => entry.value as string);
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [name] } },
			options: operations.map(({ entry }) => entry),
			default: defaultOperation,
		},
		...fields.map((field) => ({
			...field,
			displayOptions: {
				show: { resource: [name], operation: operationsWith(field), ...field.displayOptions?.show },
			},
		})),
	];
}
