import type { INodeParameters } from 'n8n-workflow';

import { locate } from '../n8n/harness/workflow';

/**
 * The request that an operation makes, of several the first, as HighLevel's contract names it; taken from its public API
 * documentation.
 */
export interface Case {
	method: string;
	/** With the contract's own names of the path parameters. */
	path: string;
	/** Query and body parameters that the contract requires. */
	required: string[];
	scope: string;
	parameters: INodeParameters;
}

const association = (operation: string, more: INodeParameters = {}) => ({
	resource: 'association',
	operation,
	...more,
});
const relation = (operation: string, more: INodeParameters = {}) => ({
	resource: 'relation',
	operation,
	...more,
});

/** IDs of the things that the simulator is started with. */
export const ASSOCIATION = '6d6f6e676f5f000000000001';
export const KEY = 'student_teacher';
export const RELATION = '72656c617465000000000001';
export const RECORD = 'FunXWMbqqVSQaw3UuPaE';

const PET_OWNER = {
	key: 'owner_pet',
	...{ firstObjectLabel: 'Owner', firstObjectKey: 'contact' },
	...{ secondObjectLabel: 'Pet', secondObjectKey: 'custom_objects.pets' },
};

const LABELS = 'firstObjectLabel secondObjectLabel';

/** Route, what it requires in its query or body, scope, and parameters of the operation. */
const table: Record<string, [string, string, string, INodeParameters]> = {
	'association backUp': [
		'GET /associations/{associationId}',
		'',
		'associations.readonly',
		association('backUp', { associationId: locate('id', ASSOCIATION) }),
	],
	'association create': [
		'POST /associations/',
		`locationId key firstObjectKey secondObjectKey ${LABELS}`,
		'associations.write',
		association('create', PET_OWNER),
	],
	'association delete': [
		'DELETE /associations/{associationId}',
		'',
		'associations.write',
		association('delete', { associationId: locate('id', ASSOCIATION) }),
	],
	'association get by ID': [
		'GET /associations/{associationId}',
		'',
		'associations.readonly',
		association('get', { associationId: locate('id', ASSOCIATION) }),
	],
	'association get by key': [
		'GET /associations/key/{key_name}',
		'locationId',
		'associations.readonly',
		association('get', { associationId: locate('key', KEY) }),
	],
	'association getMany': [
		'GET /associations/',
		'locationId skip limit',
		'associations.readonly',
		association('getMany', { returnAll: false, limit: 2 }),
	],
	'association getMany of an object': [
		'GET /associations/objectKey/{objectKey}',
		'',
		'associations.readonly',
		association('getMany', {
			...{ returnAll: true, filters: { objectKey: 'custom_objects.students' } },
		}),
	],
	'association restore': [
		'GET /associations/{associationId}',
		'',
		'associations.readonly',
		association('restore', {
			backup: JSON.stringify({ association: { id: 'gone', ...PET_OWNER }, relations: [] }),
		}),
	],
	'association update': [
		'PUT /associations/{associationId}',
		LABELS,
		'associations.write',
		association('update', {
			associationId: locate('id', ASSOCIATION),
			...{ firstObjectLabel: 'Pupil', secondObjectLabel: 'Tutor' },
		}),
	],
	'relation create': [
		'POST /associations/relations',
		'locationId associationId firstRecordId secondRecordId',
		'associations/relation.write',
		relation('create', {
			associationId: locate('id', ASSOCIATION),
			...{ firstRecordId: 'firstRecord', secondRecordId: 'secondRecord' },
		}),
	],
	'relation delete': [
		'DELETE /associations/relations/{relationId}',
		'locationId',
		'associations/relation.write',
		relation('delete', { relationId: RELATION }),
	],
	'relation getMany': [
		'GET /associations/relations/{recordId}',
		'locationId skip limit',
		'associations/relation.readonly',
		relation('getMany', { recordId: RECORD, returnAll: false, limit: 2 }),
	],
};

/** A case for each operation and for each of the ten endpoints of the contract. */
export const cases: Record<string, Case> = Object.fromEntries(
	Object.entries(table).map(([name, [route, required, scope, parameters]]) => {
		const [method = '', path = ''] = route.split(' ');
		return [
			name,
			{ method, path, required: required.split(' ').filter(Boolean), scope, parameters },
		];
	}),
);
