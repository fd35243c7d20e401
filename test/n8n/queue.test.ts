import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { CONCURRENCY } from '../../nodes/HighLevelAssociations/transport/queue';
import { accept, type Settings } from '../simulator/settings';
import { startSimulator, type StartedSimulator } from '../simulator/start';
import { event } from '../simulator/webhooks';
import {
	deletable,
	deleted,
	readRuns,
	startDeletions,
	workerOf,
	type Deletions,
} from './harness/deletions';
import { NODES } from './harness/deleteWorkflow';
import { ONCE, publishEachOnce } from './harness/eachOnce';
import { CREDENTIAL_TYPE, overwriteTokenUrl, privateIntegration } from './harness/credentials';
import { connectApp } from './harness/oauthSignIn';
import { freePort } from './harness/ports';
import { startQueueMode, type QueueMode } from './harness/queueMode';
import { missingServices } from './harness/services';
import { namedDeleted, namedInLog, tally } from './harness/tally';
import { TOKEN } from './harness/useN8n';
import type { WorkflowRun } from './harness/workflow';

const missing = missingServices();
if (missing.length > 0) {
	process.stderr.write(
		`The tests of n8n's queue mode are skipped: install ${missing.join(' and ')}, e.g. with apt-get.\n`,
	);
}

(missing.length > 0 ? describe.skip : describe)("in n8n's queue mode", () => {
	let n8n: QueueMode;
	let simulator: StartedSimulator;

	beforeAll(async () => {
		const port = await freePort();
		[n8n, simulator] = await Promise.all([
			startQueueMode({
				workers: 2,
				variables: {
					QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD: '60000',
					// One execution at a time for each worker, so that two at once are with two workers.
					N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
				},
				credentialOverwrites: overwriteTokenUrl(`http://127.0.0.1:${port}`),
			}),
			startSimulator({ port, ...{ relations: 0, limit: 50, window: 2_000 } }),
		]);
	});
	afterAll(async () => {
		await n8n?.stop();
		await simulator?.stop();
	});

	/** Starts HighLevel anew, and gives what can be deleted and a credential of its own, whose limit nobody else uses. */
	async function prepare(associations: number, settings: Partial<Settings> = {}) {
		const token = `${TOKEN}-${randomUUID()}`;
		await simulator.reset({ associations, ...accept(token), ...settings });
		const credential = await n8n.main.createCredential(privateIntegration(simulator, { token }));
		return { ids: await deletable(simulator), credentials: { [CREDENTIAL_TYPE]: credential } };
	}

	const start = async (deletions: Partial<Deletions> & Pick<Deletions, 'ids' | 'credentials'>) =>
		await startDeletions(n8n.main, { executions: 2, ...deletions });

	const finish = async (executionIds: string[]) => await readRuns(n8n.main, executionIds);

	/** Expects that these runs have deleted all of these associations, and report each. */
	async function expectAllReported(ids: string[], runs: WorkflowRun[]): Promise<void> {
		expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'success'));
		const reported = runs.flatMap((run) => [...namedDeleted(run, NODES.delete)]);
		expect(reported.sort()).toEqual([...ids].sort());
		expect(await deletable(simulator)).toEqual([]);
	}

	/** Expects that these executions were shared by both workers. */
	async function expectBothWorkers(executionIds: string[]): Promise<void> {
		const used = await Promise.all(executionIds.map((id) => workerOf(n8n.workers, id)));
		expect(new Set(used).size).toBe(2);
	}

	test('two workers that share a limit delete all, and report each once', async () => {
		const { ids, credentials } = await prepare(300);
		const started = await start({ ids, executions: 4, credentials });
		await expectAllReported(ids, await finish(started));
		await expectBothWorkers(started);
	});

	test('deletions go on while Redis is away', async () => {
		const { ids, credentials } = await prepare(200);
		const started = await start({ ids, credentials });
		await deleted(simulator, 20);
		await n8n.redis.stop();
		await Promise.all([deleted(simulator, 80), sleep(5_000)]);
		await n8n.redis.restart();
		await expectAllReported(ids, await finish(started));
	});

	test('a HighLevel that breaks all connections for a while is waited for', async () => {
		const { ids, credentials } = await prepare(100);
		const started = await start({ ids, credentials });
		await deleted(simulator, 20);
		await simulator.set({ faults: [{ kind: 'reset' }] });
		await sleep(3_000);
		await simulator.set({ faults: [] });
		await expectAllReported(ids, await finish(started));
	});

	test('a token that is changed in the middle is used by both workers', async () => {
		const { ids, credentials } = await prepare(200);
		const started = await start({ ids, credentials });
		await deleted(simulator, 20);
		const path = `/credentials/${credentials[CREDENTIAL_TYPE].id}`;
		const token = `${TOKEN}-new`;
		await n8n.main.rest('PATCH', path, privateIntegration(simulator, { token }));
		await simulator.set(accept(token));
		await expectAllReported(ids, await finish(started));
		expect((await simulator.requests()).some(({ status }) => status === 401)).toBe(true);
	});

	test('an OAuth2 token that expires is renewed once for two workers', async () => {
		await simulator.reset({ associations: 200, limit: 0, latency: 50 });
		const credentials = await connectApp(n8n.main, simulator);
		const ids = await deletable(simulator);
		const started = await start({ ids, credentials, parameters: { authentication: 'oAuth2' } });
		await deleted(simulator, 20);
		await simulator.expireTokens();
		await expectAllReported(ids, await finish(started));
		await expectBothWorkers(started);
		expect((await simulator.state()).oauth).toMatchObject({ refreshes: 1, refused: 0 });
	});

	test('a delivery that is repeated to another process starts again, and Remove Duplicates drops it', async () => {
		const { workflowId, send } = await publishEachOnce(n8n.main);
		const body = JSON.stringify(event());
		await send(n8n.main, body);
		const first = await n8n.main.nthRun(workflowId);
		expect(first.json(ONCE.once)).toMatchObject([{ type: 'AssociationDelete' }]);
		const duplicate = { message: expect.stringContaining('duplicate delivery') };
		expect(await send(n8n.main, body)).toMatchObject(duplicate);
		await send(n8n.webhook, body);
		const second = await n8n.main.nthRun(workflowId, 2);
		expect(second.json(ONCE.trigger)).toHaveLength(1);
		expect(second.outputs(ONCE.once)[0]).toEqual([]);
		expect(await send(n8n.webhook, body)).toMatchObject(duplicate);
		await n8n.main.deactivate(workflowId);
	});

	test('after a worker was killed, the same workflow deletes the others, and its log names what was', async () => {
		const { ids, credentials } = await prepare(200);
		const parameters = { options: { ifNotFound: 'succeed' } };
		const deletions = { ids, executions: 1, credentials, parameters };
		const [executionId = ''] = await start(deletions);
		const worker = await workerOf(n8n.workers, executionId);
		await deleted(simulator, 60);
		await worker.kill();

		const [repeated] = await finish(await start(deletions));
		expect(repeated!.status).toBe('success');
		expect(repeated!.json(NODES.delete).map(({ id }) => id)).toEqual(ids);
		const logged = namedInLog(worker.log(), NODES.delete);
		const named = new Set([...logged, ...namedDeleted(repeated!, NODES.delete)]);
		const left = new Set(await deletable(simulator));
		const { lost, unaccounted } = tally(ids, left, await simulator.requests(), named);
		expect(lost).toBe(0);
		// What was under way when it was killed, nobody could log.
		expect(unaccounted).toBeLessThanOrEqual(CONCURRENCY);
		expect(logged.size).toBeGreaterThan(0);
	});
});
