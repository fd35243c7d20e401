import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { workConcurrently } from '../../run/concurrently';
import { ItemError, settle } from '../../run/errors';
import { ASSOCIATION_BY_ID, ASSOCIATION_BY_KEY, type Item } from '../../run/item';
import type { Work } from '../../run/perform';
import { Progress } from '../../run/progress';
import {
	connectsSameObjects,
	isHighLevelsOwn,
	isSameAssociation,
	normalizeKey,
} from '../../transport/association';
import { readAssociation, readList } from '../../transport/response';
import type { Operation } from '../operation';
import { create as createRelation } from '../relation/create';
import { findRelation, type Pair } from '../relation/findRelation';
import { readBackup, type Backup } from './readBackup';
import { create as createAssociation } from './create';
import { update } from './update';

const backup: INodeProperties = {
	displayName: 'Backup',
	name: 'backup',
	type: 'json',
	required: true,
	default: '',
	placeholder: 'e.g. {{ $json }}',
	description: 'What Back Up returned, as JSON',
};

/**
 * Brings back what a backup contains and HighLevel no longer has. What exists counts as done, so that a restore that was
 * cut off can be run again.
 */
const restoreAssociation: Work = async (item) => {
	const saved = readBackup(item, await item.findLocationId());
	item.ids.associationId = saved.association.id;
	const memory = item.recall<Memory>(() => ({ mayHaveCreated: false, outcomes: new Map() }));
	const { association, created } = await findOrCreate(item, saved, memory);
	const relations = await restoreRelations(item, saved, association, memory);
	const differences = compareLimits(saved.association, association);
	return [
		{
			association,
			created,
			previousAssociationId: saved.association.id,
			relations,
			...(created && differences),
		},
	];
};

/** HighLevel's refusals, which concern one thing alone; all else concerns the rest too. */
const REFUSALS = [400, 404, 409, 422, 500];

const isRefusal = ({ failure }: ItemError) => REFUSALS.includes(Number(failure.details?.status));

/** What an item has achieved in earlier tries of the run. */
interface Memory {
	/** The association, once it is created. */
	created?: IDataObject;
	/** Whether a creation may have been carried out although its response was lost. */
	mayHaveCreated: boolean;
	/** What became of the relations that are done, by their places in the backup. */
	outcomes: Map<number, 'restored' | 'existed' | 'unconfirmed'>;
}

async function findOrCreate(
	item: Item,
	saved: Backup,
	memory: Memory,
): Promise<{ association: IDataObject; created: boolean }> {
	if (!memory.created) {
		const { association, created, isConfirmed } = await findElseCreate(item, saved, memory);
		if (!created && !isCutOff(saved, association)) return { association, created };
		if (!created) return { association: await correctLabels(item, saved, association), created };
		item.addChange(String(association.id), isConfirmed);
		memory.created = association;
	}
	memory.created = await correctLabels(item, saved, memory.created);
	return { association: memory.created, created: true };
}

async function findElseCreate(
	item: Item,
	saved: Backup,
	memory: Memory,
): Promise<{ association: IDataObject; created: boolean; isConfirmed: boolean }> {
	const existing = await find(item, saved);
	if (existing) {
		const created = memory.mayHaveCreated && existing.id !== saved.association.id;
		return { association: existing, created, isConfirmed: false };
	}
	checkCreatable(item, saved);
	const body = await settle(item.ask(createAssociation.request, saved.creatable));
	const isRefused = body instanceof ItemError;
	const { mayHaveSucceeded = false, isDuplicate } = isRefused ? body.failure : {};
	memory.mayHaveCreated ||= mayHaveSucceeded || !isRefused;
	if (isRefused && !isDuplicate) throw body;
	const made = isRefused ? undefined : readAssociation(body);
	const isMade = made && isSameAssociation(made, saved.association);
	const association = isMade ? made : await findByKey(item, saved);
	if (association) {
		return { association, created: memory.mayHaveCreated, isConfirmed: !isRefused };
	}
	if (isRefused) throw body;
	throw item.rejectResponse(
		'HighLevel did not return the association that it created',
		'Run this item again: it continues from what exists.',
		{ mayHaveSucceeded: true },
	);
}

