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

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What an endpoint needs besides its scope, and its status if that is not 200. */
interface Needs {
	query?: Schema;
	body?: Schema;
	/** Whether it takes an agency's token, not a sub-account's. */
	agency?: true;
	success?: 201;
}

const text: Schema = { type: 'string', minLength: 1 };
const texts = (...names: string[]): Record<string, Schema> =>
	Object.fromEntries(names.map((name) => [name, text]));
const count: Schema = { type: 'number', minimum: 0 };

/** A body: a field that is not listed is refused, as live HighLevel does. */
const createBody = (properties: Record<string, Schema>, required?: string[]): Schema => ({
	type: 'object',
	properties,
	required: required ?? Object.keys(properties),
	additionalProperties: false,
});

const optional = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
	type: 'object',
	properties,
	required,
});

const allOf = (properties: Record<string, Schema>): Schema =>
	optional(properties, Object.keys(properties));

const listOf = (name: string, item: Schema, others: Record<string, Schema> = {}): Schema => ({
	anyOf: [
		allOf({ [name]: { type: 'array', items: item }, ...others }),
		{ type: 'array', items: item },
		item,
	],
});

const labels = texts('firstObjectLabel', 'secondObjectLabel');
const objects = texts(
	...['firstObjectLabel', 'firstObjectKey', 'secondObjectLabel', 'secondObjectKey'],
);

export const associationFields = {
	...texts('locationId', 'id', 'key'),
	...objects,
	// In live responses, though not in the contract.
	...texts('firstObjectToSecondObjectCardinality', 'secondObjectToFirstObjectCardinality'),
	...{ firstObjectToSecondObjectMaxLimit: count, secondObjectToFirstObjectMaxLimit: count },
	associationType: { type: 'string', enum: ['USER_DEFINED', 'SYSTEM_DEFINED'] },
};

// The contract names the association object here too; these are the fields of the RelationCreate webhook.
export const relationFields = {
	...texts('id', 'associationId', 'locationId'),
	...texts('firstObjectKey', 'firstRecordId', 'secondObjectKey', 'secondRecordId'),
};

const association = allOf(associationFields);
const relation = allOf(relationFields);
const deleted = allOf({ deleted: { type: 'boolean' }, id: text, message: text });

// The contract names one object for the lists; clients in the wild saw an object with a list, and a list.
const associationList = listOf('associations', association);
const relationList = listOf('relations', relation, { total: count });

const positive: Schema = { type: 'number', minimum: 1 };
const page = { locationId: text, skip: count, limit: count };
const pageSize: Schema = { ...positive, maximum: 500 };
const anyText: Schema = { type: 'string' };
const searchAfter: Schema = { type: 'array', items: { type: ['string', 'number'] } };
const flag: Schema = { type: 'boolean' };
const anyObject: Schema = { type: 'object' };

const recordList = (name: string, item: Schema): Schema =>
	allOf({ [name]: { type: 'array', items: item }, total: count });

const locationToken = [
	'oauth.write',
	allOf(texts('access_token', 'token_type', 'locationId', 'userId')),
	{ body: createBody(texts('companyId', 'locationId')), agency: true },
] satisfies [Scope, Schema, Needs];

