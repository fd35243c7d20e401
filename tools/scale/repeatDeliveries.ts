import { setTimeout as sleep } from 'node:timers/promises';

import { endsOf, readRuns } from '../../test/n8n/harness/deletions';
import { ONCE, publishEachOnce } from '../../test/n8n/harness/eachOnce';
import { event } from '../../test/simulator/webhooks';
import { LONGEST_RUN, type Outcome, type Setup } from './measure';

const DELIVERIES = 20;

/** Sends deliveries to both processes that serve webhooks: some at the same moment, some one after the other. */
export async function repeatDeliveries({ n8n }: Setup): Promise<Outcome> {
	const events = (length: number) => Array.from({ length }, () => JSON.stringify(event()));
	const idOf = (body: string) => JSON.parse(body).webhookId as string;
	const { workflowId, send } = await publishEachOnce(n8n.main);
	await Promise.all([n8n.main, n8n.webhook].map(async (one) => await send(one, events(1)[0]!)));

	/** How many executions each of these deliveries has had, and in how many Remove Duplicates has let it through. */
	const seen = async (bodies: string[]) => {
		const executionIds = (await n8n.main.executions(workflowId)).map(({ id }) => id);
		await endsOf(n8n.main, executionIds, LONGEST_RUN);
		const runs = await readRuns(n8n.main, executionIds);
		const named = (name: string) =>
			runs.flatMap(({ json }) => json(name).map(({ webhookId }) => webhookId));
		const [started, passed] = [named(ONCE.trigger), named(ONCE.once)];
		return bodies.map(idOf).map((id) => ({
			started: started.filter((one) => one === id).length,
			passed: passed.filter((one) => one === id).length,
		}));
	};
	const describe = (what: string, all: Awaited<ReturnType<typeof seen>>) => {
		const twice = (key: 'started' | 'passed') => all.filter((one) => one[key] > 1).length;
		return `${what}: of ${all.length}, ${twice('started')} started twice, ${twice('passed')} passed Remove Duplicates twice.`;
	};

	const later = events(DELIVERIES);
	for (const body of later) await send(n8n.main, body);
	await seen(later);
	for (const body of later) await send(n8n.webhook, body);
	const atOnce = events(DELIVERIES);
	for (const body of atOnce) {
		await Promise.all([n8n.main, n8n.webhook].map(async (one) => await send(one, body)));
	}
	await sleep(5_000);
	const [repeated, simultaneous] = [await seen(later), await seen(atOnce)];
	const never = [...repeated, ...simultaneous].filter(({ passed }) => passed === 0).length;
	return {
		notes: [
			describe('Repeated to the other process later', repeated),
			describe('Sent to both processes at the same moment', simultaneous),
		],
		misses: never > 0 ? [`${never} deliveries did not pass`] : [],
	};
}
