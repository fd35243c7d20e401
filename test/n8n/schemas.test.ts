import type { INodePropertyOptions } from 'n8n-workflow';

import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node';
import { useN8n } from './harness/useN8n';

const n8n = useN8n({ pages: true });

/** Every operation of the node, by its resource. */
const operations = new HighLevelAssociations().description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options, displayOptions }) =>
		(options as INodePropertyOptions[]).map(({ value }) => [
			String(displayOptions?.show?.resource?.[0]),
			String(value),
		]),
	);

/** Asks for the fields of an operation as the editor does before the node has run. */
const schemaOf = async (resource: string, operation: string) =>
	await fetch(
		`${n8n.editor.url}/schemas/n8n-nodes-highlevel-associations.highLevelAssociations/1.0.0/${resource}/${operation}.json`,
	);

test.each(operations)('n8n serves the fields of %s %s', async (resource = '', operation = '') => {
	const response = await schemaOf(resource, operation);
	expect(response.status).toBe(200);
	// The editor takes nothing for a schema that has no type and no properties.
	expect(await response.json()).toMatchObject({
		type: 'object',
		properties: { id: { type: 'string' } },
	});
});

test('n8n serves none for an operation that is not there', async () => {
	expect((await schemaOf('association', 'undo')).status).toBe(404);
});
