/** The four scopes a token can have on these endpoints. */
export const scopes = [
	'associations.readonly',
	'associations.write',
	'associations/relation.readonly',
	'associations/relation.write',
] as const;

export type Scope = (typeof scopes)[number];

/** The values of the `Version` header that are accepted. */
export const versions = ['2021-07-28', 'v3'] as const;

/** A JSON schema, as far as the contract needs one. */
export interface Schema {
	[keyword: string]: unknown;
	type?: string;
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
	| 'deleteRelation';

/** One endpoint: what it needs and what it answers. */
export interface Endpoint {
	name: EndpointName;
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	scope: Scope;
	query?: Schema;
	body?: Schema;
	success: 200 | 201;
	answer: Schema;
}

const text: Schema = { type: 'string', minLength: 1 };
const count: Schema = { type: 'number', minimum: 0 };

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

const id: Schema = { type: 'string', pattern: '^[0-9a-f]{24}$' };

const association = allOf({
	locationId: text,
	id,
	key: text,
	...objects,
	associationType: { type: 'string', enum: ['USER_DEFINED', 'SYSTEM_DEFINED'] },
});

// The contract names the association object here too; these are the fields of the RelationCreate webhook.
const relation = allOf({
	id,
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

/** The ten endpoints; the routes are made from this table and the tests check the answers against it. */
export const endpoints: Endpoint[] = [
	{
		name: 'createAssociation',
		method: 'POST',
		path: '/associations/',
		scope: 'associations.write',
		body: allOf({ locationId: text, key: text, ...objects }),
		success: 201,
		answer: association,
	},
	{
		name: 'findAssociations',
		method: 'GET',
		path: '/associations/',
		scope: 'associations.readonly',
		query: allOf({ locationId: text, skip: count, limit: count }),
		success: 200,
		answer: associationList,
	},
	{
		name: 'getAssociation',
		method: 'GET',
		path: '/associations/{associationId}',
		scope: 'associations.readonly',
		success: 200,
		answer: association,
	},
	{
		name: 'getAssociationByKey',
		method: 'GET',
		path: '/associations/key/{key_name}',
		scope: 'associations.readonly',
		query: allOf({ locationId: text }),
		success: 200,
		answer: association,
	},
	{
		name: 'getAssociationsByObjectKey',
		method: 'GET',
		path: '/associations/objectKey/{objectKey}',
		scope: 'associations.readonly',
		query: { type: 'object', properties: { locationId: text } },
		success: 200,
		answer: associationList,
	},
	{
		name: 'updateAssociation',
		method: 'PUT',
		path: '/associations/{associationId}',
		scope: 'associations.write',
		body: allOf({ firstObjectLabel: text, secondObjectLabel: text }),
		success: 200,
		answer: association,
	},
	{
		name: 'deleteAssociation',
		method: 'DELETE',
		path: '/associations/{associationId}',
		scope: 'associations.write',
		success: 200,
		answer: deleted,
	},
	{
		name: 'createRelation',
		method: 'POST',
		path: '/associations/relations',
		scope: 'associations/relation.write',
		body: allOf({
			locationId: text,
			associationId: text,
			firstRecordId: text,
			secondRecordId: text,
		}),
		success: 201,
		answer: relation,
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
		answer: relationList,
	},
	{
		name: 'deleteRelation',
		method: 'DELETE',
		path: '/associations/relations/{relationId}',
		scope: 'associations/relation.write',
		query: allOf({ locationId: text }),
		success: 200,
		answer: deleted,
	},
];

const status: Schema = { type: 'number' };

/** The body of a refused request: 400 and 401, and 403, 404 and 429, which the contract leaves out. */
export const errorBody: Schema = {
	type: 'object',
	properties: { statusCode: status, message: text, error: text },
	required: ['statusCode', 'message'],
};

/** The body of an answer with status 422, whose message is a list. */
export const validationErrorBody: Schema = {
	type: 'object',
	properties: {
		statusCode: status,
		message: { type: 'array', items: text, minItems: 1 },
		error: text,
	},
	required: ['message'],
};
