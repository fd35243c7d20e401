import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { CONCURRENCY } from '../../nodes/HighLevelAssociations/transport/queue';
import type { Settings } from '../simulator/settings';
import { startSimulator, type StartedSimulator } from '../simulator/start';
import { event } from '../simulator/webhooks';
import {
	accept,
	deletable,
	deleted,
	readRuns,
	startDeletions,
	workerOf,
	type Deletions,
} from './harness/deletions';
import { NODES } from './harness/deleteWorkflow';
import { ONCE, publishEachOnce } from './harness/eachOnce';
import { oauthSignIn } from './harness/oauthSignIn';
import { privateIntegration } from './harness/privateIntegration';
import { freePort } from './harness/ports';
import { startQueueMode, type QueueMode } from './harness/queueMode';
import { missingServices } from './harness/services';
import { CREDENTIAL_TYPE, OAUTH_TYPE } from './harness/sharedN8n';
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
		const accessTokenUrl = `http://127.0.0.1:${port}/oauth/token`;
		[n8n, simulator] = await Promise.all([
			startQueueMode({
				workers: 2,
				variables: {
					QUEUE_BULL_REDIS_TIMEOUT_THRESHOLD: '60000',
					// One execution at a time for each worker, so that two at once are with two workers.
					N8N_CONCURRENCY_PRODUCTION_LIMIT: '1',
				},
				credentialOverwrites: { [OAUTH_TYPE]: { accessTokenUrl } },
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
		const credential = await n8n.main.createCredential(privateIntegration(simulator, token));
		return { ids: await deletable(simulator), credential: { [CREDENTIAL_TYPE]: credential } };
	}

	const start = async (deletions: Deletions) => await startDeletions(n8n.main, deletions);

	const finish = async (executionIds: string[]) => await readRuns(n8n.main, executionIds);

	/** Expects that these runs have deleted all of these associations, and report each. */
	async function expectAllReported(ids: string[], runs: WorkflowRun[]): Promise<void> {
		expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'success'));
		const reported = runs.flatMap((run) => [...namedDeleted(run, NODES.delete)]);
		expect(reported.sort()).toEqual([...ids].sort());
		expect(await deletable(simulator)).toEqual([]);
	}

	test('two workers that share a limit delete all, and report each once', async () => {
		const { ids, credential } = await prepare(300);
		const started = await start({ ids, executions: 4, credentials: credential });
		await expectAllReported(ids, await finish(started));
		const used = await Promise.all(started.map(async (id) => await workerOf(n8n.workers, id)));
		expect(new Set(used).size).toBe(2);
	});

	test('deletions go on while Redis is away', async () => {
		const { ids, credential } = await prepare(200);
		const started = await start({ ids, executions: 2, credentials: credential });
		await deleted(simulator, 20);
		await n8n.redis.stop();
		await Promise.all([deleted(simulator, 80), sleep(5_000)]);
		await n8n.redis.restart();
		await expectAllReported(ids, await finish(started));
	});

	test('a HighLevel that breaks all connections for a while is waited for', async () => {
		const { ids, credential } = await prepare(100);
		const started = await start({ ids, executions: 2, credentials: credential });
		await deleted(simulator, 20);
		await simulator.set({ faults: [{ kind: 'reset' }] });
		await sleep(3_000);
		await simulator.set({ faults: [] });
		await expectAllReported(ids, await finish(started));
	});

	test('a token that is changed in the middle is used by both workers', async () => {
		const { ids, credential } = await prepare(200);
		const started = await start({ ids, executions: 2, credentials: credential });
		await deleted(simulator, 20);
		const path = `/credentials/${credential[CREDENTIAL_TYPE].id}`;
		await n8n.main.rest('PATCH', path, privateIntegration(simulator, `${TOKEN}-new`));
		await simulator.set(accept(`${TOKEN}-new`));
		await expectAllReported(ids, await finish(started));
		expect((await simulator.requests()).some(({ status }) => status === 401)).toBe(true);
	});

	test('an OAuth2 token that expires is renewed once for two workers', async () => {
		await simulator.reset({ associations: 200, limit: 0, latency: 50 });
		const { url } = simulator;
		const client = { clientId: 'client', clientSecret: randomUUID() };
		const credential = await n8n.main.createCredential({
			...{ name: 'HighLevel app', type: OAUTH_TYPE },
			data: { ...client, authUrl: `${url}/v2/oauth/chooselocation`, baseUrl: url },
		});
		expect(await oauthSignIn(n8n.main.url, credential.id)).toContain('Connection successful');
		const ids = await deletable(simulator);
		const started = await start({
			...{ ids, executions: 2, credentials: { [OAUTH_TYPE]: credential } },
			parameters: { authentication: 'oAuth2' },
		});
		await deleted(simulator, 20);
		await simulator.expireTokens();
		await expectAllReported(ids, await finish(started));
		const used = await Promise.all(started.map(async (id) => await workerOf(n8n.workers, id)));
		expect(new Set(used).size).toBe(2);
		expect((await simulator.state()).oauth).toMatchObject({ refreshes: 1, refused: 0 });
	});

	test('a delivery that is repeated to another process starts again, and Remove Duplicates drops it', async () => {
		const { workflowId, send } = await publishEachOnce(n8n.main);
		const body = JSON.stringify(event());
		await send(n8n.main, body);
		const first = await n8n.main.nthRun(workflowId);
		expect(first.outputs(ONCE.once)[0]).toMatchObject([{ json: { type: 'AssociationDelete' } }]);
		expect(await send(n8n.main, body)).toContain('duplicate delivery');
		await send(n8n.webhook, body);
		const second = await n8n.main.nthRun(workflowId, 2);
		expect(second.outputs(ONCE.trigger)[0]).toHaveLength(1);
		expect(second.outputs(ONCE.once)[0]).toEqual([]);
		expect(await send(n8n.webhook, body)).toContain('duplicate delivery');
		await n8n.main.deactivate(workflowId);
	});

	test('after a worker was killed, the same workflow deletes the others, and its log names what was', async () => {
		const { ids, credential } = await prepare(200);
		const parameters = { options: { ifNotFound: 'succeed' } };
		const [executionId = ''] = await start({
			...{ ids, executions: 1, credentials: credential, parameters },
		});
		const worker = await workerOf(n8n.workers, executionId);
		await deleted(simulator, 60);
		await worker.kill();

		const [repeated] = await finish(
			await start({ ids, executions: 1, credentials: credential, parameters }),
		);
		expect(repeated!.status).toBe('success');
		expect(repeated!.outputs(NODES.delete)[0]?.map(({ json }) => json.id)).toEqual(ids);
		const named = new Set([
			...namedInLog(worker.log(), NODES.delete),
			...namedDeleted(repeated!, NODES.delete),
		]);
		const left = new Set(await deletable(simulator));
		const { lost, unaccounted } = tally(ids, left, await simulator.requests(), named);
		expect(lost).toBe(0);
		// What was under way when it was killed, nobody could log.
		expect(unaccounted).toBeLessThanOrEqual(CONCURRENCY);
		expect(namedInLog(worker.log(), NODES.delete).size).toBeGreaterThan(0);
	});
});
