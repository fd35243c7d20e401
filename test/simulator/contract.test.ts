import { endpoints, type Schema } from './contract';

/**
 * What HighLevel's OpenAPI files say: route, scope, query and body parameters with those required marked by `*`, status.
 * `+` marks what only live clients show, and `?` what the files require though live clients leave it out.
 */
const facts = `
POST /associations/ | associations.write | - | locationId* key* firstObjectLabel* firstObjectKey* secondObjectLabel* secondObjectKey* | 201
GET /associations/ | associations.readonly | locationId* skip* limit* | - | 200
GET /associations/{associationId} | associations.readonly | - | - | 200
GET /associations/key/{key_name} | associations.readonly | locationId* | - | 200
GET /associations/objectKey/{objectKey} | associations.readonly | locationId +includeInternalAssociations | - | 200
PUT /associations/{associationId} | associations.write | - | firstObjectLabel* secondObjectLabel* | 200
DELETE /associations/{associationId} | associations.write | - | - | 200
POST /associations/relations | associations/relation.write | - | locationId* associationId* firstRecordId* secondRecordId* | 201
GET /associations/relations/{recordId} | associations/relation.readonly | locationId* skip* limit* associationIds | - | 200
DELETE /associations/relations/{relationId} | associations/relation.write | locationId* | - | 200
POST /contacts/search | contacts.readonly | - | +locationId* +pageLimit* +page +searchAfter | 200
POST /opportunities/search | opportunities.readonly | - | locationId* query? limit* page? searchAfter? additionalDetails? | 200
POST /objects/{schemaKey}/records/search | objects/record.readonly | - | locationId* page* pageLimit* query? searchAfter? | 200
GET /objects/ | objects/schema.readonly | locationId* | - | 200
POST /oauth/locationToken | oauth.write | - | companyId* locationId* | 200
POST /oauth/location-token | oauth.write | - | companyId* locationId* | 200
`;

const describeFields = ({ properties = {}, required = [] }: Schema = {}) =>
	Object.keys(properties)
		.map((name) => (required.includes(name) ? `${name}*` : name))
		.join(' ') || '-';

test("the table of endpoints agrees with HighLevel's contract", () => {
	const lines = endpoints.map(({ method, path, scope, query, body, success }) =>
		[`${method} ${path}`, scope, describeFields(query), describeFields(body), success].join(' | '),
	);
	expect(lines).toEqual(facts.trim().replace(/[+?]/g, '').split('\n'));
});
