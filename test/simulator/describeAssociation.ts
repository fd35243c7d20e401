import type { StateReport } from './start';

/** What a state says of an association, whatever its ID and the order of its objects: these and its pairs of records. */
export function describeAssociation({ associations, relations }: StateReport, key: string) {
	const association = associations.find((one) => one.key === key.toLowerCase());
	if (!association) return { sides: [], pairs: [] };
	const { id, firstObjectKey, firstObjectLabel, secondObjectKey, secondObjectLabel } = association;
	const isReversed = firstObjectKey > secondObjectKey;
	const sides = [
		`${firstObjectKey} ${firstObjectLabel}`,
		`${secondObjectKey} ${secondObjectLabel}`,
	];
	const pairs = relations
		.filter(({ associationId }) => associationId === id)
		.map(({ firstRecordId, secondRecordId }) =>
			(isReversed ? [secondRecordId, firstRecordId] : [firstRecordId, secondRecordId]).join(),
		);
	return { sides: isReversed ? sides.reverse() : sides, pairs: pairs.sort() };
}
