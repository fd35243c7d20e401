import { setTimeout as sleep } from 'node:timers/promises';

import { unreliable } from '../simulator/faults';
import { event } from '../simulator/webhooks';
import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { exampleWorkflows } from './harness/examples';
import { until } from './harness/n8nClient';
import { createTriggers } from './harness/triggers';
import { createUndoNodes, describeSeeded, seedUndo, UNDO } from './harness/undoWorkflow';
import { CREDENTIAL_TYPE, LOCATION, useN8n } from './harness/useN8n';
import { useOwnN8n } from './harness/useOwnN8n';
import { locate, node, sequence, type WorkflowFile, type WorkflowRun } from './harness/workflow';

const n8n = useN8n();
/** The one that is killed. */
const own = useOwnN8n();
const triggers = createTriggers(own);

const MANY = 500;

type Credentials = WorkflowFile['nodes'][number]['credentials'];

/** A workflow that deletes these associations. */
function deleting(ids: string[], credentials: Credentials): WorkflowFile {
	const associationId = locate('id', '={{ $json.id }}');
	const parameters = { associationId, options: { ifNotFound: 'succeed' } };
	return deleteWorkflow({ ids, credentials, settings: { parameters } });
}

/**
 * Starts a workflow in an n8n of its own, kills that n8n, starts it again and runs the same workflow.
 *
 * @param kill fulfilled when it is to be killed
 * @param look what is looked at in between
 */
async function runKilled<Seen>(
	create: (credentials: Credentials) => WorkflowFile,
	kill: () => Promise<unknown>,
	look: () => Promise<Seen>,
): Promise<{ seen: Seen; run: WorkflowRun; log: string }> {
	const before = own.log().length;
	const credential = await own.client.createCredential(n8n.credential({ locationId: LOCATION }));
	const workflowId = await own.client.createWorkflow(create({ [CREDENTIAL_TYPE]: credential }));
	await own.client.start(workflowId, NODES.trigger);
	await kill();
	await own.kill();
	const seen = await look();
	await own.restart();
	const run = await own.client.runStored(workflowId, NODES.trigger);
	return { seen, run, log: own.log().slice(before) };
}

/** Waits until so many deletions have arrived. */
const arrived = async (count: number) =>
	await until(`${count} deletions`, async () => (await n8n.deletions()).length >= count);

/** Which of these associations HighLevel no longer has. */
async function deletedAmong(ids: string[]): Promise<string[]> {
	const left = await n8n.ids();
	return ids.filter((id) => !left.includes(id));
}

test('stopping the execution sends nothing more, and the log names all that were deleted', async () => {
	await n8n.simulator.reset({ associations: MANY, limit: 0, latency: 100 });
	const ids = await n8n.ids();
	const before = n8n.log().length;
	const workflowId = await n8n.client.createWorkflow(deleting(ids, n8n.credentials));
	const executionId = await n8n.client.start(workflowId, NODES.trigger);
	await arrived(50);
	await n8n.client.rest('POST', `/executions/${executionId}/stop`);
	expect((await n8n.client.finishedRun(executionId)).status).toBe('canceled');

	const [report] = await until(
		'the report in the log',
		async () => /was stopped\. .*/.exec(n8n.log().slice(before)) ?? undefined,
	);
	const requests = await n8n.deletions();
	const deleted = await deletedAmong(ids);
	expect(deleted.map((id) => `/associations/${id}`).sort()).toEqual([...requests].sort());
	expect(deleted.length).toBeLessThan(MANY);
	for (const id of deleted) expect(report).toContain(id);
	await sleep(1_000);
	expect(await n8n.deletions()).toEqual(requests);
});

test('after n8n was killed amid 500, the same workflow deletes the others and reports each once', async () => {
	await n8n.simulator.reset({ associations: MANY, limit: 0, latency: 50 });
	const ids = await n8n.ids();
	const { seen: before, run } = await runKilled(
		(credentials) => deleting(ids, credentials),
		async () => await arrived(100),
		async () => await deletedAmong(ids),
	);
	expect(before.length).toBeGreaterThan(0);
	expect(before.length).toBeLessThan(MANY);
	expect(run.status).toBe('success');
	expect(await deletedAmong(ids)).toEqual(ids);
	expect(
		run.outputs(NODES.delete)[0]?.map(({ json, pairedItem }) => ({ ...json, pairedItem })),
	).toMatchObject(
		ids.map((id, item) => ({ id, deleted: !before.includes(id), pairedItem: { item } })),
	);
});

const [CONTACTS, RECORDS, RELATIONS] = [60, 20, 80];

/** At most so many requests are under way when n8n is killed: what they did, nobody could log. */
const UNDER_WAY = 10;

