import { setTimeout as sleep } from 'node:timers/promises';

import { deleteWorkflow, NODES } from './harness/deleteWorkflow';
import { restClient, OWNER, type Rest } from './harness/rest';
import { finishedRun, until } from './harness/runs';
import { startServer } from './harness/server';
import { useN8n } from './harness/useN8n';

const n8n = useN8n();

const MANY = 500;

/** Stores a workflow that deletes these associations, and gives its ID. */
const store = async (ids: string[], options = {}) =>
	await n8n.editor.createWorkflow(
		deleteWorkflow({
			ids,
			credentials: n8n.credentials,
			settings: {
				parameters: {
					associationId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
					options,
				},
			},
		}),
	);

/** Starts a stored workflow and gives the ID of the run. */
async function start(rest: Rest, workflowId: string): Promise<string> {
	const body = { triggerToStartFrom: { name: NODES.trigger } };
	return (await rest<{ executionId: string }>('POST', `/workflows/${workflowId}/run`, body))
		.executionId;
}

/** Waits until so many deletions have arrived. */
const arrived = async (count: number) =>
	await until(`${count} deletions`, async () =>
		(await n8n.deletions()).length >= count ? true : undefined,
	);

/** Which of these associations HighLevel no longer has. */
async function goneOf(ids: string[]): Promise<string[]> {
	const left = await n8n.ids();
	return ids.filter((id) => !left.includes(id));
}

test('On Error = Stop ends a run of 500 at its fourth, and the error names all that were deleted', async () => {
	// All answers take equally long: no request that was sent later is answered before the one that fails.
	await n8n.simulator.reset({ associations: MANY, limit: 0, latency: 20 });
	const ids = await n8n.ids();
	ids[3] = 'unknown';

	const { status, raw } = await finishedRun(
		n8n.editor.rest,
		await start(n8n.editor.rest, await store(ids)),
	);
	expect(status).toBe('error');
	const { error } = raw.data.resultData as {
		error?: { description: string; context: Record<string, string[]> };
	};
	const deleted = await goneOf(ids.filter((id) => id !== 'unknown'));
	expect([...error!.context.deleted!].sort()).toEqual([...deleted].sort());
	expect(deleted).toEqual(expect.arrayContaining(ids.slice(0, 3)));
	expect(error!.context.notSent).toHaveLength(MANY - 1 - deleted.length);
	expect(error!.description).toMatch(`${deleted.length} deleted: `);
	expect(error!.description).toMatch(`${MANY - 1 - deleted.length} not sent.`);

	// No more than those that were under way beside it, and those that took the places of the two before it.
	const requests = await n8n.deletions();
	expect(requests.length - 1 - requests.indexOf('/associations/unknown')).toBeLessThanOrEqual(10);
});

test('stopping the execution sends nothing more, and the log names all that were deleted', async () => {
	await n8n.simulator.reset({ associations: MANY, limit: 0, latency: 100 });
	const ids = await n8n.ids();
	const executionId = await start(n8n.editor.rest, await store(ids));
	await arrived(50);
	await n8n.editor.rest('POST', `/executions/${executionId}/stop`);
	expect((await finishedRun(n8n.editor.rest, executionId)).status).toBe('canceled');

	const [account] = await until(
		'the account in the log',
		async () => /was stopped\. .*/.exec(n8n.editor.log()) ?? undefined,
	);
	const requests = await n8n.deletions();
	const deleted = await goneOf(ids);
	expect(deleted.map((id) => `/associations/${id}`).sort()).toEqual([...requests].sort());
	expect(deleted.length).toBeLessThan(MANY);
	for (const id of deleted) expect(account).toContain(id);
	await sleep(1_000);
	expect(await n8n.deletions()).toEqual(requests);
});

test('after n8n was killed amid 500, the same workflow deletes the others and reports each once', async () => {
	await n8n.simulator.reset({ associations: MANY, limit: 0, latency: 50 });
	const ids = await n8n.ids();
	const workflowId = await store(ids, { ifNotFound: 'succeed' });
	await start(n8n.editor.rest, workflowId);
	await arrived(100);
	process.kill(-n8n.editor.pid, 'SIGKILL');
	await n8n.editor.ended;

	const server = await startServer(n8n.home, {});
	try {
		const before = await goneOf(ids);
		expect(before.length).toBeGreaterThan(0);
		expect(before.length).toBeLessThan(MANY);
		const rest = restClient(server.url);
		await rest('POST', '/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
		const { status, outputs } = await finishedRun(rest, await start(rest, workflowId));
		expect(status).toBe('success');
		expect(await goneOf(ids)).toEqual(ids);
		const reported = (outputs(NODES.delete)[0] ?? []).map(({ json, pairedItem }) => ({
			...json,
			pairedItem,
		}));
		expect(reported).toMatchObject(
			ids.map((id, item) => ({ id, deleted: !before.includes(id), pairedItem: { item } })),
		);
	} finally {
		await server.stop();
	}
});
