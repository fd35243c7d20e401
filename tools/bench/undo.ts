import type { INode, INodeParameters } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../test/n8n/harness/credentials';
import {
	createUndoNodes,
	describeSeeded,
	SEEDED,
	seedUndo,
} from '../../test/n8n/harness/undoWorkflow';
import { chain, node, sequence, to, type WorkflowFile } from '../../test/n8n/harness/workflow';
import { progress } from '../../test/program/progress';
import { unreliable } from '../../test/simulator/faults';
import { floorOf } from '../../test/simulator/rateLimit';
import { LOCATION } from '../../test/simulator/webhooks';
import type { Settings } from '../../test/simulator/settings';
import { LIMIT } from './cases';
import { BATCHING, HTTP_REQUEST_NODE, NODE, RETRY } from './contestants';
import { CREDENTIALS, runMeasured, type Arena } from './measure';
import { aligned, mebibytes, seconds } from './table';

/** An association that is backed up, deleted and restored. */
export interface UndoCase {
	name: string;
	title: string;
	contacts: number;
	/** Records of the other object, of which there are fewer. */
	records: number;
	relations: number;
	highLevel: Partial<Settings>;
}

export const undoCases: UndoCase[] = [
	{
		name: 'undo',
		title: 'Back up, delete, restore; 100 per 10 s, nobody else',
		contacts: 3_000,
		records: 400,
		relations: 2_500,
		highLevel: LIMIT,
	},
	{
		name: 'undo-faults',
		title:
			'Back up, delete, restore; others send 2 a second, 5 % broken connections or 503 responses',
		contacts: 1_200,
		records: 160,
		relations: 1_000,
		highLevel: { ...LIMIT, foreign: 2, faults: unreliable(0.05) },
	},
];

/** A case small enough to see in a minute that the benchmark works. */
export const quickUndo = ({ records, relations, ...one }: UndoCase): UndoCase => ({
	...one,
	records: records / 10,
	relations: relations / 10,
});

/** One way to do it, by a workflow. */
export interface UndoContestant {
	name: string;
	title: string;
	workflow(
		highLevel: string,
		associationId: string,
		credentials: INode['credentials'],
	): WorkflowFile;
}

/** Sends a request for each item, and gives its nodes: one, or a loop that begins with the first of them. */
type Each = (name: string, request: INodeParameters, more?: Partial<INode>) => INode[];

/** As a user can build it who knows the API: it goes by the stored order of the objects, and reads the smaller one's records. */
const httpWorkflow =
	(createEach: (http: Each) => Each): UndoContestant['workflow'] =>
	(highLevel, associationId, credentials) => {
		const http: Each = (name, { url, body, options = {}, ...parameters }, more) => {
			const sent = {
				url: `=${highLevel}${String(url)}`,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: CREDENTIAL_TYPE,
				...parameters,
				...(body && { sendBody: true, specifyBody: 'json', jsonBody: `={{ ${String(body)} }}` }),
				options,
			};
			return [node(name, ...HTTP_REQUEST_NODE, sent, { credentials, ...RETRY, ...more })];
		};
		const other = (name: string, type: string, version: number, parameters?: INodeParameters) => [
			node(name, `n8n-nodes-base.${type}`, version, parameters),
		];
		const each = createEach(http);
		const locationId = `locationId: '${LOCATION}'`;
		const isSwapped =
			"$('Create').first().json.firstObjectKey !== $('Association').first().json.firstObjectKey";
		const once = { executeOnce: true };
		const parts = [
			other('Trigger', 'manualTrigger', 1),
			http('Association', { url: `/associations/${associationId}` }),
			http('Records', {
				method: 'POST',
				url: `/objects/${SEEDED.object}/records/search`,
				body: `{ ${locationId}, page: 1, pageLimit: 500 }`,
			}),
			other('Each record', 'splitOut', 1, { fieldToSplitOut: 'records' }),
			each('Relations', {
				url: `/associations/relations/{{ $json.id }}?locationId=${LOCATION}&associationIds=${associationId}&skip=0&limit=100`,
			}),
			other('Each relation', 'splitOut', 1, { fieldToSplitOut: 'relations' }),
			http('Delete', { method: 'DELETE', url: `/associations/${associationId}` }, once),
			http('Create', {
				method: 'POST',
				url: '/associations/',
				body: `(({ key, firstObjectKey, firstObjectLabel, secondObjectKey, secondObjectLabel }) => ({ ${locationId}, key, firstObjectKey, firstObjectLabel, secondObjectKey, secondObjectLabel }))($('Association').first().json)`,
			}),
			other('Backup', 'set', 3.4, {
				mode: 'raw',
				jsonOutput: "={{ { relations: $('Each relation').all().map(({ json }) => json) } }}",
			}),
			other('Each again', 'splitOut', 1, { fieldToSplitOut: 'relations' }),
			each(
				'Relate',
				{
					method: 'POST',
					url: '/associations/relations',
					body: `{ ${locationId}, associationId: $('Create').first().json.id, firstRecordId: ${isSwapped} ? $json.secondRecordId : $json.firstRecordId, secondRecordId: ${isSwapped} ? $json.firstRecordId : $json.secondRecordId }`,
				},
				{ onError: 'continueRegularOutput' },
			),
		];
		const connections = chain(...parts.map(([first]) => first!));
		for (const [loop, ...looped] of parts.filter(({ length }) => length > 1)) {
			const [done = []] = connections[loop!.name]?.main ?? [];
			Object.assign(connections, chain(...looped, loop!));
			connections[loop!.name] = { main: [done, [to(looped[0]!.name)]] };
		}
		return { name: 'Undo', nodes: parts.flat(), connections };
	};

