import { createTriggers, type Response } from './triggers';
import { until, type N8nClient } from './n8nClient';
import { node } from './workflow';

/** The names of the nodes of `publishEachOnce`. */
export const ONCE = { trigger: 'Trigger', once: 'Each delivery once' };

/**
 * Publishes a workflow of the trigger and n8n's Remove Duplicates, as the example for a CRM event has it. `send` sends
 * it a body, signed, by any process of that n8n.
 */
export async function publishEachOnce(client: N8nClient) {
	const triggers = createTriggers({ client });
	const once = node(ONCE.once, 'n8n-nodes-base.removeDuplicates', 2, {
		operation: 'removeItemsSeenInPreviousExecutions',
		dedupeValue: '={{ $json.delivery.id }}',
		options: {},
	});
	const published = await triggers.publish({}, [once]);
	const send = async (process: { url: string }, body: string): Promise<Response> =>
		// Each process takes note of a webhook some time after its workflow is published.
		await until('the webhook', async () => {
			const response = await triggers.send(published, body, {}, process);
			return response.status !== 404 && response;
		});
	return { workflowId: published.workflowId, send };
}
