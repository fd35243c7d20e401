import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { readObject } from '../../transport/response';
import type { Operation } from '../operation';
import { associationId } from '../associationId';
import { text } from '../text';

const LABELS = ['firstObjectLabel', 'secondObjectLabel'];

const optional: Partial<INodeProperties> = {
	required: false,
	hint: 'Leave empty to keep the label as it is',
};

/** The labels to change. */
const readGiven = (item: Item) => LABELS.filter((name) => item.parameter(name, '') !== '');

function checkLabels(item: Item): void {
	const given = readGiven(item);
	for (const name of given) item.set(name, item.parameter(name));
	if (given.length === 0) {
		throw item.reject(
			'Both labels are empty',
			'Enter the label to change. Nothing was sent for this item.',
		);
	}
}

/**
 * HighLevel needs both labels: one that is to stay as it is gets read first. Items of the same association take turns,
 * so that each keeps what the one before has changed.
 */
const updateLabels: Work = async (item, request) => {
	const given = readGiven(item);
	const updated = await item.inTurn<IDataObject>(async (latest, isFirst) => {
		// One before may have changed it, although it failed.
		const read = async () => latest ?? (await item.readAssociation({ isAnew: !isFirst }));
		const known = given.length < LABELS.length ? await read() : {};
		for (const name of LABELS) if (!given.includes(name)) item.set(name, known[name]);
		const response = readObject(await item.ask(request));
		item.addChange(item.ids.associationId!);
		return { ...Object.fromEntries(LABELS.map((name) => [name, item.value(name)])), ...response };
	});
	return [updated];
};

/** https://marketplace.gohighlevel.com/docs/ghl/associations/update-association */
export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update labels of association',
		description: 'Change one or both labels of an association',
	},
	verb: 'updated',
	request: {
		method: 'PUT',
		url: '/associations/{associationId}',
		body: {
			firstObjectLabel: '{firstObjectLabel}',
			secondObjectLabel: '{secondObjectLabel}',
		},
	},
	parameters: ['associationId'],
	check: checkLabels,
	work: updateLabels,
	fields: [
		associationId,
		text('First Object Label', 'firstObjectLabel', 'e.g. Student', optional),
		text('Second Object Label', 'secondObjectLabel', 'e.g. Teacher', optional),
	],
};
