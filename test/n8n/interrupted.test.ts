import { setTimeout as sleep } from 'node:timers/promises';

import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { createHome } from './harness/home';
import { createClient, finishedRun, until } from './harness/n8nClient';
import { startN8n, startServer } from './harness/n8nServer';
import { CREDENTIAL_TYPE, LOCATION, useN8n } from './harness/useN8n';
import { createUndoNodes, describeSeeded, seedUndo, sequence, UNDO } from './harness/undoWorkflow';
import { node, type WorkflowFile, type WorkflowRun } from './harness/workflow';
import { installN8n } from './install/install';

const n8n = useN8n();

const MANY = 500;

type Credentials = WorkflowFile['nodes'][number]['credentials'];

/** A workflow that deletes these associations. */
function deleting(ids: string[], credentials: Credentials): WorkflowFile {
	const associationId = { __rl: true as const, mode: 'id', value: '={{ $json.id }}' };
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
	const home = await createHome(await installN8n());
	try {
		const killed = await startN8n(home);
		const credential = await killed.createCredential({
			...{ name: 'HighLevel account', type: CREDENTIAL_TYPE },
			data: n8n.credentialData({ locationId: LOCATION }),
		});
		const workflowId = await killed.createWorkflow(create({ [CREDENTIAL_TYPE]: credential }));
		await killed.start(workflowId, NODES.trigger);
		await kill();
		process.kill(-killed.pid, 'SIGKILL');
		await killed.ended;
		const seen = await look();

		const server = await startServer(home, {});
		const client = createClient(server.url);
		await client.logIn();
		const run = await client.runStored(workflowId, NODES.trigger);
		await server.stop();
		return { seen, run, log: server.log() };
	} finally {
		await home.remove();
	}
}

/** Waits until so many deletions have arrived. */
const arrived = async (count: number) =>
	await until(`${count} deletions`, async () =>
		(await n8n.deletions()).length >= count ? true : undefined,
	);

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
	expect((await finishedRun(n8n.client.rest, executionId)).status).toBe('canceled');

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
		faults: [
			{ kind: 'reset', probability: 0.025 },
			{ kind: 'reset', probability: 0.025, stage: 'after' },
			{ kind: 'status', status: 503, probability: 0.05 },
		],
	});
	const before = describeSeeded(await n8n.simulator.state());
	expect(before.pairs).toHaveLength(RELATIONS);
	const credential = await n8n.createCredential({ locationId: LOCATION });
	const nodes = createUndoNodes({ [CREDENTIAL_TYPE]: credential }).slice(0, -1);
	const { outputs } = await n8n.client.run(sequence('Back up and delete', ...nodes));
	const jsonOutput = JSON.stringify(outputs(UNDO.backUp)[0]![0]!.json);
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
			await until('a part of the relations', async () =>
				(await made()).length > RELATIONS / 3 ? true : undefined,
			),
		made,
	);
	expect(seen.length).toBeLessThan(RELATIONS);
	expect(run.status).toBe('success');
	const { created, relations } = run.outputs(UNDO.restore)[0]![0]!.json as {
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
