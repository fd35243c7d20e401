import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { delivery, type Work } from '../../delivery/deliver';
import { Failure } from '../../delivery/failure';
import type { Item } from '../../delivery/item';
import type { Operation } from '../operation';
import { options } from '../options';
import { associationId } from './associationId';

const notice: INodeProperties = {
	displayName: 'All relations of the association are deleted too. This cannot be undone.',
	name: 'deleteNotice',
	type: 'notice',
	default: '',
};

const safety: INodeProperties[] = [
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: true,
		description: 'Whether to only say what would be deleted, and delete nothing',
	},
	{
		displayName: 'Expected Key',
		name: 'expectedKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. student_teacher',
		description:
			'The key that the association must have. It is read first, and not deleted if its key is another.',
	},
	{
		displayName: 'If Not Found',
		name: 'ifNotFound',
		type: 'options',
		options: [
			{ name: 'Fail', value: 'fail', description: 'The item fails, as after any other error' },
			{
				name: 'Succeed',
				value: 'succeed',
				description: 'The item succeeds with deleted: false, so that a workflow can be run again',
			},
		],
		default: 'fail',
		description: 'What to do about an association that does not exist, or no longer',
	},
];

/** Deletes one association; reads it before where that is asked for, or needed to learn its ID. */
const deleteSafely: Work = async (item, request) => {
	const isDryRun = 'dryRun' in item.options && String(item.options.dryRun) !== 'false';
	if (isDryRun || 'expectedKey' in item.options || item.isByKey) {
		const association = await item.association();
		refuseOther(item, association);
		if (isDryRun) return [preview(association)];
	}
	return [(await item.ask(request)) as IDataObject];
};

/** With If Not Found = Succeed, an association that is not there is what was wanted. */
const deleteIfThere: Work = async (item, request) => {
	const output = deleteSafely(item, request);
	if (item.options.ifNotFound !== 'succeed') return await output;
	return await output.catch((failure) => {
		if (!(failure instanceof Failure && failure.notFound)) throw failure;
		return [
			{
				deleted: false,
				id: Object.values(item.ids)[0],
				message: 'Not found, so there was nothing to delete',
			},
		];
	});
};

/**
 * https://marketplace.gohighlevel.com/docs/ghl/associations/delete-association
 * Answers `{ deleted: boolean, id: string, message: string }`.
 */
export const deleteOperation: Operation = {
	entry: {
		name: 'Delete',
		value: 'delete',
		action: 'Permanently delete association and all its relations',
		description: 'Delete an association and all of its relations. This cannot be undone.',
		routing: {
			request: { method: 'DELETE', url: '/associations/{associationId}' },
			...delivery(deleteIfThere),
		},
	},
	fields: [notice, associationId, options(safety)],
};

/** The messages alone must say that nothing was deleted: an AI agent is told no more of an error. */
function refuseOther(item: Item, { key, associationType }: IDataObject): void {
	const expected =
		'expectedKey' in item.options ? String(item.options.expectedKey ?? '').trim() : key;
	if (associationType === 'SYSTEM_DEFINED') {
		throw item.refusal(
			`Not deleted: '${key}' is a system-defined association`,
			'HighLevel lets nobody delete it.',
		);
	}
	if (expected === '') {
		throw item.refusal(
			'Not deleted: Expected Key is empty',
			'Enter the key, or remove the option.',
		);
	}
	if (expected !== key) {
		throw item.refusal(
			`Not deleted: the association's key is '${key}', not '${expected}'`,
			'Check its ID and the Expected Key.',
		);
	}
}

function preview(association: IDataObject): IDataObject {
	const { id, key, firstObjectLabel, secondObjectLabel } = association;
	const message = `Would delete '${key}' (${firstObjectLabel} ↔ ${secondObjectLabel}) and all of its relations`;
	return { deleted: false, dryRun: true, id, message, association };
}
