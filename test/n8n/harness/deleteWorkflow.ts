import type { INode, NodeParameterValueType } from 'n8n-workflow';

import type { WorkflowFile } from './workflow';

/** The names of the nodes of `deleteWorkflow`. */
export const NODES = { trigger: 'Trigger', delete: 'Delete association', failed: 'Failed' };

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INode['parameters'],
	column: number,
): INode => ({
	id: name,
	name,
	type,
	typeVersion,
	parameters,
	position: [column * 200, 0],
});

const TRIGGERS = {
	manual: node(NODES.trigger, 'n8n-nodes-base.manualTrigger', 1, {}, 0),
	schedule: node(
		NODES.trigger,
		'n8n-nodes-base.scheduleTrigger',
		1.2,
		{ rule: { interval: [{ field: 'seconds', secondsInterval: 10 }] } },
		0,
	),
};

/** What a workflow deletes and how. */
interface DeleteSettings {
	/** The association IDs, an item for each. */
	ids: unknown[];
	/** `manual` unless told; `schedule` fires every ten seconds. */
	trigger?: keyof typeof TRIGGERS;
	credentials: INode['credentials'];
	/** Settings of the node that deletes, such as `onError`. */
	settings?: Partial<INode>;
}

/** A trigger, one item for each ID, the node that deletes, and what follows its error output. */
export function deleteWorkflow({
	ids,
	trigger = 'manual',
	credentials,
	settings,
}: DeleteSettings): WorkflowFile {
	const jsonOutput = JSON.stringify({ id: ids });
	const associationId: NodeParameterValueType = {
		__rl: true,
		mode: 'id',
		value: '={{ $json.id }}',
	};
	return {
		name: 'Delete associations',
		nodes: [
			TRIGGERS[trigger],
			node('IDs', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput }, 1),
			node('Items', 'n8n-nodes-base.splitOut', 1, { fieldToSplitOut: 'id' }, 2),
			{
				...node(
					NODES.delete,
					'n8n-nodes-highlevel-associations.highLevelAssociations',
					1,
					{ associationId },
					3,
				),
				credentials,
				...settings,
			},
			node(NODES.failed, 'n8n-nodes-base.noOp', 1, {}, 4),
		],
		connections: {
			[NODES.trigger]: { main: [[to('IDs')]] },
			IDs: { main: [[to('Items')]] },
			Items: { main: [[to(NODES.delete)]] },
			[NODES.delete]: { main: [[], [to(NODES.failed)]] },
		},
		settings: { executionOrder: 'v1' },
	};
}

const to = (name: string) => ({ node: name, type: 'main' as const, index: 0 });
