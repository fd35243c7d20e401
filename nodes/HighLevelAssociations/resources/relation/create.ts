import type { Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { associationId } from '../associationId';
import { create as createThing } from '../create';
import type { Operation } from '../operation';
import { ifExists } from '../options';
import { text } from '../text';
import { recordPair } from './fields';
import { findRelation, readPair } from './findRelation';

const firstObjectKey = text('First Object Key', 'firstObjectKey', 'e.g. contact', {
	required: false,
	description:
		'The object that the first record is of. The records are swapped if the association names that object second.',
});

/** HighLevel stores the two objects in an order of its own, which the records must follow. */
const createRelation: Work = async (item, request) => {
	if ('firstObjectKey' in item.options) await orderRecords(item);
	return await createThing(
		item,
		request,
		'relations',
		async () => await findRelation(item, item.value('associationId'), readPair(item)),
	);
};

function checkObjectKey(item: Item): void {
	const { options } = item;
	if ('firstObjectKey' in options) item.set('firstObjectKey', options.firstObjectKey);
}

async function orderRecords(item: Item): Promise<void> {
	const association = await item.readAssociation();
	const { firstObjectKey: first, secondObjectKey: second } = association;
	const given = item.value('firstObjectKey');
	if (given === first) return;
	if (given !== second) {
		throw item.reject(
			`'${firstObjectKey.displayName}' is '${given}', but the association connects '${first}' and '${second}'`,
			'Correct it.',
		);
	}
	const [firstRecord, secondRecord] = [item.value('firstRecordId'), item.value('secondRecordId')];
	item.set('firstRecordId', secondRecord);
	item.set('secondRecordId', firstRecord);
}

/** https://marketplace.gohighlevel.com/docs/ghl/associations/create-relation */
export const create: Operation = {
	entry: {
		name: 'Create',
		value: 'create',
		action: 'Create relation',
		description: 'Relate two records under an association',
	},
	verb: 'created',
	request: {
		method: 'POST',
		url: '/associations/relations',
		body: {
			locationId: '{locationId}',
			associationId: '{associationId}',
			firstRecordId: '{firstRecordId}',
			secondRecordId: '{secondRecordId}',
		},
	},
	check: checkObjectKey,
	work: createRelation,
	fields: [associationId, ...recordPair],
	options: [ifExists, firstObjectKey],
};