/** The association of a backup, by its ID, or else by its key. */
async function find(item: Item, saved: Backup): Promise<IDataObject | undefined> {
	const { id: associationId } = saved.association;
	const body = await settle(item.ask(ASSOCIATION_BY_ID, { associationId }));
	const isUnknown = body instanceof ItemError;
	if (isUnknown && body.failure.details && !isRefusal(body)) throw body;
	const existing = isUnknown ? undefined : readAssociation(body);
	if (existing) item.checkNamed(existing, { associationId });
	return existing && connectsSameObjects(existing, saved.association)
		? existing
		: await findByKey(item, saved);
}

async function findByKey(item: Item, { association }: Backup): Promise<IDataObject | undefined> {
	const associationKey = normalizeKey(association.key);
	const body = await settle(item.ask(ASSOCIATION_BY_KEY, { associationKey }));
	if (body instanceof ItemError && !body.failure.isNotFound) throw body;
	const existing = body instanceof ItemError ? undefined : readAssociation(body);
	if (existing) item.checkNamed(existing, { associationKey });
	if (!existing || connectsSameObjects(existing, association)) return existing;
	throw item.reject(
		`Not restored: the key '${associationKey}' belongs to another association, which connects '${existing.firstObjectKey}' and '${existing.secondObjectKey}'`,
		'Delete that association, or change the key in the backup.',
	);
}

/** What HighLevel would refuse, or create differently: its API can't set cardinalities. */
function checkCreatable(item: Item, { association }: Backup): void {
	const { key, firstObjectLabel, secondObjectLabel } = association;
	if (isHighLevelsOwn(association)) {
		throw item.reject(
			`Not restored: '${key}' is one of HighLevel's own associations`,
			'Only HighLevel can create it: ask its support, then run Restore again.',
		);
	}
	const refuse = (why: string) =>
		item.reject(
			`Not restored: ${why}`,
			`Create an association with the key '${key}' between the same objects in HighLevel, then run Restore again: it finds it by its key.`,
		);
	if (firstObjectLabel === secondObjectLabel) {
		throw refuse("both labels are the same, which HighLevel's API does not allow");
	}
	for (const [name, value] of Object.entries(association)) {
		if (name.endsWith('Cardinality') && value && value !== 'MANY_TO_MANY') {
			throw refuse(`${name} is ${String(value)}, which HighLevel's API can't set`);
		}
	}
}

/** The maximum numbers of relations, which HighLevel's API can't set, where they differ from the backup's. */
function compareLimits(saved: IDataObject, created: IDataObject): IDataObject {
	const names = ['firstObjectToSecondObjectMaxLimit', 'secondObjectToFirstObjectMaxLimit'];
	const limits = names.map((name) => created[name]);
	if (isOtherWayRound(created, saved)) limits.reverse();
	const differences = names
		.map((name, index) => ({ name, backup: saved[name], restored: limits[index] }))
		.filter(({ backup, restored }) => backup !== undefined && backup !== restored);
	return differences.length > 0 ? { differences } : {};
}

/** Whether a restore has created an association and was cut off before it could correct the labels. */
const isCutOff = ({ association: saved }: Backup, association: IDataObject): boolean =>
	isOtherWayRound(association, saved) && association.firstObjectLabel === saved.firstObjectLabel;

/** HighLevel may store the two objects in the other order, and it is not known whether their labels follow. */
async function correctLabels(
	item: Item,
	{ association: saved }: Backup,
	association: IDataObject,
): Promise<IDataObject> {
	const isSwapped = isOtherWayRound(association, saved);
	const labels = {
		firstObjectLabel: isSwapped ? saved.secondObjectLabel : saved.firstObjectLabel,
		secondObjectLabel: isSwapped ? saved.firstObjectLabel : saved.secondObjectLabel,
	};
	if (association.firstObjectLabel === labels.firstObjectLabel) return association;
	await item.ask(update.request, { associationId: association.id, ...labels });
	item.addChange(String(association.id));
	return { ...association, ...labels };
}

