import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';

import type { Settings } from '../../test/simulator/settings';
import type { StartedSimulator } from '../../test/simulator/start';
import { createSigner, event } from '../../test/simulator/webhooks';
import { deleteWorkflow, NODES } from '../../test/n8n/harness/deleteWorkflow';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import { deletable } from '../../test/n8n/harness/deletions';
import { until, type N8nClient } from '../../test/n8n/harness/n8nClient';
import type { Server } from '../../test/n8n/harness/n8nServer';
import { connectApp } from '../../test/n8n/harness/oauthSignIn';
import { locate, node, sequence, TRIGGER } from '../../test/n8n/harness/workflow';
import type { WorkflowFile, WorkflowRun } from '../../test/n8n/harness/workflow';

/** A running n8n with the node, and what takes the place of HighLevel. */
export interface Setup {
	n8n: N8nClient & Server;
	simulator: StartedSimulator;
}

/** What the node has to do in every n8n; it throws where it does not. */
interface Check {
	/** As the head of a column. */
	name: string;
	check(setup: Setup): Promise<void>;
}

const UNKNOWN = 'unknown';

/** Starts HighLevel anew, and gives the IDs of its associations. */
async function associations(
	{ simulator }: Setup,
	count: number,
	settings: Partial<Settings> = {},
): Promise<string[]> {
	await simulator.reset({ associations: count, ...settings });
	return await deletable(simulator);
}

async function signInWithToken(setup: Setup): Promise<INode['credentials']> {
	const credential = privateIntegration(setup.simulator);
	return { [CREDENTIAL_TYPE]: await setup.n8n.createCredential(credential) };
}

/** Runs a workflow from its trigger, as the editor of each n8n does. */
async function start({ n8n }: Setup, workflow: WorkflowFile): Promise<string> {
	const id = await n8n.createWorkflow(workflow);
	const workflowData = await n8n.rest('GET', `/workflows/${id}`);
	const body = { workflowData, triggerToStartFrom: { name: NODES.trigger } };
	const path = `/workflows/${id}/run`;
	return (await n8n.rest<{ executionId: string }>('POST', path, body)).executionId;
}

/** Deletes associations, with the token unless the settings say otherwise. */
async function remove(
	setup: Setup,
	ids: string[],
	settings: Partial<INode> = {},
): Promise<WorkflowRun> {
	const credentials = settings.credentials ?? (await signInWithToken(setup));
	const workflow = deleteWorkflow({ ids, credentials, settings });
	return await setup.n8n.finishedRun(await start(setup, workflow));
}

const deletedIn = (run: WorkflowRun) =>
	run.json(NODES.delete).flatMap(({ deleted, id }) => (deleted === true ? [id] : []));

/** What an output has of failures: the associations' IDs and HighLevel's status. */
const failedIn = (run: WorkflowRun, output: number) =>
	run.json(NODES.delete, output).flatMap(({ details }) => {
		const { associationId, status } = (details ?? {}) as { [field: string]: unknown };
		return details ? [[associationId, status]] : [];
	});

const deletions = async ({ simulator }: Setup) =>
	(await simulator.requests()).filter(({ method }) => method === 'DELETE');

/** A failed item goes to this output, and the others are deleted. */
const continueIn = (name: string, onError: INode['onError'], output: 0 | 1): Check => ({
	name,
	async check(setup) {
		const [first = '', last = ''] = await associations(setup, 2);
		const run = await remove(setup, [first, UNKNOWN, last], { onError });
		deepEqual(deletedIn(run), [first, last]);
		deepEqual(failedIn(run, output), [[UNKNOWN, 404]]);
		const items = [0, 1].map((index) => run.json(NODES.delete, index).length);
		deepEqual(items, output === 0 ? [3, 0] : [2, 1]);
	},
});

