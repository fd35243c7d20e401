import { setTimeout as sleep } from 'node:timers/promises';

import { CONCURRENCY } from '../../nodes/HighLevelAssociations/transport/queue';
import {
	deletable,
	deleted,
	endsOf,
	readRuns,
	startDeletions,
	workerOf,
	type Deletions,
} from '../../test/n8n/harness/deletions';
import { accept } from '../../test/simulator/settings';
import { NODES } from '../../test/n8n/harness/deleteWorkflow';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import { connectApp } from '../../test/n8n/harness/oauthSignIn';
import { namedInLog } from '../../test/n8n/harness/tally';
import { seconds } from '../bench/table';
import {
	count,
	deleteAll,
	findFailures,
	findMisses,
	LONGEST_RUN,
	signIn,
	type Outcome,
	type Setup,
} from './measure';

/** Kills one of two workers in the middle, waits until n8n has given its execution up, and repeats all. */
export async function killWorker(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const ids = await deletable(simulator);
	const credentials = await signIn(setup);
	const parameters = { options: { ifNotFound: 'succeed' } };
	const deletions: Deletions = { ids, executions: 2, credentials, parameters };
	const began = Date.now();
	const executionIds = await startDeletions(n8n.main, deletions);
	await deleted(simulator, 150);
	const [killedId = '', otherId = ''] = executionIds;
	const worker = await workerOf(n8n.workers, killedId);
	const isAlone = (await workerOf(n8n.workers, otherId)) !== worker;
	await worker.kill();
	const killedAt = Date.now();
	const [killed, other] = await endsOf(n8n.main, executionIds, LONGEST_RUN);
	const givenUpIn = Date.now() - killedAt;

	const repeated = await startDeletions(n8n.main, deletions);
	const ends = await endsOf(n8n.main, repeated, LONGEST_RUN);
	const runs = await readRuns(n8n.main, [...(isAlone ? [otherId] : []), ...repeated]);
	const account = namedInLog(worker.log(), NODES.delete);
	const figures = await count(setup, { ids, began, runs, accounts: [account] });
	const answered = runs.slice(-repeated.length).flatMap(({ json }) => json(NODES.delete));
	return {
		deletions: figures,
		notes: [
			`The killed worker's log names ${account.size} deletions; n8n called its execution ${killed} after ${seconds(givenUpIn)}.`,
		],
		misses: [
			// What was under way when it was killed, nobody could log.
			...findMisses(figures, { unaccounted: CONCURRENCY }),
			...findFailures([...(isAlone ? [other!] : []), ...ends]),
			...(answered.length === ids.length ? [] : [`the repeated runs name ${answered.length}`]),
		],
	};
}

/** The floor is that of the limit and the interruption. */
export async function interruptHighLevel(setup: Setup): Promise<Outcome> {
	const { simulator } = setup;
	const interruption = 30_000;
	const outcome = await deleteAll(setup, { executions: 2 }, async () => {
		await deleted(simulator, 150);
		await simulator.set({ faults: [{ kind: 'reset' }] });
		await sleep(interruption);
		await simulator.set({ faults: [] });
	});
	const floor = outcome.deletions.floor! + interruption;
	return { ...outcome, deletions: { ...outcome.deletions, floor } };
}

/** Changes the token of a stored credential in the middle, and has the old one refused ten seconds later. */
export async function changeToken(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const credentials = await signIn(setup, 'pit-old');
	const { id } = credentials[CREDENTIAL_TYPE]!;
	return await deleteAll(setup, { executions: 4, credentials }, async () => {
		await deleted(simulator, 150);
		const changed = privateIntegration(simulator, { token: 'pit-new' });
		await n8n.main.rest('PATCH', `/credentials/${id}`, changed);
		await simulator.set(accept('pit-old', 'pit-new'));
		await sleep(10_000);
		await simulator.set(accept('pit-new'));
	});
}

/** Deletes with an app's credential, whose tokens each worker finds expired again and again. */
export async function renewTokens(setup: Setup): Promise<Outcome> {
	const { n8n, simulator } = setup;
	const credentials = await connectApp(n8n.main, simulator);
	const parameters = { authentication: 'oAuth2' };
	const outcome = await deleteAll(setup, { executions: 6, credentials, parameters });
	const { refreshes, refused } = (await simulator.state()).oauth;
	return {
		...outcome,
		notes: [...outcome.notes, `${refreshes} refreshes, ${refused} refused.`],
		misses: [...outcome.misses, ...(refused > 0 ? [`${refused} refreshes refused`] : [])],
	};
}
