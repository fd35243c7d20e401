import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { ItemError, settle } from '../../run/errors';
import type { Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { isHighLevelsOwn, isSameKey } from '../../transport/association';
import type { Operation } from '../operation';
import { ifNotFound, isOn } from '../options';
import { readRelations } from '../relations';
import { orNotFound, remove } from '../remove';
import { associationId } from '../associationId';

const notice: INodeProperties = {
	displayName:
		"All relations of the association are deleted too. This cannot be undone. Run Back Up first to be able to restore it, or add the option 'Dry Run' to see what would go.",
	name: 'deleteNotice',
	type: 'notice',
	default: '',
	displayOptions: { hide: { '/options.dryRun': [true] } },
};

const toolNotice: INodeProperties = {
	displayName:
		"A model can name any association here. Set the option 'Expected Key' to the one it may delete.",
	name: 'toolNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '@tool': [true] } },
};

const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: true,
	description: 'Whether to report what would be deleted without deleting it',
};

const expectedKey: INodeProperties = {
	displayName: 'Expected Key',
	name: 'expectedKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. student_teacher',
	description:
		'Delete only if the association has this key. The node reads it first and stops if the key differs. Enter it yourself: a model that fills it in guards nothing.',
};

const countRelations: INodeProperties = {
	displayName: 'Count Relations',
	name: 'countRelations',
	type: 'boolean',
	default: true,
	displayOptions: { show: { dryRun: [true] } },
	description:
		"Whether the dry run counts the relations that would be deleted. Takes one request for each record of an object; n8n's log says how many before it starts.",
};

const ifRelated: INodeProperties = {
	displayName: 'If Related',
	name: 'ifRelated',
	type: 'options',
	options: [
		{ name: 'Delete', value: 'delete', description: 'Its relations are deleted with it' },
		{
			name: 'Refuse',
			value: 'refuse',
			description:
				'Nothing is deleted if there is any relation. Takes one request for each record of an object until one is found.',
		},
	],
	default: 'refuse',
	description: 'What to do if it has relations. Without this option, they are deleted with it.',
};

const isDryRun = ({ options }: Item) => isOn(options, 'dryRun', 'false');
const isCounting = (item: Item) => isDryRun(item) && isOn(item.options, 'countRelations', 'false');
const isRefusing = ({ options }: Item) => isOn(options, 'ifRelated', 'delete');
const isExpecting = ({ options }: Item) => 'expectedKey' in options;
const readExpected = ({ options }: Item) => String(options.expectedKey ?? '').trim();

/** Whether it is deleted unread. */
const isUnread = (item: Item) =>
	!isDryRun(item) && !isRefusing(item) && !isExpecting(item) && !item.isByKey;

async function checkItem(item: Item): Promise<void> {
	if (isExpecting(item) && readExpected(item) === '') {
		throw item.reject(
			"Not deleted: 'Expected Key' is empty",
			'Enter the key, or remove the option.',
		);
	}
	if (isUnread(item)) guard(item, { id: item.value('associationId') });
	if (isCounting(item) || isRefusing(item)) await item.findLocationId();
}

/** Deletes one association; reads it first where that is asked for, or needed to learn its ID. */
const deleteAssociation: Work = async (item, request) =>
	await orNotFound(item, async () => {
		if (isUnread(item)) return await remove(item, request);
		const association = await item.readAssociation();
		guard(item, association);
		const related =
			isCounting(item) || isRefusing(item)
				? await readRelated(item, association, isCounting(item) ? Infinity : 1)
				: undefined;
		if (isRefusing(item) && related!.relations.length > 0) {
			throw item.reject(
				`Not deleted: '${association.key}' has relations`,
				"Delete its relations first, or set the option 'If Related' to Delete.",
			);
		}
		if (isDryRun(item)) return preview(association, related?.relations.length);
		return { ...(await remove(item, request)), key: association.key };
	});

/** Its relations. What HighLevel does not find among them is not the association. */
async function readRelated(item: Item, association: IDataObject, limit: number) {
	const related = await settle(readRelations(item, association, limit));
	if (!(related instanceof ItemError)) return related;
	throw new ItemError(related.error, { ...related.failure, isNotFound: false });
}

/** The messages alone must say that nothing was deleted: an AI agent is told no more of an error. */
function guard(item: Item, association: IDataObject): void {
	const { id, associationType } = association;
	// An internal association may have no key.
	const key = association.key ?? id;
	const expected = readExpected(item);
	if (isExpecting(item) && !isSameKey(expected, key)) {
		throw item.reject(
			`Not deleted: the association's key is '${key}', not '${expected}'`,
			"Check the association and 'Expected Key'.",
		);
	}
	if (associationType === 'SYSTEM_DEFINED') {
		throw item.reject(
			`Not deleted: '${key}' is a system-defined association`,
			"HighLevel doesn't allow deleting it.",
		);
	}
	if (!isExpecting(item) && isHighLevelsOwn(association)) {
		throw item.reject(
			`Not deleted: '${key}' is one of HighLevel's own associations`,
			"To delete it all the same, set the option 'Expected Key' to its key.",
		);
	}
}

function preview(association: IDataObject, relations?: number): IDataObject {
	const { id, key, firstObjectLabel, secondObjectLabel } = association;
	const labels = firstObjectLabel ? ` (${firstObjectLabel} ↔ ${secondObjectLabel})` : '';
	const which = relations === undefined ? 'all of its relations' : `its ${relations} relations`;
	const message = `Would delete '${key ?? id}'${labels} and ${which}`;
	return {
		deleted: false,
		dryRun: true,
		id,
		message,
		association,
		...(relations !== undefined && { relations }),
	};
}

/**
 * https://marketplace.gohighlevel.com/docs/ghl/associations/delete-association
 * Answers `{ deleted: boolean, id: string, message: string }`.
 */
export const deleteOperation: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete association and its relations',
		description: 'Delete an association and all of its relations. This cannot be undone.',
	},
	verb: 'deleted',
	request: { method: 'DELETE', url: '/associations/{associationId}' },
	check: checkItem,
	work: deleteAssociation,
	fields: [notice, toolNotice, associationId],
	options: [dryRun, countRelations, expectedKey, ifNotFound, ifRelated],
};