/** Whether two objects are in the other order. An object that is related to itself has none. */
const isOtherWayRound = (one: IDataObject, other: IDataObject): boolean =>
	one.firstObjectKey !== one.secondObjectKey && one.firstObjectKey === other.secondObjectKey;

async function restoreRelations(
	item: Item,
	{ association: saved, relations }: Backup,
	association: IDataObject,
	{ outcomes }: Memory,
) {
	const associationId = String(association.id);
	// Of an object that is related to itself, the labels tell which side is which, unless they are the same.
	const isReversed =
		association.firstObjectKey === association.secondObjectKey &&
		association.id !== saved.id &&
		saved.firstObjectLabel !== saved.secondObjectLabel &&
		association.firstObjectLabel === saved.secondObjectLabel &&
		association.secondObjectLabel === saved.firstObjectLabel;
	const progress = new Progress(item, relations.length - outcomes.size);
	const failed: IDataObject[] = [];
	const count = (outcome: string) => [...outcomes.values()].filter((one) => one === outcome).length;
	const open = [...relations.entries()].filter(([index]) => !outcomes.has(index));
	const work = workConcurrently(each(open), async ([index, relation]) => {
		const isSwapped = isReversed || isOtherWayRound(association, { ...saved, ...relation });
		const pair: Pair = {
			firstRecordId: isSwapped ? relation.secondRecordId : relation.firstRecordId,
			secondRecordId: isSwapped ? relation.firstRecordId : relation.secondRecordId,
		};
		const body = await settle(item.ask(createRelation.request, { associationId, ...pair }));
		const { isDuplicate, mayHaveSucceeded } = body instanceof ItemError ? body.failure : {};
		if (isDuplicate && !mayHaveSucceeded) outcomes.set(index, 'existed');
		else if (!(body instanceof ItemError) || isDuplicate) {
			const made =
				body instanceof ItemError
					? await findRelation(item, associationId, pair)
					: readList(body, 'relations')?.[0];
			const id = made?.id ?? `${pair.firstRecordId}/${pair.secondRecordId}`;
			item.addChange(String(id), !isDuplicate);
			// It may have existed before: HighLevel's words are the same.
			outcomes.set(index, isDuplicate ? 'unconfirmed' : 'restored');
		} else if (isRefusal(body)) {
			const doubt = mayHaveSucceeded ? '. It may have been created all the same' : '';
			failed.push({ ...relation, reason: body.message + doubt });
		} else throw body;
		progress.advance(
			(done) =>
				`${done} relations done (${count('restored')} restored, ${count('existed')} existed, ${failed.length} failed)`,
		);
		return true;
	});
	const stop = await settle(work);
	const unconfirmed = count('unconfirmed');
	const counts = {
		restored: count('restored'),
		existed: count('existed'),
		...(unconfirmed > 0 && { unconfirmed }),
		failed,
	};
	if (!(stop instanceof ItemError)) return counts;
	const { details, ...failure } = stop.failure;
	throw new ItemError(stop.error, { ...failure, details: { ...details, relations: counts } });
}

async function* each<Value>(values: Value[]): AsyncGenerator<Value> {
	yield* values;
}

export const restore: Operation = {
	entry: {
		name: 'Restore',
		value: 'restore',
		action: 'Restore association and its relations',
		description: 'Bring an association and its relations back from what Back Up returned',
	},
	verb: 'restored',
	request: createRelation.request,
	parameters: ['locationId'],
	check: async (item) => void readBackup(item, await item.findLocationId()),
	work: restoreAssociation,
	fields: [backup],
};
