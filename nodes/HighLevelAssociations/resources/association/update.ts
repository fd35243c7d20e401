import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { delivery, type Work } from '../../delivery/deliver';
import type { Operation } from '../operation';
import { options } from '../options';
import { associationId } from './associationId';

const LABELS = ['firstObjectLabel', 'secondObjectLabel'];

const label = (displayName: string, name: string, placeholder: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	placeholder,
	description: 'Leave empty to keep the label as it is',
});

/** HighLevel demands both labels: one that is to stay as it is gets read first. */
const updateLabels: Work = async (item, request) => {
	const given = LABELS.filter((name) => item.parameter(name, '') !== '');
	if (given.length === 0) {
		throw item.refusal(
			'Both labels are empty',
			'Nothing was sent for this item. Enter the label that is to change.',
		);
	}
	const known = given.length < LABELS.length ? await item.association() : {};
	for (const name of LABELS)
		item.put(name, given.includes(name) ? item.parameter(name) : known[name]);
	const body = Object.fromEntries(LABELS.map((name) => [name, `{${name}}`]));
	return [(await item.ask({ ...request, body })) as IDataObject];
};

/** https://marketplace.gohighlevel.com/docs/ghl/associations/update-association */
export const update: Operation = {
	entry: {
		name: 'Update',
		value: 'update',
		action: 'Update labels of association',
		description: 'Change one or both labels of an association',
		routing: {
			request: { method: 'PUT', url: '/associations/{associationId}' },
			...delivery(updateLabels),
		},
	},
	fields: [
		associationId,
		label('First Object Label', 'firstObjectLabel', 'e.g. Student'),
		label('Second Object Label', 'secondObjectLabel', 'e.g. Teacher'),
		options(),
	],
};
