import { recordId, Records } from './records';
import type { Settings } from './settings';

/** An association, as the API returns it. */
export interface Association {
	locationId: string;
	id: string;
	key: string;
	firstObjectLabel: string;
	firstObjectKey: string;
	secondObjectLabel: string;
	secondObjectKey: string;
	associationType: 'USER_DEFINED' | 'SYSTEM_DEFINED';
	firstObjectToSecondObjectCardinality: string;
	secondObjectToFirstObjectCardinality: string;
	/** How many second records a first record can have. */
	firstObjectToSecondObjectMaxLimit: number;
	secondObjectToFirstObjectMaxLimit: number;
}

/** What is left out is made up: an ID, USER_DEFINED, MANY_TO_MANY and the limit that live accounts show. */
export type NewAssociation = Names & { locationId: string } & Partial<Association>;

/** A pair of records that an association connects. */
export interface Relation {
	id: string;
	associationId: string;
	firstObjectKey: string;
	firstRecordId: string;
	secondObjectKey: string;
	secondRecordId: string;
	locationId: string;
}

/** What a simulator holds at its start. */
export type Seeds = Pick<
	Settings,
	'location' | 'associations' | 'system' | 'builtIn' | 'records' | 'relations'
>;

type Names = Pick<
	Association,
	'key' | 'firstObjectLabel' | 'firstObjectKey' | 'secondObjectLabel' | 'secondObjectKey'
>;

const named = (
	firstObjectLabel: string,
	firstObjectKey: string,
	secondObjectLabel: string,
	secondObjectKey: string,
): Names => ({
	key: `${firstObjectLabel}_${secondObjectLabel}`.toLowerCase(),
	firstObjectLabel,
	firstObjectKey,
	secondObjectLabel,
	secondObjectKey,
});

const userDefined = [
	named('Student', 'custom_objects.students', 'Teacher', 'contact'),
	named('Pet', 'custom_objects.pets', 'Owner', 'contact'),
	named('Parent', 'contact', 'Child', 'contact'),
];

const systemDefined = [
	named('Contact', 'contact', 'Opportunity', 'opportunity'),
	named('Contact', 'contact', 'Company', 'business'),
];

/** HighLevel's own associations as they were seen in live accounts; two of them say that they are USER_DEFINED. */
const builtIn: Array<Names & Partial<Association>> = [
	{
		...named('Opportunity', 'opportunity', 'Contact', 'contact'),
		id: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
		key: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
		associationType: 'SYSTEM_DEFINED',
		firstObjectToSecondObjectMaxLimit: 25,
	},
	{
		...named('Company', 'business', 'Contact', 'contact'),
		id: 'BUSINESSES_CONTACTS_ASSOCIATION',
		key: 'BUSINESSES_CONTACTS_ASSOCIATION',
		associationType: 'SYSTEM_DEFINED',
		firstObjectToSecondObjectCardinality: 'ONE_TO_MANY',
		secondObjectToFirstObjectCardinality: 'MANY_TO_ONE',
		firstObjectToSecondObjectMaxLimit: 10_000,
		secondObjectToFirstObjectMaxLimit: 1,
	},
	{
		...named('Company', 'business', 'Opportunity', 'opportunity'),
		id: '6aab99ca4b0508155da7f710',
		key: 'BUSINESSES_OPPORTUNITIES_ASSOCIATION',
	},
	{
		...named('Opportunity', 'opportunity', 'Additional Contact', 'contact'),
		id: '6aab99ca4b0508155da7f70f',
		key: 'OPPORTUNITIES_CONTACTS_ADDITIONAL_ASSOCIATION',
	},
];

/** An internal association, between tasks and an object: without key and labels, and not among the others. */
export type InternalAssociation = Pick<
	Association,
	| 'id'
	| 'associationType'
	| 'firstObjectKey'
	| 'secondObjectKey'
	| 'firstObjectToSecondObjectMaxLimit'
	| 'secondObjectToFirstObjectMaxLimit'
>;

/** How many tasks a record can have; 1,000 where it says nothing. */
const taskLimits: Record<string, number> = { opportunity: 25, business: 10_000 };

const numbered = (examples: Names[], index: number): Names => {
	const example = examples[index % examples.length]!;
	const round = Math.floor(index / examples.length) + 1;
	return round === 1 ? example : { ...example, key: `${example.key}_${round}` };
};

