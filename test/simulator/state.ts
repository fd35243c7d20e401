/** An association, as the API answers it. */
export interface Association {
	locationId: string;
	id: string;
	key: string;
	firstObjectLabel: string;
	firstObjectKey: string;
	secondObjectLabel: string;
	secondObjectKey: string;
	associationType: 'USER_DEFINED' | 'SYSTEM_DEFINED';
}

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
export interface Seeds {
	location: string;
	associations: number | Array<Partial<Association>>;
	system: number;
	relations: number | Array<Partial<Relation>>;
}

type Objects = Omit<Association, 'locationId' | 'id' | 'associationType'>;

const named = (
	firstObjectLabel: string,
	firstObjectKey: string,
	secondObjectLabel: string,
	secondObjectKey: string,
): Objects => ({
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

const numbered = (examples: Objects[], index: number): Objects => {
	const example = examples[index % examples.length]!;
	const round = Math.floor(index / examples.length) + 1;
	return round === 1 ? example : { ...example, key: `${example.key}_${round}` };
};

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** An ID of a record: the same number always gives the same 20 letters and digits. */
export function recordId(number: number): string {
	let rest = (BigInt(number) + 1n) * 0x9e3779b97f4a7c15f39cc0605cedc835n;
	let id = '';
	for (let position = 0; position < 20; position++) {
		id += alphabet[Number(rest % 56n)];
		rest /= 56n;
	}
	return id;
}

const numberedId = (prefix: string, number: number): string =>
	prefix + number.toString(16).padStart(12, '0');

const pairOf = (relation: Relation): string =>
	`${relation.associationId}\0${relation.firstRecordId}\0${relation.secondRecordId}`;
const keyOf = (association: Pick<Association, 'locationId' | 'key'>): string =>
	`${association.locationId}\0${association.key}`;

/** The associations and relations of the simulated HighLevel, in the order in which they were made. */
export class State {
	private readonly associations = new Map<string, Association>();
	private readonly associationsByKey = new Map<string, Association>();
	private readonly relations = new Map<string, Relation>();
	private readonly pairs = new Set<string>();
	private readonly relationsOf = new Map<string, Set<string>>();
	private associationsMade = 0;
	private relationsMade = 0;

	constructor(seeds: Seeds) {
		const { location, associations, system, relations } = seeds;
		const wanted =
			typeof associations === 'number'
				? Array.from({ length: associations }, () => ({}))
				: associations;
		wanted.forEach((given, index) => {
			this.addAssociation({ locationId: location, ...numbered(userDefined, index), ...given });
		});
		for (let index = 0; index < system; index++) {
			const objects = numbered(systemDefined, index);
			this.addAssociation({ locationId: location, ...objects, associationType: 'SYSTEM_DEFINED' });
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
		return locationId === undefined
			? all
			: all.filter((association) => association.locationId === locationId);
	}

	/** Adds an association; what is left out is its ID and, where it is USER_DEFINED, its type. */
	addAssociation(
		given: Omit<Association, 'id' | 'associationType'> &
			Partial<Pick<Association, 'id' | 'associationType'>>,
	): Association {
		const association: Association = {
			locationId: given.locationId,
			id: given.id ?? numberedId('6d6f6e676f5f', ++this.associationsMade),
			key: given.key,
			firstObjectLabel: given.firstObjectLabel,
			firstObjectKey: given.firstObjectKey,
			secondObjectLabel: given.secondObjectLabel,
			secondObjectKey: given.secondObjectKey,
			associationType: given.associationType ?? 'USER_DEFINED',
		};
		this.associations.set(association.id, association);
		this.associationsByKey.set(keyOf(association), association);
		return association;
	}

	/** Deletes an association and all its relations. */
	deleteAssociation(association: Association): void {
		for (const id of this.relationsOf.get(association.id) ?? []) {
			this.pairs.delete(pairOf(this.relations.get(id)!));
			this.relations.delete(id);
		}
		this.relationsOf.delete(association.id);
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

	/** Adds a relation, or answers nothing where the two records are related by this association already. */
	addRelation(given: Omit<Relation, 'id'> & Partial<Pick<Relation, 'id'>>): Relation | undefined {
		const relation: Relation = {
			...given,
			id: given.id ?? numberedId('72656c617465', ++this.relationsMade),
		};
		if (this.pairs.has(pairOf(relation))) return undefined;
		this.pairs.add(pairOf(relation));
		this.relations.set(relation.id, relation);
		const siblings = this.relationsOf.get(relation.associationId) ?? new Set();
		this.relationsOf.set(relation.associationId, siblings.add(relation.id));
		return relation;
	}

	/** Deletes a relation. */
	deleteRelation(relation: Relation): void {
		this.pairs.delete(pairOf(relation));
		this.relations.delete(relation.id);
		this.relationsOf.get(relation.associationId)?.delete(relation.id);
	}

	/** The second record is the same in every association, so that a record's relations can be filtered by association. */
	private addRelationsToEach(count: number): void {
		[...this.associations.keys()].forEach((associationId, at) => {
			for (let index = 0; index < count; index++) {
				const firstRecordId = recordId((at + 1) * 1_000 + index);
				this.addRelation(this.complete({ associationId, firstRecordId }, index));
			}
		});
	}

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