test('after n8n was killed amid a restoration, the same workflow restores the rest, and the log names what was', async () => {
	await n8n.simulator.reset({
		...seedUndo(CONTACTS, RECORDS, RELATIONS),
		...{ limit: 50, window: 5_000, foreign: 2 },
		faults: unreliable(0.1),
	});
	const before = describeSeeded(await n8n.simulator.state());
	expect(before.pairs).toHaveLength(RELATIONS);
	const credential = await n8n.createCredential({ locationId: LOCATION });
	const nodes = createUndoNodes({ [CREDENTIAL_TYPE]: credential }).slice(0, -1);
	const { json } = await n8n.client.run(sequence('Back up and delete', ...nodes));
	const jsonOutput = JSON.stringify(json(UNDO.backUp)[0]);
	expect((await n8n.simulator.state()).associations).toEqual([]);

	const made = async () => {
		const { associations, relations } = await n8n.simulator.state();
		return [...associations, ...relations].map(({ id }) => id);
	};
	const { seen, run, log } = await runKilled(
		(credentials) =>
			sequence(
				'Restore',
				node(NODES.trigger, 'n8n-nodes-base.manualTrigger', 1),
				node(UNDO.backUp, 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput }),
				createUndoNodes(credentials).at(-1)!,
			),
		async () =>
			await until('a part of the relations', async () => (await made()).length > RELATIONS / 3),
		made,
	);
	expect(seen.length).toBeLessThan(RELATIONS);
	expect(run.status).toBe('success');
	const { created, relations } = run.json(UNDO.restore)[0] as {
		created: boolean;
		relations: Record<'restored' | 'existed', number> & { unconfirmed?: number; failed: unknown[] };
	};
	expect(created).toBe(false);
	expect(relations.failed).toEqual([]);
	const { restored, existed, unconfirmed = 0 } = relations;
	expect(restored + existed + unconfirmed).toBe(RELATIONS);
	expect(describeSeeded(await n8n.simulator.state())).toEqual(before);

	// One that existed is named too where a response was lost before HighLevel called it a duplicate.
	const named = [...log.matchAll(/Restore: restored (\w+)/g)].map(([, id]) => id!);
	const all = await made();
	expect(named.filter((id) => !all.includes(id))).toEqual([]);
	expect(all.filter((id) => !named.includes(id)).length).toBeLessThanOrEqual(UNDER_WAY);
});

test('after an outage, when HighLevel sends all again, Remove Duplicates lets each delivery pass once', async () => {
	const example = exampleWorkflows('', { id: '', name: '' }).get('after-a-crm-event.json')!;
	const once = example.nodes.find(({ type }) => type === 'n8n-nodes-base.removeDuplicates')!;
	const published = await triggers.publish({}, [once]);
	const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
	const [before, during] = [5, 15].map((length) =>
		Array.from({ length }, () => event({ timestamp: hourAgo })),
	) as [object[], object[]];

	for (const [index, body] of before.entries()) {
		expect((await triggers.send(published, body)).status).toBe(200);
		// Remove Duplicates may lose an ID to another execution at the same time.
		await triggers.outputs(published, index + 1);
	}
	await own.kill();
	for (const body of during) await expect(triggers.send(published, body)).rejects.toThrow();
	await own.restart();
	const responses = [];
	for (const body of [...before, ...during, ...before, ...during]) {
		responses.push(await triggers.send(published, body));
	}
	expect(responses.map(({ status }) => status)).toEqual(Array(40).fill(200));
	const duplicates = responses.filter(({ message }) => message === 'Ignored: duplicate delivery');
	expect(duplicates).toHaveLength(20);
	// The restarted n8n does not know the deliveries before; the node does.
	const passed = await triggers.outputs(published, 25, once.name);
	expect(new Set(passed.map(({ webhookId }) => webhookId)).size).toBe(20);
	expect(passed).toHaveLength(20);
});

test('under load each valid delivery starts the workflow once, and no invalid one does', async () => {
	const published = await triggers.publish({});
	const bodies = Array.from({ length: 100 }, () => JSON.stringify(event()));
	const valid = bodies.map((body) => ({ body, signed: body, status: 200 }));
	// Each fifth comes twice, and once changed.
	const duplicates = valid.filter((_, index) => index % 5 === 0);
	const invalid = duplicates.map(({ body }) => ({ body: `${body} `, signed: body, status: 401 }));
	const all = [...valid, ...duplicates, ...invalid];
	const responses = await Promise.all(
		all.map(async ({ body, signed }) => {
			const headers = { 'x-ghl-signature': triggers.signer.sign(signed) };
			return (await triggers.post(published, body, headers)).status;
		}),
	);
	expect(responses).toEqual(all.map(({ status }) => status));
	const started = await triggers.outputs(published, bodies.length);
	const ids = bodies.map((body) => JSON.parse(body).webhookId);
	expect(started.map(({ webhookId }) => webhookId).sort()).toEqual(ids.sort());
});
