import { randomUUID } from 'node:crypto';

import { createSigner } from '../../simulator/webhooks';
import { until, type N8nClient } from './n8nClient';
import { chain, node } from './workflow';

/** The names of the nodes of `publishEachOnce`. */
export const ONCE = { trigger: 'Trigger', once: 'Each delivery once' };

const TRIGGER = 'n8n-nodes-highlevel-associations.highLevelAssociationsTrigger';

/**
 * Publishes a workflow of the trigger and n8n's Remove Duplicates, as the example for a CRM event has it. `send` sends
 * it a body, signed, by any process of that n8n, and gives what is answered.
 */
export async function publishEachOnce({ createWorkflow, activate }: N8nClient) {
	const signer = createSigner();
	const webhookId = randomUUID();
	const parameters = { events: ['AssociationDelete'], publicKey: signer.publicKey };
	const nodes = [
		node(ONCE.trigger, TRIGGER, 1, parameters, { webhookId }),
		node(ONCE.once, 'n8n-nodes-base.removeDuplicates', 2, {
			operation: 'removeItemsSeenInPreviousExecutions',
			dedupeValue: '={{ $json.delivery.id }}',
			options: {},
		}),
	];
	const workflow = { name: 'After an event', nodes, connections: chain(...nodes) };
	const workflowId = await createWorkflow(workflow);
	await activate(workflowId);

	const send = async ({ url }: { url: string }, body: string): Promise<string> => {
		const headers = {
			...{ 'content-type': 'application/json', connection: 'close' },
			'x-ghl-signature': signer.sign(body),
		};
		const target = `${url}/webhook/${webhookId}/webhook`;
		// Each process takes note of a webhook some time after its workflow is published.
		return await until('the webhook', async () => {
			const response = await fetch(target, { method: 'POST', headers, body });
			return response.status === 404 ? undefined : await response.text();
		});
	};
	return { workflowId, send };
}
