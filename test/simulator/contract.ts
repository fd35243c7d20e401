/** The scopes that a sub-account's token can have on these endpoints. */
export const scopes = [
	'associations.readonly',
	'associations.write',
	'associations/relation.readonly',
	'associations/relation.write',
	'contacts.readonly',
	'objects/record.readonly',
	'objects/schema.readonly',
	'opportunities.readonly',
] as const;

/** The scopes that only an agency's token can have. */
export const agencyScopes = ['oauth.readonly', 'oauth.write'] as const;

export type Scope = (typeof scopes)[number] | (typeof agencyScopes)[number];

/** The values of the `Version` header that are accepted. */
export const versions = ['2021-07-28', 'v3'] as const;

/** A JSON schema, as far as the contract needs one. */
export interface Schema {
	[keyword: string]: unknown;
	type?: string | string[];
	required?: readonly string[];
	properties?: Record<string, Schema>;
}

export type EndpointName =
	| 'createAssociation'
	| 'findAssociations'
	| 'getAssociation'
	| 'getAssociationByKey'
	| 'getAssociationsByObjectKey'
	| 'updateAssociation'
	| 'deleteAssociation'
	| 'createRelation'
	| 'getRelations'
	| 'deleteRelation'
	| 'searchContacts'
	| 'searchOpportunities'
	| 'searchRecords'
	| 'findObjects'
	| 'getLocationToken'
	| 'getLocationTokenV3'
	| 'getInstalledLocations';

/** One endpoint: what it needs and what it returns. */
export interface Endpoint {
	name: EndpointName;
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	scope: Scope;
	query?: Schema;
	body?: Schema;
	/** Whether it takes an agency's token, not a sub-account's. */
	agency?: true;
	success: 200 | 201;
	response: Schema;
}

const text: Schema = { type: 'string', minLength: 1 };
const count: Schema = { type: 'number', minimum: 0 };

/** A body: a field that is not listed is refused, as live HighLevel does. */
const createBody = (properties: Record<string, Schema>, required?: string[]): Schema => ({
	type: 'object',
	properties,
	required: required ?? Object.keys(properties),
	additionalProperties: false,
});

const allOf = (properties: Record<string, Schema>): Schema => ({
	type: 'object',
	properties,
	required: Object.keys(properties),
});

const listOf = (name: string, item: Schema, others: Record<string, Schema> = {}): Schema => ({
	anyOf: [
		allOf({ [name]: { type: 'array', items: item }, ...others }),
		{ type: 'array', items: item },
		item,
	],
});

const objects = {
	firstObjectLabel: text,
	firstObjectKey: text,
	secondObjectLabel: text,
	secondObjectKey: text,
};

/** In live responses, though not in the contract. */
const cardinality = {
	firstObjectToSecondObjectCardinality: text,
	secondObjectToFirstObjectCardinality: text,
	firstObjectToSecondObjectMaxLimit: count,
	secondObjectToFirstObjectMaxLimit: count,
};

const association = allOf({
	locationId: text,
	id: text,
	key: text,
	...objects,
	...cardinality,
	associationType: { type: 'string', enum: ['USER_DEFINED', 'SYSTEM_DEFINED'] },
});

// The contract names the association object here too; these are the fields of the RelationCreate webhook.
const relation = allOf({
	id: text,
	associationId: text,
	firstObjectKey: text,
	firstRecordId: text,
	secondObjectKey: text,
	secondRecordId: text,
	locationId: text,
});

const deleted = allOf({ deleted: { type: 'boolean' }, id: text, message: text });

// The contract names one object for the lists; clients in the wild saw an object with a list, and a list.
const associationList = listOf('associations', association);
const relationList = listOf('relations', relation, { total: count });

const positive: Schema = { type: 'number', minimum: 1 };
const anyText: Schema = { type: 'string' };
const searchAfter: Schema = { type: 'array', items: { type: ['string', 'number'] } };
const flag: Schema = { type: 'boolean' };

const recordList = (name: string, item: Schema): Schema =>
	allOf({ [name]: { type: 'array', items: item }, total: count });

const locationToken: Omit<Endpoint, 'name' | 'path'> = {
	method: 'POST',
	scope: 'oauth.write',
	body: createBody({ companyId: text, locationId: text }),
	agency: true,
	success: 200,
	response: allOf({ access_token: text, token_type: text, locationId: text, userId: text }),
};

