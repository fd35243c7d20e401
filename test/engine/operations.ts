import type { INodeParameters } from 'n8n-workflow';

/** The request that an operation makes in the end, as HighLevel's contract names it; taken from its public API documentation. */
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

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const byKey = (value: string) => ({ __rl: true, mode: 'key', value });

/** The operations that combine several endpoints. */
export const combined: Record<string, { parameters: INodeParameters }> = {
	'association backUp': {
		parameters: association('backUp', { associationId: byId(ASSOCIATION) }),
	},
	'association restore': {
		parameters: association('restore', {
			backup: JSON.stringify({
				association: {
					id: 'gone',
					key: 'owner_pet',
					firstObjectKey: 'contact',
					firstObjectLabel: 'Owner',
					secondObjectKey: 'custom_objects.pets',
					secondObjectLabel: 'Pet',
				},
				relations: [],
			}),
		}),
	},
};

/** One case for each of the ten endpoints of the contract. */
export const cases: Record<string, Case> = {
	'association create': {
		method: 'POST',
		path: '/associations/',
		required: [
			'locationId',
			'key',
			'firstObjectLabel',
			'firstObjectKey',
			'secondObjectLabel',
			'secondObjectKey',
		],
		scope: 'associations.write',
		parameters: association('create', {
			key: 'owner_pet',
			firstObjectLabel: 'Owner',
			firstObjectKey: 'contact',
			secondObjectLabel: 'Pet',
			secondObjectKey: 'custom_objects.pets',
		}),
	},
	'association delete': {
		method: 'DELETE',
		path: '/associations/{associationId}',
		required: [],
		scope: 'associations.write',
		parameters: association('delete', { associationId: byId(ASSOCIATION) }),
	},
	'association get by ID': {
		method: 'GET',
		path: '/associations/{associationId}',
		required: [],
		scope: 'associations.readonly',
		parameters: association('get', { associationId: byId(ASSOCIATION) }),
	},
	'association get by key': {
		method: 'GET',
		path: '/associations/key/{key_name}',
		required: ['locationId'],
		scope: 'associations.readonly',
		parameters: association('get', { associationId: byKey(KEY) }),
	},
	'association getMany': {
		method: 'GET',
		path: '/associations/',
		required: ['locationId', 'skip', 'limit'],
		scope: 'associations.readonly',
		parameters: association('getMany', { returnAll: false, limit: 2 }),
	},
	'association getMany of an object': {
		method: 'GET',
		path: '/associations/objectKey/{objectKey}',
		required: [],
		scope: 'associations.readonly',
		parameters: association('getMany', {
			returnAll: true,
			filters: { objectKey: 'custom_objects.students' },
		}),
	},
	'association update': {
		method: 'PUT',
		path: '/associations/{associationId}',
		required: ['firstObjectLabel', 'secondObjectLabel'],
		scope: 'associations.write',
		parameters: association('update', {
			associationId: byId(ASSOCIATION),
			firstObjectLabel: 'Pupil',
			secondObjectLabel: 'Tutor',
		}),
	},
	'relation create': {
		method: 'POST',
		path: '/associations/relations',
		required: ['locationId', 'associationId', 'firstRecordId', 'secondRecordId'],
		scope: 'associations/relation.write',
		parameters: relation('create', {
			associationId: byId(ASSOCIATION),
			firstRecordId: 'firstRecord',
			secondRecordId: 'secondRecord',
		}),
	},
	'relation delete': {
		method: 'DELETE',
		path: '/associations/relations/{relationId}',
		required: ['locationId'],
		scope: 'associations/relation.write',
		parameters: relation('delete', { relationId: RELATION }),
	},
	'relation getMany': {
		method: 'GET',
		path: '/associations/relations/{recordId}',
		required: ['locationId', 'skip', 'limit'],
		scope: 'associations/relation.readonly',
		parameters: relation('getMany', { recordId: RECORD, returnAll: false, limit: 2 }),
	},
};