const numberedId = (prefix: string, number: number): string =>
	prefix + number.toString(16).padStart(12, '0');

const pairOf = (
	relation: Pick<Relation, 'associationId' | 'firstRecordId' | 'secondRecordId'>,
): string => `${relation.associationId}\0${relation.firstRecordId}\0${relation.secondRecordId}`;
const keyOf = (association: Pick<Association, 'locationId' | 'key'>): string =>
	`${association.locationId}\0${association.key}`;

/** The associations and relations of the simulated HighLevel, in the order in which they were made. */
export class State {
	private readonly associations = new Map<string, Association>();
	private readonly associationsByKey = new Map<string, Association>();
	private readonly relations = new Map<string, Relation>();
	private readonly pairs = new Set<string>();
	private readonly relationsByAssociation = new Map<string, Set<string>>();
	private readonly relationsByRecord = new Map<string, Set<string>>();
	readonly records: Records;
	private associationsMade = 0;
	private relationsMade = 0;
	private readonly location: string;

	constructor({ location, associations, system, relations, ...seeds }: Seeds) {
		this.records = new Records(seeds.records);
		this.location = location;
		const wanted = typeof associations === 'number' ? Array(associations).fill({}) : associations;
		for (const given of [
			...wanted.map((one, index) => ({ ...numbered(userDefined, index), ...one })),
			...Array.from({ length: system }, (_, index) => ({
				...numbered(systemDefined, index),
				associationType: 'SYSTEM_DEFINED' as const,
			})),
			...(seeds.builtIn ? builtIn : []),
		]) {
			this.addAssociation({ locationId: location, ...given });
		}
		if (typeof relations === 'number') this.addRelationsToEach(relations);
		else relations.forEach((relation, index) => this.addRelation(this.complete(relation, index)));
	}

	/** The association with this ID. */
	association(id: string): Association | undefined {
		return this.associations.get(id);
	}

	/** The association with this key in a location. */
	associationByKey(locationId: string, key: string): Association | undefined {
		return this.associationsByKey.get(keyOf({ locationId, key }));
	}

	/** All associations, or those of a location. */
	listAssociations(locationId?: string): Association[] {
		const all = [...this.associations.values()];
		return all.filter((one) => locationId === undefined || one.locationId === locationId);
	}

	/** The internal association that an ID names, if it is one's. */
	internalAssociation(id: string): InternalAssociation | undefined {
		const [, name] = /^TASK_(.+)_ASSOCIATION$/.exec(id) ?? [];
		const object = name && this.objects.find((key) => key.toUpperCase() === name);
		if (!object) return undefined;
		return {
			id,
			associationType: 'SYSTEM_DEFINED',
			firstObjectKey: 'task',
			secondObjectKey: object,
			firstObjectToSecondObjectMaxLimit: 10,
			secondObjectToFirstObjectMaxLimit: taskLimits[object] ?? 1000,
		};
	}

	/** The internal associations of an object; those of `task` are all. */
	listInternalAssociations(objectKey: string): InternalAssociation[] {
		const keys = objectKey === 'task' ? this.objects : [objectKey];
		return keys.flatMap(
			(key) => this.internalAssociation(`TASK_${key.toUpperCase()}_ASSOCIATION`) ?? [],
		);
	}

	/** The keys of all objects: the standard ones, and those that records or associations are of. */
	get objects(): string[] {
		const used = this.listAssociations(this.location).flatMap((association) => [
			association.firstObjectKey,
			association.secondObjectKey,
		]);
		return [
			...new Set(['contact', 'opportunity', 'business', ...this.records.objects, ...used]),
		].filter((key) => key !== 'task');
	}

	/** Adds an association. */
	addAssociation(given: NewAssociation): Association {
		const association: Association = {
			id: given.id ?? numberedId('6d6f6e676f5f', ++this.associationsMade),
			associationType: 'USER_DEFINED',
			firstObjectToSecondObjectCardinality: 'MANY_TO_MANY',
			secondObjectToFirstObjectCardinality: 'MANY_TO_MANY',
			firstObjectToSecondObjectMaxLimit: 1000,
			secondObjectToFirstObjectMaxLimit: 1000,
			...given,
		};
		this.associations.set(association.id, association);
		this.associationsByKey.set(keyOf(association), association);
		return association;
	}

