import type { INodeParameters } from 'n8n-workflow';

import { locate } from '../n8n/harness/workflow';
import { endpoints, type Endpoint, type EndpointName } from '../simulator/contract';

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

/**
 * By name: the endpoint of the contract that is asked, of several the first; how the advice on a 404 begins; and the
 * operation's parameters.
 */
const table: Record<string, [EndpointName, string, INodeParameters]> = {
	'association backUp': [
		'getAssociation',
		'Check the ID: the association may',
		association('backUp', { associationId: locate('id', ASSOCIATION) }),
	],
	'association create': [
		'createAssociation',
		'Check the object keys: one of the objects may',
		association('create', PET_OWNER),
	],
	'association delete': [
		'deleteAssociation',
		'Check the ID: the association may',
		association('delete', { associationId: locate('id', ASSOCIATION) }),
	],
	'association get by ID': [
		'getAssociation',
		'Check the ID: the association may',
		association('get', { associationId: locate('id', ASSOCIATION) }),
	],
	'association get by key': [
		'getAssociationByKey',
		'Check the key: the association may',
		association('get', { associationId: locate('key', KEY) }),
	],
	'association getMany': [
		'findAssociations',
		'Check the IDs and values of this item.',
		association('getMany', { returnAll: false, limit: 2 }),
	],
	'association getMany of an object': [
		'getAssociationsByObjectKey',
		'Check the object key: the object may',
		association('getMany', {
			...{ returnAll: true, filters: { objectKey: 'custom_objects.students' } },
		}),
	],
	'association restore': [
		'getAssociation',
		'Check the key: the association may',
		association('restore', {
			backup: JSON.stringify({ association: { id: 'gone', ...PET_OWNER }, relations: [] }),
		}),
	],
	'association update': [
		'updateAssociation',
		'Check the ID: the association may',
		association('update', {
			associationId: locate('id', ASSOCIATION),
			...{ firstObjectLabel: 'Pupil', secondObjectLabel: 'Tutor' },
		}),
	],
	'relation create': [
		'createRelation',
		'Check the IDs: the association or a record may',
		relation('create', {
			associationId: locate('id', ASSOCIATION),
			...{ firstRecordId: 'firstRecord', secondRecordId: 'secondRecord' },
		}),
	],
	'relation delete': [
		'deleteRelation',
		'Check the ID: the relation may',
		relation('delete', { relationId: RELATION }),
	],
	'relation getMany': [
		'getRelations',
		'Check the record ID: the record may',
		relation('getMany', { recordId: RECORD, returnAll: false, limit: 2 }),
	],
};

/** What an operation asks, as HighLevel's contract has it, and what it says where that is not found. */
export interface Case {
	endpoint: Endpoint;
	notFound: string;
	parameters: INodeParameters;
}

/** A case for each operation and for each endpoint of associations. */
export const cases: Record<string, Case> = Object.fromEntries(
	Object.entries(table).map(([name, [endpointName, notFound, parameters]]) => {
		const endpoint = endpoints.find((one) => one.name === endpointName)!;
		return [name, { endpoint, notFound, parameters }];
	}),
);
