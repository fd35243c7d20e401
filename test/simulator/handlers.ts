import { STATUS_CODES } from 'node:http';

import type { EndpointName } from './contract';
import type { Response } from './faults';
import { companyId, type OAuth } from './oauth';
import { searchAfterOf, timeOf, type Search } from './records';
import type { Settings, Token } from './settings';
import type { Association, InternalAssociation, NewAssociation, Relation, State } from './state';

/** A request that was let through, its numbers read. */
export interface Call {
	params: Record<string, string>;
	query: {
		locationId?: string;
		skip?: number;
		limit?: number;
		associationIds?: string[];
		includeInternalAssociations?: boolean;
	};
	body: Record<string, unknown>;
	state: State;
	settings: Settings;
	oauth: OAuth;
	token: Token;
	/** The location of the token. */
	location: string;
}

/** A response; without a status, it is the endpoint's success. */
export type HandlerResponse = Pick<Response, 'body'> & Partial<Response>;

const refuse = (status: number, message: string | string[]): HandlerResponse => ({
	status,
	body: { statusCode: status, message, error: STATUS_CODES[status] },
});

const notFound = (call: Call, thing: string): HandlerResponse =>
	refuse(call.settings.notFoundStatus, `${thing} not found`);

function page<Item>(call: Call, items: Item[]): Item[] {
	const { skip = 0, limit = items.length } = call.query;
	return items.slice(skip, skip + limit);
}