	/** Deletes an association and all its relations. */
	deleteAssociation(association: Association): void {
		for (const id of [...(this.relationsByAssociation.get(association.id) ?? [])]) {
			this.deleteRelation(this.relations.get(id)!);
		}
		this.associations.delete(association.id);
		this.associationsByKey.delete(keyOf(association));
	}

	/** The relation with this ID. */
	relation(id: string): Relation | undefined {
		return this.relations.get(id);
	}

	/** All relations. */
	listRelations(): Relation[] {
		return [...this.relations.values()];
	}

	/** The relations of a record, on whichever side it stands. */
	listRelationsOf(recordId: string): Relation[] {
		return [...(this.relationsByRecord.get(recordId) ?? [])].map((id) => this.relations.get(id)!);
	}

	/** Removes a record and its relations. */
	removeRecord(id: string): void {
		this.records.remove(id);
		for (const relation of this.listRelationsOf(id)) this.deleteRelation(relation);
	}

	/** Whether these two records are related by this association, in this order. */
	hasRelation(pair: Pick<Relation, 'associationId' | 'firstRecordId' | 'secondRecordId'>): boolean {
		return this.pairs.has(pairOf(pair));
	}

	/** Adds a relation, or returns nothing where the two records are related by this association already. */
	addRelation(given: Omit<Relation, 'id'> & Partial<Pick<Relation, 'id'>>): Relation | undefined {
		const relation: Relation = {
			...given,
			id: given.id ?? numberedId('72656c617465', ++this.relationsMade),
		};
		if (this.pairs.has(pairOf(relation))) return undefined;
		this.pairs.add(pairOf(relation));
		this.relations.set(relation.id, relation);
		this.records.mention(relation.firstObjectKey, relation.firstRecordId);
		this.records.mention(relation.secondObjectKey, relation.secondRecordId);
		for (const [index, key] of this.indexesOf(relation)) {
			index.set(key, (index.get(key) ?? new Set<string>()).add(relation.id));
		}
		return relation;
	}

	/** Deletes a relation. */
	deleteRelation(relation: Relation): void {
		this.pairs.delete(pairOf(relation));
		this.relations.delete(relation.id);
		for (const [index, key] of this.indexesOf(relation)) index.get(key)?.delete(relation.id);
	}

	private indexesOf(relation: Relation): Array<[Map<string, Set<string>>, string]> {
		return [
			[this.relationsByAssociation, relation.associationId],
			[this.relationsByRecord, relation.firstRecordId],
			[this.relationsByRecord, relation.secondRecordId],
		];
	}

	/** Where an object has seeded records, its relations are of them; each pair comes once. */
	private addRelationsToEach(count: number): void {
		[...this.associations.values()].forEach((association, at) => {
			const { firstObjectKey, secondObjectKey } = association;
			const first = this.records.list(firstObjectKey);
			const second = this.records.list(secondObjectKey);
			if (first?.length === 0 || second?.length === 0) return;
			const round = first && second ? leastCommonMultiple(first.length, second.length) : Infinity;
			const shift = firstObjectKey === secondObjectKey ? 1 : 0;
			for (let index = 0; index < count; index++) {
				const turn = shift + Math.floor(index / round);
				const given = {
					associationId: association.id,
					firstRecordId: first ? first[index % first.length] : recordId((at + 1) * 1_000 + index),
					...(second && { secondRecordId: second[(index + turn) % second.length] }),
				};
				this.addRelation(this.complete(given, index));
			}
		});
	}

	/** The second record is the same in every association, so that a record's relations can be filtered by association. */
	private complete(
		given: Partial<Relation>,
		index: number,
	): Omit<Relation, 'id'> & { id?: string } {
		const associationId = given.associationId ?? '';
		const association = this.associations.get(associationId);
		return {
			associationId,
			firstObjectKey: association?.firstObjectKey ?? '',
			firstRecordId: recordId(1_000_000 + index),
			secondObjectKey: association?.secondObjectKey ?? '',
			secondRecordId: recordId(index),
			locationId: association?.locationId ?? '',
			...given,
		};
	}
}

function leastCommonMultiple(a: number, b: number): number {
	const divisor = (x: number, y: number): number => (y === 0 ? x : divisor(y, x % y));
	return (a * b) / divisor(a, b);
}