/** By name: route, scope, response and what else it needs. The routes are made from this table. */
const table = {
	createAssociation: [
		'POST /associations/',
		'associations.write',
		association,
		{ body: createBody({ locationId: text, key: text, ...objects }), success: 201 },
	],
	findAssociations: [
		'GET /associations/',
		'associations.readonly',
		associationList,
		{ query: allOf(page) },
	],
	getAssociation: ['GET /associations/{associationId}', 'associations.readonly', association],
	getAssociationByKey: [
		'GET /associations/key/{key_name}',
		'associations.readonly',
		association,
		{ query: allOf({ locationId: text }) },
	],
	getAssociationsByObjectKey: [
		'GET /associations/objectKey/{objectKey}',
		'associations.readonly',
		associationList,
		{ query: optional({ locationId: text, includeInternalAssociations: flag }) },
	],
	updateAssociation: [
		'PUT /associations/{associationId}',
		'associations.write',
		association,
		{ body: createBody(labels) },
	],
	deleteAssociation: ['DELETE /associations/{associationId}', 'associations.write', deleted],
	createRelation: [
		'POST /associations/relations',
		'associations/relation.write',
		relation,
		{
			body: createBody(texts('locationId', 'associationId', 'firstRecordId', 'secondRecordId')),
			success: 201,
		},
	],
	getRelations: [
		'GET /associations/relations/{recordId}',
		'associations/relation.readonly',
		relationList,
		{
			query: optional(
				{ ...page, associationIds: { type: 'array', items: anyText } },
				Object.keys(page),
			),
		},
	],
	deleteRelation: [
		'DELETE /associations/relations/{relationId}',
		'associations/relation.write',
		deleted,
		{ query: allOf({ locationId: text }) },
	],
	searchContacts: [
		'POST /contacts/search',
		'contacts.readonly',
		recordList('contacts', allOf({ id: text, locationId: text, searchAfter })),
		{
			// The contract leaves the body open; this is what HighLevel's guide to the search describes.
			body: optional({ locationId: text, pageLimit: pageSize, page: positive, searchAfter }, [
				'locationId',
				'pageLimit',
			]),
		},
	],
	searchOpportunities: [
		'POST /opportunities/search',
		'opportunities.readonly',
		recordList('opportunities', allOf({ id: text, locationId: text })),
		{
			// The contract requires all six; HighLevel's guide to the search, these two.
			body: createBody(
				{
					...{ locationId: text, query: anyText, limit: pageSize, page: positive, searchAfter },
					additionalDetails: createBody({
						...{ notes: flag, tasks: flag, calendarEvents: flag, unReadConversations: flag },
					}),
				},
				['locationId', 'limit'],
			),
		},
	],
	searchRecords: [
		'POST /objects/{schemaKey}/records/search',
		'objects/record.readonly',
		recordList(
			'records',
			allOf({
				...texts('id', 'locationId', 'objectId', 'objectKey', 'createdAt', 'updatedAt'),
				...{ owner: { type: 'array' }, followers: { type: 'array' }, searchAfter },
				...{ properties: anyObject, createdBy: anyObject, lastUpdatedBy: anyObject },
			}),
		),
		{
			// The contract requires all five; clients leave out the last two.
			body: createBody(
				{ locationId: text, page: positive, pageLimit: positive, query: anyText, searchAfter },
				['locationId', 'page', 'pageLimit'],
			),
		},
	],
	findObjects: [
		'GET /objects/',
		'objects/schema.readonly',
		allOf({
			objects: {
				type: 'array',
				items: allOf({
					...{ id: text, standard: flag, key: text, locationId: text },
					labels: allOf(texts('singular', 'plural')),
					...texts('primaryDisplayProperty', 'dateAdded', 'dateUpdated'),
				}),
			},
		}),
		{ query: allOf({ locationId: text }) },
	],
	getLocationToken: ['POST /oauth/locationToken', ...locationToken],
	getLocationTokenV3: ['POST /oauth/location-token', ...locationToken],
} satisfies Record<string, [`${Method} /${string}`, Scope, Schema, Needs?]>;

export type EndpointName = keyof typeof table;

/** One endpoint: what it needs and what it returns. */
export interface Endpoint extends Omit<Needs, 'success'> {
	name: EndpointName;
	method: Method;
	path: string;
	scope: Scope;
	success: 200 | 201;
	response: Schema;
}

/** All of them; the tests check the responses against it. */
export const endpoints: Endpoint[] = Object.entries(table).map(
	([name, [route, scope, response, needs = {}]]) => {
		const [method, path] = route.split(' ') as [Method, string];
		return { name: name as EndpointName, method, path, scope, response, success: 200, ...needs };
	},
);

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
