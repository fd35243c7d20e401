import { setTimeout as sleep } from 'node:timers/promises';

import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { createHome } from './harness/home';
import { createClient, finishedRun, until, type N8nClient } from './harness/n8nClient';
import { startN8n, startServer } from './harness/n8nServer';
import { CREDENTIAL_TYPE, useN8n } from './harness/useN8n';
import { installN8n } from './install/install';

const n8n = useN8n();

const MANY = 500;

/** Starts a workflow that deletes these associations, and gives the IDs of the execution and of the workflow. */
async function start(client: N8nClient, ids: string[], credential: { id: string; name: string }) {
	const associationId = { __rl: true as const, mode: 'id', value: '={{ $json.id }}' };
	const parameters = { associationId, options: { ifNotFound: 'succeed' } };
	const credentials = { [CREDENTIAL_TYPE]: credential };
	const workflowId = await client.createWorkflow(
		deleteWorkflow({ ids, credentials, settings: { parameters } }),
	);
	return { workflowId, executionId: await client.start(workflowId, NODES.trigger) };
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
	const { executionId } = await start(n8n.client, ids, n8n.credentials[CREDENTIAL_TYPE]!);
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
	const home = await createHome(await installN8n());
	try {
		const killed = await startN8n(home);
		const credential = await killed.createCredential({
			...{ name: 'HighLevel account', type: CREDENTIAL_TYPE, data: n8n.credentialData() },
		});
		const { workflowId } = await start(killed, ids, credential);
		await arrived(100);
		process.kill(-killed.pid, 'SIGKILL');
		await killed.ended;
		const before = await deletedAmong(ids);
		expect(before.length).toBeGreaterThan(0);
		expect(before.length).toBeLessThan(MANY);

		const server = await startServer(home, {});
		const client = createClient(server.url);
		await client.logIn();
		const { status, outputs } = await client.runStored(workflowId, NODES.trigger);
		await server.stop();
		expect(status).toBe('success');
		expect(await deletedAmong(ids)).toEqual(ids);
		expect(
			outputs(NODES.delete)[0]?.map(({ json, pairedItem }) => ({ ...json, pairedItem })),
		).toMatchObject(
			ids.map((id, item) => ({ id, deleted: !before.includes(id), pairedItem: { item } })),
		);
	} finally {
		await home.remove();
	}
});
