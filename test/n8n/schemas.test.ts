import { HIGHLEVEL } from './harness/workflow';
import { useN8n } from './harness/useN8n';

const n8n = useN8n();

/** Asks for the fields of an operation as the editor does before the node has run. */
const fetchSchema = async (operation: string) =>
	await fetch(`${n8n.client.url}/schemas/${HIGHLEVEL}/1.0.0/association/${operation}.json`);

test('n8n serves the fields of an operation, and none of one that is not there', async () => {
	const response = await fetchSchema('delete');
	expect(response.status).toBe(200);
	// The editor takes nothing for a schema that has no type and no properties.
	expect(await response.json()).toMatchObject({
		type: 'object',
		properties: { id: { type: 'string' } },
	});
	expect((await fetchSchema('undo')).status).toBe(404);
});