/** n8n's Batching sends 10 a second. Retry On Fail sends all of them again where one failed, unless the node continues. */
const inBatches =
	(http: Each): Each =>
	(name, request, more) =>
		http(name, { ...request, options: BATCHING }, more);

/** In Loop Over Items each is sent and tried again by itself. */
const oneByOne =
	(http: Each): Each =>
	(name, request, more) => [
		node(`${name}: loop`, 'n8n-nodes-base.splitInBatches', 3, { batchSize: 1 }),
		...http(name, request, more),
		node(`${name}: wait`, 'n8n-nodes-base.wait', 1.1, { amount: 0.1 }),
	];

export const undoContestants: UndoContestant[] = [
	{
		name: NODE,
		title: 'This node',
		workflow: (_highLevel, _associationId, credentials) =>
			sequence('Undo', ...createUndoNodes(credentials)),
	},
	{
		name: 'batching',
		title: 'HTTP Request, batches of 10 a second, Retry On Fail 5 × 5 s',
		workflow: httpWorkflow(inBatches),
	},
	{
		name: 'loop',
		title: 'HTTP Request in Loop Over Items, Retry On Fail 5 × 5 s',
		workflow: httpWorkflow(oneByOne),
	},
];

/** Runs each contestant in turn, and gives their figures as a table. */
export async function measureUndo(
	arena: Arena,
	one: UndoCase,
	contestants: UndoContestant[],
): Promise<string> {
	const lines: string[][] = [];
	for (const contestant of contestants) {
		const text = `${one.name}, ${contestant.title}`;
		lines.push(await progress(text, async () => await measure(arena, one, contestant)));
	}
	return [
		`${one.title}: ${one.contacts} contacts, ${one.records} records, ${one.relations} relations. Time over the floor, ${seconds(floorFor(one))}.`,
		...aligned([COLUMNS, ...lines]),
		'',
	].join('\n');
}

/** The fewest requests: a page of records, their relations, and what is deleted and made again. */
const fewest = ({ records, relations }: UndoCase) =>
	Math.ceil(records / 500) + records + 2 + relations;

const floorFor = (one: UndoCase) => floorOf(one.highLevel, fewest(one))!;

const COLUMNS = [
	...['', 'lost', 'requests', 'least', '429s', 'time', 'time over', 'memory', 'nodes', 'run'],
];

async function measure(
	{ simulator, program }: Arena,
	one: UndoCase,
	{ title, workflow: createWorkflow }: UndoContestant,
): Promise<string[]> {
	const seeds = seedUndo(one.contacts, one.records, one.relations);
	await simulator.reset({ ...one.highLevel, ...seeds });
	const before = await simulator.state();
	const workflow = createWorkflow(simulator.url, before.associations[0]!.id, CREDENTIALS);
	const { memory, status, error, raw } = await runMeasured({ simulator, program }, workflow);
	const left = new Set(describeSeeded(await simulator.state()).pairs);
	const requests = await simulator.requests();
	const time = Date.parse(raw.stoppedAt) - Date.parse(raw.startedAt);
	const isDeleted = requests.some(({ method, status }) => method === 'DELETE' && status === 200);
	return [
		title,
		String(describeSeeded(before).pairs.filter((pair) => !left.has(pair)).length),
		String(requests.length),
		String(fewest(one)),
		String(requests.filter(({ status }) => status === 429).length),
		seconds(time),
		`${(time / floorFor(one)).toFixed(2)} ×`,
		mebibytes(memory),
		String(workflow.nodes.length),
		status === 'success' ? status : `${isDeleted ? '' : 'deleted nothing: '}${error?.message}`,
	];
}