/** The endpoints; the routes are made from this table and the tests check the responses against it. */
export const endpoints: Endpoint[] = [
	{
		name: 'createAssociation',
		method: 'POST',
		path: '/associations/',
		scope: 'associations.write',
		body: createBody({ locationId: text, key: text, ...objects }),
		success: 201,
		response: association,
	},
	{
		name: 'findAssociations',
		method: 'GET',
		path: '/associations/',
		scope: 'associations.readonly',
		query: allOf({ locationId: text, skip: count, limit: count }),
		success: 200,
		response: associationList,
	},
	{
		name: 'getAssociation',
		method: 'GET',
		path: '/associations/{associationId}',
		scope: 'associations.readonly',
		success: 200,
		response: association,
	},
	{
		name: 'getAssociationByKey',
		method: 'GET',
		path: '/associations/key/{key_name}',
		scope: 'associations.readonly',
		query: allOf({ locationId: text }),
		success: 200,
		response: association,
	},
	{
		name: 'getAssociationsByObjectKey',
		method: 'GET',
		path: '/associations/objectKey/{objectKey}',
		scope: 'associations.readonly',
		query: {
			type: 'object',
			properties: { locationId: text, includeInternalAssociations: { type: 'boolean' } },
		},
		success: 200,
		response: associationList,
	},
	{
		name: 'updateAssociation',
		method: 'PUT',
		path: '/associations/{associationId}',
		scope: 'associations.write',
		body: createBody({ firstObjectLabel: text, secondObjectLabel: text }),
		success: 200,
		response: association,
	},
	{
		name: 'deleteAssociation',
		method: 'DELETE',
		path: '/associations/{associationId}',
		scope: 'associations.write',
		success: 200,
		response: deleted,
	},
	{
		name: 'createRelation',
		method: 'POST',
		path: '/associations/relations',
		scope: 'associations/relation.write',
		body: createBody({
			locationId: text,
			associationId: text,
			firstRecordId: text,
			secondRecordId: text,
		}),
		success: 201,
		response: relation,
	},
	{
		name: 'getRelations',
		method: 'GET',
		path: '/associations/relations/{recordId}',
		scope: 'associations/relation.readonly',
		query: {
			type: 'object',
			properties: {
				locationId: text,
				skip: count,
				limit: count,
				associationIds: { type: 'array', items: { type: 'string' } },
			},
			required: ['locationId', 'skip', 'limit'],
		},
		success: 200,
		response: relationList,
	},
	{
		name: 'deleteRelation',
		method: 'DELETE',
		path: '/associations/relations/{relationId}',
		scope: 'associations/relation.write',
		query: allOf({ locationId: text }),
		success: 200,
		response: deleted,
	},
	{
		name: 'searchContacts',
		method: 'POST',
		path: '/contacts/search',
		scope: 'contacts.readonly',
		// The contract leaves the body open; this is what HighLevel's guide to the search describes.
		body: {
			type: 'object',
			properties: {
				locationId: text,
				pageLimit: { ...positive, maximum: 500 },
				page: positive,
				searchAfter,
			},
			required: ['locationId', 'pageLimit'],
		},
		success: 200,
		response: recordList('contacts', allOf({ id: text, locationId: text, searchAfter })),
	},
	{
		name: 'searchOpportunities',
		method: 'POST',
		path: '/opportunities/search',
		scope: 'opportunities.readonly',
		// The contract requires all six; HighLevel's guide to the search, these two.
		body: createBody(
			{
				locationId: text,
				query: anyText,
				limit: { ...positive, maximum: 500 },
				page: positive,
				searchAfter,
				additionalDetails: createBody({
					notes: flag,
					tasks: flag,
					calendarEvents: flag,
					unReadConversations: flag,
				}),
			},
			['locationId', 'limit'],
		),
		success: 200,
		response: recordList('opportunities', allOf({ id: text, locationId: text })),
	},
	{
		name: 'searchRecords',
		method: 'POST',
		path: '/objects/{schemaKey}/records/search',
		scope: 'objects/record.readonly',
		// The contract requires all five; clients leave out the last two.
		body: createBody(
			{ locationId: text, page: positive, pageLimit: positive, query: anyText, searchAfter },
			['locationId', 'page', 'pageLimit'],
		),
		success: 200,
		response: recordList(
			'records',
			allOf({
				id: text,
				owner: { type: 'array' },
				followers: { type: 'array' },
				properties: { type: 'object' },
				createdAt: text,
				updatedAt: text,
				locationId: text,
				objectId: text,
				objectKey: text,
				createdBy: { type: 'object' },
				lastUpdatedBy: { type: 'object' },
				searchAfter,
			}),
		),
	},
	{
		name: 'findObjects',
		method: 'GET',
		path: '/objects/',
		scope: 'objects/schema.readonly',
		query: allOf({ locationId: text }),
		success: 200,
		response: allOf({
			objects: {
				type: 'array',
				items: allOf({
					id: text,
					standard: flag,
					key: text,
					labels: allOf({ singular: text, plural: text }),
					locationId: text,
					primaryDisplayProperty: text,
					dateAdded: text,
					dateUpdated: text,
				}),
			},
		}),
	},
	{ ...locationToken, name: 'getLocationToken', path: '/oauth/locationToken' },
	{ ...locationToken, name: 'getLocationTokenV3', path: '/oauth/location-token' },
	{
		name: 'getInstalledLocations',
		method: 'GET',
		path: '/oauth/installedLocations',
		scope: 'oauth.readonly',
		agency: true,
		query: {
			type: 'object',
			properties: {
				companyId: text,
				appId: text,
				skip: count,
				limit: count,
				...Object.fromEntries(
					['query', 'isInstalled', 'versionId', 'onTrial', 'planId', 'locationId'].map((name) => [
						name,
						anyText,
					]),
				),
			},
			required: ['companyId', 'appId'],
		},
		success: 200,
		response: allOf({
			locations: {
				type: 'array',
				items: allOf({ _id: text, name: text, address: text, isInstalled: flag }),
			},
			count,
			installToFutureLocations: flag,
		}),
	},
];

const status: Schema = { type: 'number' };

/** The body of a refused request: 400 and 401, and 403, 404 and 429, which the contract leaves out. */
export const errorBody: Schema = {
	type: 'object',
	properties: { statusCode: status, message: text, error: text },
	required: ['statusCode', 'message'],
};

/** The body of a response with status 422, whose message is a list. */
export const validationErrorBody: Schema = {
	type: 'object',
	properties: {
		statusCode: status,
		message: { type: 'array', items: text, minItems: 1 },
		error: text,
	},
	required: ['message'],
};
