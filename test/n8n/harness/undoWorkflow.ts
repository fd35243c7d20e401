import type { INode } from 'n8n-workflow';

import { describeAssociation } from '../../simulator/describeAssociation';
import type { StateReport } from '../../simulator/start';
import { HIGHLEVEL, locate, node } from './workflow';

/** The names of the nodes of `createUndoNodes`. */
export const UNDO = { trigger: 'Trigger', backUp: 'Back up', delete: 'Delete', restore: 'Restore' };

/** An association of which all relations are of seeded records, and its smaller object. */
export const SEEDED = { key: 'student_teacher', object: 'custom_objects.students' };

/** Nodes that, one after the other, back an association up, delete it and restore it. */
export function createUndoNodes(credentials: INode['credentials']): INode[] {
	const step = (name: string, parameters: INode['parameters']) =>
		node(name, HIGHLEVEL, 1, parameters, { credentials });
	return [
		node(UNDO.trigger, 'n8n-nodes-base.manualTrigger', 1),
		step(UNDO.backUp, { operation: 'backUp', associationId: locate('key', SEEDED.key) }),
		step(UNDO.delete, { associationId: locate('id', '={{ $json.association.id }}') }),
		step(UNDO.restore, {
			operation: 'restore',
			backup: `={{ $('${UNDO.backUp}').item.json }}`,
		}),
	];
}

/** A simulator's settings for that association: so many records of its two objects, and relations between them. */
export const seedUndo = (contacts: number, records: number, relations: number) => ({
	associations: [{ key: SEEDED.key }],
	system: 0,
	records: { contact: contacts, [SEEDED.object]: records },
	relations,
});

/** The records that are related under that association, with its objects and labels. */
export const describeSeeded = (state: StateReport) => describeAssociation(state, SEEDED.key);