function list<Item>(call: Call, name: string, items: Item[], others: object = {}): HandlerResponse {
	const { listShape } = call.settings;
	if (listShape === 'wrapped') return { body: { [name]: items, ...others } };
	if (listShape === 'array') return { body: items };
	if (items.length > 0) return { body: items[0] };
	return notFound(call, name === 'relations' ? 'Relation' : 'Association');
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
export const handlers: Record<EndpointName, (call: Call) => HandlerResponse> = {
	createAssociation({ body, state, settings }) {
		const given = toStored(body as unknown as NewAssociation, settings);
		if (given.firstObjectLabel === given.secondObjectLabel)
			return refuse(422, ['Both object labels can not be same']);
		if (state.associationByKey(given.locationId, given.key))
			return refuse(400, 'Duplicate Association key');
		return { body: state.addAssociation(given) };
	},

	findAssociations(call) {
		const all = call.state.listAssociations(call.query.locationId);
		return list(call, 'associations', page(call, all));
	},

	getAssociation(call) {
		const id = call.params.associationId!;
		const body = call.state.association(id) ?? call.state.internalAssociation(id);
		return body ? { body } : notFound(call, 'Association');
	},

	getAssociationByKey({ state, settings, query, params }) {
		const association = state.associationByKey(query.locationId!, params.key_name!);
		if (association) return { body: association };
		const { missingKey } = settings;
		return typeof missingKey === 'number'
			? refuse(missingKey, 'Association not found')
			: { body: JSON.parse(missingKey) };
	},

	getAssociationsByObjectKey(call) {
		const { objectKey } = call.params;
		const all = call.state.listAssociations(call.query.locationId ?? call.location);
		const matching = all.filter(({ firstObjectKey, secondObjectKey }) =>
			[firstObjectKey, secondObjectKey].includes(objectKey!),
		);
		const isInternalToo = call.query.includeInternalAssociations;
		const internal = isInternalToo ? call.state.listInternalAssociations(objectKey!) : [];
		return list<InternalAssociation>(call, 'associations', [...matching, ...internal]);
	},

	updateAssociation(call) {
		const association = call.state.association(call.params.associationId!);
		if (!association) return notFound(call, 'Association');
		association.firstObjectLabel = call.body.firstObjectLabel as string;
		association.secondObjectLabel = call.body.secondObjectLabel as string;
		return { body: association };
	},

	deleteAssociation(call) {
		const { deletion } = call.settings;
		const id = call.params.associationId!;
		const association = call.state.association(id);
		const { associationType } = association ?? call.state.internalAssociation(id) ?? {};
		if (associationType === 'SYSTEM_DEFINED') {
			const message = 'System defined associations cannot be deleted';
			return deletion.systemDefined ?? refuse(400, message);
		}
		if (!association) return notFound(call, 'Association');
		call.state.deleteAssociation(association);
		const body = { deleted: true, id, message: 'Association deleted successfully' };
		return deletion.deleted ?? { body };
	},

	createRelation({ body, state, settings }) {
		const { locationId, associationId, firstRecordId, secondRecordId } =
			body as unknown as Relation;
		const association =
			state.association(associationId) ?? state.internalAssociation(associationId);
		if (!association) return refuse(settings.notFoundStatus, 'Association not found');
		const { firstObjectKey, secondObjectKey } = association;
		const gone = [
			[firstObjectKey, firstRecordId],
			[secondObjectKey, secondRecordId],
		].find(([object, id]) => !state.records.mayExist(object!, id!));
		if (gone) return refuse(400, `Record with id ${gone[1]} not found`);
		const full = findFullRecord(state, association, firstRecordId, secondRecordId);
		const relation = {
			associationId,
			firstObjectKey,
			firstRecordId,
			secondObjectKey,
			secondRecordId,
		};
		const duplicate = 'duplicate relation of object Ids for given association';
		if (state.hasRelation(relation)) {
			return refuse(400, `Could not create relation: ${duplicate}`);
		}
		if (full) {
			const reached = `Max relation limit[${full.limit}] reached for record[${full.id}]`;
			return refuse(400, `${reached} for association[${associationId}]`);
		}
		return { body: state.addRelation({ ...relation, locationId }) };
	},

	getRelations(call) {
		const { locationId, associationIds } = call.query;
		const all = call.settings.ignoreAssociationIds || associationIds === undefined;
		const matching = call.state
			.listRelationsOf(call.params.recordId!)
			.filter(
				(relation) =>
					relation.locationId === locationId &&
					(all || associationIds.includes(relation.associationId)),
			);
		return list(call, 'relations', page(call, matching), { total: matching.length });
	},

	deleteRelation(call) {
		const relation = call.state.relation(call.params.relationId!);
		if (!relation) return notFound(call, 'Relation');
		call.state.deleteRelation(relation);
		return { body: { deleted: true, id: relation.id, message: 'Relation deleted successfully' } };
	},

	searchContacts(call) {
		const { page, searchAfter } = call.body as unknown as Search;
		if (page !== undefined && searchAfter !== undefined)
			return refuse(400, 'page and searchAfter can not be used together');
		return search(call, 'contact', 'contacts', (id, dateAdded) => ({
			firstNameLowerCase: 'contact',
			lastNameLowerCase: id.toLowerCase(),
			dateAdded,
		}));
	},

	searchOpportunities(call) {
		return search(call, 'opportunity', 'opportunities', (id, createdAt) => ({
			name: `Opportunity ${id}`,
			status: 'open',
			createdAt,
			updatedAt: createdAt,
		}));
	},

	searchRecords(call) {
		const object = call.params.schemaKey!;
		if (
			['contact', 'opportunity'].includes(object) ||
			![...call.state.objects, 'task'].includes(object)
		)
			return refuse(400, `Object ${object} is not supported`);
		return search(call, object, 'records', (id, createdAt) => {
			const made = { channel: 'PUBLIC_API', createdAt, source: '', sourceId: '' };
			return {
				...{ owner: [], followers: [], properties: { name: `Record ${id}` } },
				...{ objectId: objectId(object), objectKey: object },
				...{ createdAt, updatedAt: createdAt, createdBy: made, lastUpdatedBy: made },
			};
		});
	},

	findObjects({ state, location }) {
		const objects = state.objects.map((key) => {
			const name = key.split('.').at(-1)!;
			const singular = name.charAt(0).toUpperCase() + name.slice(1).replace(/s$/, '');
			const standard = !key.startsWith('custom_objects.');
			return {
				id: objectId(key),
				standard,
				key,
				labels: { singular, plural: `${singular}s` },
				description: '',
				locationId: location,
				primaryDisplayProperty: `${key}.name`,
				dateAdded: '2025-01-01T00:00:00.000Z',
				dateUpdated: '2025-01-01T00:00:00.000Z',
				type: standard ? 'SYSTEM_DEFINED' : 'USER_DEFINED',
			};
		});
		return { body: { objects } };
	},

	getLocationToken,
	getLocationTokenV3: getLocationToken,
};

function getLocationToken({ body, settings, oauth, token }: Call): HandlerResponse {
	const { companyId: company, locationId } = body as { companyId: string; locationId: string };
	const locations = [settings.location, ...settings.locations];
	if (company !== companyId || !locations.includes(locationId))
		return refuse(400, 'The app is not installed in this location');
	return { body: oauth.issueLocationToken(token, locationId) };
}

/** What HighLevel makes of an association before it stores it. */
function toStored(given: NewAssociation, { objectOrder, labelsMove }: Settings): NewAssociation {
	const key = given.key.toLowerCase();
	const { firstObjectKey, firstObjectLabel, secondObjectKey, secondObjectLabel } = given;
	if (objectOrder === 'given' || firstObjectKey <= secondObjectKey) return { ...given, key };
	return {
		...given,
		key,
		firstObjectKey: secondObjectKey,
		secondObjectKey: firstObjectKey,
		...(labelsMove && {
			firstObjectLabel: secondObjectLabel,
			secondObjectLabel: firstObjectLabel,
		}),
	};
}

/** The record that has as many relations as the association lets it have, seen from its own side. */
function findFullRecord(
	state: State,
	association: InternalAssociation,
	firstRecordId: string,
	secondRecordId: string,
): { id: string; limit: number } | undefined {
	const sides = [
		['firstRecordId', firstRecordId, association.firstObjectToSecondObjectMaxLimit],
		['secondRecordId', secondRecordId, association.secondObjectToFirstObjectMaxLimit],
	] as const;
	for (const [side, id, limit] of sides) {
		const related = state
			.listRelationsOf(id)
			.filter((relation) => relation.associationId === association.id && relation[side] === id);
		if (related.length >= limit) return { id, limit };
	}
	return undefined;
}

/** An object's ID: 24 hex digits that follow from its key. */
const objectId = (key: string) => Buffer.from(key.padEnd(12)).toString('hex').slice(-24);

/** Contacts and opportunities are read by page up to a limit; of other objects no limit is known. */
function search(
	{ body, state, settings, location }: Call,
	object: string,
	name: string,
	describe: (id: string, createdAt: string) => object,
): HandlerResponse {
	const asked = body as unknown as Search & { limit?: number };
	const { pageLimit = asked.limit!, page = 1 } = asked;
	const { searchAfter = [] } = settings.ignoreSearchAfter ? {} : asked;
	if (name !== 'records' && searchAfter.length === 0 && page * pageLimit > 10_000)
		return refuse(400, 'Only 10000 records can be read by page, use searchAfter instead');
	const { records, total } =
		body.locationId === settings.location
			? state.records.search(object, { page, pageLimit, searchAfter })
			: { records: [], total: 0 };
	const described = records.map((record) => ({
		...{ id: record.id, locationId: location, searchAfter: searchAfterOf(record) },
		...describe(record.id, new Date(timeOf(record)).toISOString()),
	}));
	for (const id of state.records.applyChanges(settings.recordChanges, object))
		state.removeRecord(id);
	return { body: { [name]: described, total } };
}
