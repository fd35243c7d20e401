import type { INode } from 'n8n-workflow';

import { chain, HIGHLEVEL, locate, node, to, type WorkflowFile } from './workflow';

/** The names of the nodes of `deleteWorkflow`. */
export const NODES = { trigger: 'Trigger', delete: 'Delete association', failed: 'Failed' };

/** What a workflow deletes and how. */
interface DeleteSettings {
	/** The association IDs, an item for each. */
	ids: unknown[];
	credentials: INode['credentials'];
	/** Settings of the node that deletes, such as `onError`. */
	settings?: Partial<INode>;
}

/** A trigger, one item for each ID, the node that deletes, and what follows its error output. */
export function deleteWorkflow({ ids, credentials, settings }: DeleteSettings): WorkflowFile {
	const jsonOutput = JSON.stringify({ id: ids });
	const associationId = locate('id', '={{ $json.id }}');
	const deleting = [
		node(NODES.trigger, 'n8n-nodes-base.manualTrigger', 1),
		node('IDs', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput }),
		node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'id' }),
		node(NODES.delete, HIGHLEVEL, 1, { associationId }, { credentials, ...settings }),
	];
	return {
		name: 'Delete associations',
		nodes: [...deleting, node(NODES.failed, 'n8n-nodes-base.noOp', 1)],
		connections: { ...chain(...deleting), [NODES.delete]: { main: [[], [to(NODES.failed)]] } },
	};
}
