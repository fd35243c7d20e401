import type { EndpointName } from './contract';
import type { Settings } from './settings';
import type { Association, Relation, State } from './state';

/** A request that was let through, its numbers read. */
export interface Call {
	params: Record<string, string>;
	query: { locationId?: string; skip?: number; limit?: number; associationIds?: string[] };
	body: Record<string, string>;
	state: State;
	settings: Settings;
	/** The location of the token. */
	location: string;
}

/** An answer; without a status, it is the endpoint's success. */
export interface Answer {
	status?: number;
	body: unknown;
}

const refuse = (status: number, message: string): Answer => ({
	status,
	body: { statusCode: status, message, error: status === 404 ? 'Not Found' : 'Bad Request' },
});

const notFound = (call: Call, thing: string): Answer =>
	refuse(call.settings.notFoundStatus, `${thing} not found`);

const found = (call: Call, thing: Association | undefined): Answer =>
	thing ? { body: thing } : notFound(call, 'Association');

function page<Item>(call: Call, items: Item[]): Item[] {
	const { skip = 0, limit = items.length } = call.query;
	return items.slice(skip, skip + limit);
}

function list<Item>(call: Call, name: string, items: Item[], others: object = {}): Answer {
	const { listShape } = call.settings;
	if (listShape === 'wrapped') return { body: { [name]: items, ...others } };
	if (listShape === 'array') return { body: items };
	const thing = name === 'relations' ? 'Relation' : 'Association';
	return items.length > 0 ? { body: items[0] } : notFound(call, thing);
}

/** The stored thing that a request names by its ID, if there is one. */
export function namedThing(
	operation: EndpointName,
	call: Pick<Call, 'params' | 'body' | 'state'>,
): Association | Relation | undefined {
	const { params, body, state } = call;
	if (params.associationId !== undefined) return state.association(params.associationId);
	if (params.relationId !== undefined) return state.relation(params.relationId);
	return operation === 'createRelation' ? state.association(String(body.associationId)) : undefined;
}

/** What each operation does. */
export const handlers: Record<EndpointName, (call: Call) => Answer> = {
	createAssociation({ body, state }) {
		const {
			locationId,
			key,
			firstObjectLabel,
			firstObjectKey,
			secondObjectLabel,
			secondObjectKey,
		} = body as unknown as Association;
		if (state.associationByKey(locationId, key))
			return refuse(400, `Association with key ${key} already exists`);
		return {
			body: state.addAssociation({
				locationId,
				key,
				firstObjectLabel,
				firstObjectKey,
				secondObjectLabel,
				secondObjectKey,
			}),
		};
	},

	findAssociations(call) {
		return list(
			call,
			'associations',
			page(call, call.state.listAssociations(call.query.locationId)),
		);
	},

	getAssociation(call) {
		return found(call, call.state.association(call.params.associationId!));
	},

	getAssociationByKey(call) {
		return found(call, call.state.associationByKey(call.query.locationId!, call.params.key_name!));
	},

	getAssociationsByObjectKey(call) {
		const { objectKey } = call.params;
		const all = call.state.listAssociations(call.query.locationId ?? call.location);
		const matching = all.filter(
			(association) =>
				association.firstObjectKey === objectKey || association.secondObjectKey === objectKey,
		);
		return list(call, 'associations', matching);
	},

	updateAssociation(call) {
		const association = call.state.association(call.params.associationId!);
		if (!association) return notFound(call, 'Association');
		association.firstObjectLabel = call.body.firstObjectLabel!;
		association.secondObjectLabel = call.body.secondObjectLabel!;
		return { body: association };
	},

	deleteAssociation(call) {
		const association = call.state.association(call.params.associationId!);
		if (!association) return notFound(call, 'Association');
		if (association.associationType === 'SYSTEM_DEFINED') {
			return refuse(400, 'System defined associations cannot be deleted');
		}
		call.state.deleteAssociation(association);
		return {
			body: { deleted: true, id: association.id, message: 'Association deleted successfully' },
		};
	},

	createRelation(call) {
		const { associationId, firstRecordId, secondRecordId } = call.body as unknown as Relation;
		const association = call.state.association(associationId);
		if (!association) return notFound(call, 'Association');
		const { firstObjectKey, secondObjectKey, locationId } = association;
		const relation = call.state.addRelation({
			associationId,
			firstObjectKey,
			firstRecordId,
			secondObjectKey,
			secondRecordId,
			locationId,
		});
		return relation ? { body: relation } : refuse(400, 'Relation already exists');
	},

	getRelations(call) {
		const { locationId, associationIds } = call.query;
		const { recordId } = call.params;
		const matching = call.state
			.listRelations()
			.filter(
				(relation) =>
					relation.locationId === locationId &&
					(relation.firstRecordId === recordId || relation.secondRecordId === recordId) &&
					(associationIds === undefined || associationIds.includes(relation.associationId)),
			);
		return list(call, 'relations', page(call, matching), { total: matching.length });
	},

	deleteRelation(call) {
		const relation = call.state.relation(call.params.relationId!);
		if (!relation) return notFound(call, 'Relation');
		call.state.deleteRelation(relation);
		return { body: { deleted: true, id: relation.id, message: 'Relation deleted successfully' } };
	},
};
