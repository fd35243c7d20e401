import type { INodeProperties } from 'n8n-workflow';

import { delivery } from '../../delivery/deliver';
import type { Operation } from '../operation';
import { options } from '../options';

const text = (
	displayName: string,
	name: string,
	placeholder: string,
	description: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	required: true,
	default: '',
	placeholder,
	description,
});

/** https://marketplace.gohighlevel.com/docs/ghl/associations/create-association */
export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create association',
		description:
			'Create an association between two kinds of records, such as contacts and a custom object',
		routing: {
			request: {
				method: 'POST',
				url: '/associations/',
				body: {
					locationId: '{locationId}',
					key: '{key}',
					firstObjectLabel: '{firstObjectLabel}',
					firstObjectKey: '{firstObjectKey}',
					secondObjectLabel: '{secondObjectLabel}',
					secondObjectKey: '{secondObjectKey}',
				},
			},
			...delivery(),
		},
	},
	fields: [
		text(
			'Key',
			'key',
			'e.g. student_teacher',
			'What names the association uniquely in the sub-account',
		),
		text(
			'First Object Key',
			'firstObjectKey',
			'e.g. custom_objects.students',
			'The kind of the first records: contact, opportunity or a custom object',
		),
		text(
			'First Object Label',
			'firstObjectLabel',
			'e.g. Student',
			'What the first record is to the second',
		),
		text(
			'Second Object Key',
			'secondObjectKey',
			'e.g. contact',
			'The kind of the second records: contact, opportunity or a custom object',
		),
		text(
			'Second Object Label',
			'secondObjectLabel',
			'e.g. Teacher',
			'What the second record is to the first',
		),
		options(),
	],
};