export const checks: Check[] = [
	{
		name: 'credential test',
		async check(setup) {
			const credential = privateIntegration(setup.simulator);
			const { id } = await setup.n8n.createCredential(credential);
			equal((await setup.n8n.testCredential(credential, id)).status, 'OK');
		},
	},
	{
		name: 'delete',
		async check(setup) {
			const ids = await associations(setup, 20);
			deepEqual(deletedIn(await remove(setup, ids)), ids);
		},
	},
	{
		name: 'On Error: Stop',
		async check(setup) {
			const [first = '', ...others] = await associations(setup, 3, { latency: 50 });
			const { status, error } = await remove(setup, [first, '..', ...others]);
			equal(status, 'error');
			match(error?.description ?? '', /Nothing was deleted.* 4 not sent/);
			deepEqual(await deletions(setup), []);
		},
	},
	continueIn('Continue', 'continueRegularOutput', 0),
	continueIn('Continue (using error output)', 'continueErrorOutput', 1),
	{
		name: 'lost connections retried',
		async check(setup) {
			const faults: Settings['faults'] = [
				{ kind: 'reset', probability: 0.2 },
				{ kind: 'reset', probability: 0.2, stage: 'after' },
			];
			const ids = await associations(setup, 40, { faults });
			const run = await remove(setup, ids);
			deepEqual(deletedIn(run), ids);
			ok(run.json(NODES.delete).some(({ attempts }) => Number(attempts) > 1));
		},
	},
	{
		name: 'OAuth2 token renewed',
		async check(setup) {
			const { n8n, simulator } = setup;
			const ids = await associations(setup, 20);
			const credentials = await connectApp(n8n, simulator);
			await simulator.expireTokens();
			const associationId = locate('id', '={{ $json.id }}');
			const parameters = { authentication: 'oAuth2', associationId };
			deepEqual(deletedIn(await remove(setup, ids, { credentials, parameters })), ids);
			const { refreshes, refused } = (await simulator.state()).oauth;
			deepEqual([refreshes, refused], [1, 0]);
		},
	},
	{
		name: 'stopped by hand',
		async check(setup) {
			const { n8n } = setup;
			const ids = await associations(setup, 300, { latency: 100 });
			const credentials = await signInWithToken(setup);
			const id = await start(setup, deleteWorkflow({ ids, credentials }));
			await until('deletions', async () => (await deletions(setup)).length >= 10);
			await n8n.rest('POST', `/executions/${id}/stop`);
			await until('the account', async () => /was stopped\. \d+ deleted/.test(n8n.log()));
			const { length } = await deletions(setup);
			await sleep(2_000);
			equal((await deletions(setup)).length, length);
			ok(length < ids.length);
		},
	},
	{
		name: 'trigger',
		async check({ n8n }) {
			const signer = createSigner();
			const webhookId = randomUUID();
			const parameters = { events: ['AssociationDelete'], publicKey: signer.publicKey };
			const trigger = node(NODES.trigger, TRIGGER, 1, parameters, { webhookId });
			const workflowId = await n8n.createWorkflow(sequence('After an event', trigger));
			await activate(n8n, workflowId);
			const body = JSON.stringify(event());
			const send = async (headers: Record<string, string>) =>
				await fetch(`${n8n.url}/webhook/${webhookId}/webhook`, {
					method: 'POST',
					headers: { 'content-type': 'application/json', connection: 'close', ...headers },
					body,
				}).then(({ status }) => status);
			// n8n takes note of the webhook some time after it has said that the workflow is active.
			const unsigned = await until('the webhook', async () => {
				const status = await send({});
				return status !== 404 && status;
			});
			equal(unsigned, 401);
			equal(await send({ 'x-ghl-signature': signer.sign(body) }), 200);
			equal((await n8n.nthRun(workflowId)).status, 'success');
		},
	},
];

/** Switches a workflow on, as n8n 2 does or else as n8n 1 does. */
async function activate(n8n: N8nClient, workflowId: string): Promise<void> {
	try {
		await n8n.activate(workflowId);
	} catch {
		const { versionId } = await n8n.rest<{ versionId: string }>('GET', `/workflows/${workflowId}`);
		await n8n.rest('PATCH', `/workflows/${workflowId}`, { active: true, versionId });
	}
}
