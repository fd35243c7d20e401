import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { associationId } from '../association/associationId';
import { create as createThing } from '../create';
import type { Operation } from '../operation';
import { ifExists } from '../options';
import { readThings } from '../pages';

const recordId = (displayName: string, name: string, which: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. ocQHyuzHvysMo5N5VsXc',
	hint: `A record of the object that the association names ${which}`,
});

const firstObjectKey: INodeProperties = {
	displayName: 'First Object Key',
	name: 'firstObjectKey',
	type: 'string',
	default: '',
	placeholder: 'e.g. contact',
	description:
		'The object that the first record is of. The records are swapped if the association names that object second.',
};

/** HighLevel stores the two objects in an order of its own, which the records must follow. */
const createRelation: Work = async (item, request) => {
	if ('firstObjectKey' in item.options) await orderRecords(item, item.options.firstObjectKey);
	return await createThing(item, request, 'relations', async () => await findExisting(item));
};

async function orderRecords(item: Item, objectKey: unknown): Promise<void> {
	item.set('firstObjectKey', objectKey);
	const association = await item.readAssociation();
	const { firstObjectKey: first, secondObjectKey: second } = association;
	const given = item.value('firstObjectKey');
	if (given === first) return;
	if (given !== second) {
		throw item.rejectField(
			'firstObjectKey',
			`is '${given}', but the association connects '${first}' and '${second}'`,
		);
	}
	const [firstRecord, secondRecord] = [item.value('firstRecordId'), item.value('secondRecordId')];
	item.set('firstRecordId', secondRecord);
	item.set('secondRecordId', firstRecord);
}

/** The relation of the item's two records under its association. */
async function findExisting(item: Item): Promise<IDataObject | undefined> {
	const records = ['firstRecordId', 'secondRecordId'].map((name) => item.value(name));
	const associationId = item.value('associationId');
	for (let skip = 0; ; ) {
		const body = await item.ask({
			method: 'GET',
			url: '/associations/relations/{firstRecordId}',
			qs: { locationId: '{locationId}', skip, limit: 100, associationIds: [associationId] },
		});
		const relations = readThings(item, body, 'relations');
		const existing = relations.find(
			(relation) =>
				relation.associationId === associationId &&
				records.includes(String(relation.firstRecordId)) &&
				records.includes(String(relation.secondRecordId)),
		);
		skip += relations.length;
		if (existing || relations.length === 0) return existing;
	}
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
		isRepeatable: true,
	},
	work: createRelation,
	fields: [
		associationId,
		recordId('First Record ID', 'firstRecordId', 'first (First Object Key)'),
		recordId('Second Record ID', 'secondRecordId', 'second (Second Object Key)'),
	],
	options: [ifExists, firstObjectKey],
};
