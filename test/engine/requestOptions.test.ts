import { DirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodeType,
} from 'n8n-workflow';

import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node';
import { HighLevelAssociationsTrigger } from '../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node';

const node: INodeType = new HighLevelAssociations();
DirectoryLoader.applyDeclarativeNodeOptionParameters(node);
const { description } = node;

/** What n8n makes of stored parameters: for a run and its editor with defaults, to store them without. */
const read = (stored: INodeParameters, withDefaults: boolean) =>
	NodeHelpers.getNodeParameters(
		// As the editor gets them.
		JSON.parse(JSON.stringify(description.properties)) as typeof description.properties,
		stored,
		withDefaults,
		false,
		null,
		description,
	)!.requestOptions;

const batching = (batch: INodeParameters) => ({ batching: { batch } });
const ours = batching({ batchSize: 25, batchInterval: 1 });

test.each([
	['nothing is stored', undefined, ours],
	['the default is stored', ours, ours],
	['it was removed', {}, {}],
	['there are other options', { timeout: 5_000 }, { timeout: 5_000 }],
	['a batch is as n8n suggests', batching({}), batching({ batchSize: 50, batchInterval: 1_000 })],
	[
		'a batch has its own size',
		batching({ batchSize: 25 }),
		batching({ batchSize: 25, batchInterval: 1_000 }),
	],
	[
		'a batch has its own interval',
		batching({ batchInterval: 1 }),
		batching({ batchSize: 50, batchInterval: 1 }),
	],
	[
		'a batch has both, and there are other options',
		{ ...batching({ batchSize: 3, batchInterval: 9 }), timeout: 5_000 },
		{ ...batching({ batchSize: 3, batchInterval: 9 }), timeout: 5_000 },
	],
])('items are handed over in batches: %s', (_, stored, expected) => {
	const parameters = stored === undefined ? {} : { requestOptions: stored };
	expect(read(parameters, true)).toEqual(expected);
	// What the editor stores gives the same again.
	const again = read({ requestOptions: expected }, false);
	expect(read(again === undefined ? {} : { requestOptions: again }, true)).toEqual(expected);
});

test('shows fields by fields beside them or by a path from the root, as n8n up to 2.30 resolves no other', () => {
	const check = (properties: INodeProperties[]): void => {
		const names = properties.map(({ name }) => name);
		for (const { displayOptions = {}, options = [] } of properties) {
			for (const by of Object.values(displayOptions).flatMap(Object.keys)) {
				if (!/^[/@]/.test(by)) expect(names).toContain(by);
			}
			check(options.filter((option): option is INodeProperties => 'type' in option));
			for (const option of options) if ('values' in option) check(option.values);
		}
	};
	for (const type of [HighLevelAssociations, HighLevelAssociationsTrigger]) {
		check(new type().description.properties);
	}
});
