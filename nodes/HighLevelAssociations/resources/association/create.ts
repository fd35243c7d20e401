import type { IDataObject } from 'n8n-workflow';

import { ASSOCIATION_BY_KEY, type Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { isSameAssociation, normalizeKey } from '../../transport/association';
import { readAssociation } from '../../transport/response';
import { create as createThing } from '../create';
import { objectKey } from '../objectKey';
import type { Operation } from '../operation';
import { ifExists } from '../options';
import { text } from '../text';

const OBJECTS = 'contact, opportunity, business, or custom_objects.NAME for a custom object';

const createAssociation: Work = async (item, request) =>
	await createThing(item, request, 'associations', async () => await findExisting(item));

/** The association that has the key of the one to create, if it connects the same objects. */
async function findExisting(item: Item): Promise<IDataObject | undefined> {
	const associationKey = normalizeKey(item.value('key'));
	const existing = readAssociation(await item.ask(ASSOCIATION_BY_KEY, { associationKey }));
	const wanted = {
		key: item.value('key'),
		firstObjectKey: item.value('firstObjectKey'),
		secondObjectKey: item.value('secondObjectKey'),
	};
	return existing && isSameAssociation(existing, wanted) ? existing : undefined;
}

/** https://marketplace.gohighlevel.com/docs/ghl/associations/create-association */
export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create association',
		description: 'Create an association between two objects, such as contacts and a custom object',
	},
	verb: 'created',
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
	work: createAssociation,
	fields: [
		text('Key', 'key', 'e.g. student_teacher', {
			description: 'Unique key of the association. HighLevel stores it in lower case.',
		}),
		objectKey(
			'First Object Key',
			'firstObjectKey',
			'e.g. custom_objects.students',
			`Object on the first side: ${OBJECTS}`,
			{ required: true },
		),
		text('First Object Label', 'firstObjectLabel', 'e.g. Student', {
			description: 'Role of the first record, e.g. Student',
		}),
		objectKey(
			'Second Object Key',
			'secondObjectKey',
			'e.g. contact',
			`Object on the second side: ${OBJECTS}`,
			{ required: true },
		),
		text('Second Object Label', 'secondObjectLabel', 'e.g. Teacher', {
			description: 'Role of the second record, e.g. Teacher',
		}),
	],
	options: [ifExists],
};
