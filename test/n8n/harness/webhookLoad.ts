import { setTimeout as sleep } from 'node:timers/promises';

import { event } from '../../simulator/webhooks';
import type { createTriggers, Published, Response } from './triggers';

/** Requests start at least so far apart, in ms: at most 50 a second. */
const INTERVAL = 20;

const MAX_IN_FLIGHT = 20;

/** One delivery to the trigger; `response` is missing if n8n did not respond. */
export interface Delivery {
	kind: 'valid' | 'invalid' | 'duplicate';
	webhookId: string;
	body: string;
	signature: string;
	response?: Response;
}

/**
 * Sends deliveries, of which 1 % have an invalid signature and 5 % are duplicates, to the trigger, and as many requests
 * to n8n's Webhook node, in turn. `report` has the times that both took to respond to what starts a workflow.
 */
export async function measureLoad(
	triggers: ReturnType<typeof createTriggers>,
	{ count, trigger, webhookNode }: { count: number; trigger: Published; webhookNode: Published },
) {
	const deliveries: Delivery[] = [];
	const times = { trigger: [] as number[], webhookNode: [] as number[] };
	const inFlight = new Set<Promise<void>>();
	const start = async (send: () => Promise<void>) => {
		const flight = send()
			.catch(() => {})
			.finally(() => inFlight.delete(flight));
		inFlight.add(flight);
		await Promise.all([sleep(INTERVAL), inFlight.size < MAX_IN_FLIGHT || Promise.race(inFlight)]);
	};
	const began = performance.now();
	for (let index = 0; index < count; index++) {
		const delivery = createDelivery(index, deliveries, triggers.signer.sign);
		deliveries.push(delivery);
		const { body, kind } = delivery;
		const headers = { 'x-ghl-signature': delivery.signature };
		await start(async () => {
			const sent = performance.now();
			delivery.response = await triggers.post(trigger, body, headers);
			if (kind === 'valid') times.trigger.push(performance.now() - sent);
		});
		await start(async () => {
			const sent = performance.now();
			await triggers.post(webhookNode, body, headers);
			times.webhookNode.push(performance.now() - sent);
		});
	}
	await Promise.all(inFlight);
	const perSecond = (2_000 * count) / (performance.now() - began);
	const lines = Object.entries(times).map(
		([name, all]) =>
			`${name}: ${all.length} responses, median ${quantile(all, 0.5)} ms, 99th percentile ${quantile(all, 0.99)} ms\n`,
	);
	return { deliveries, report: `${lines.join('')}${perSecond.toFixed(1)} requests a second\n` };
}

const quantile = (values: number[], part: number) =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length * part)]!.toFixed(1);

/** A new delivery, or one that repeats one of those before. */
function createDelivery(
	index: number,
	before: Delivery[],
	sign: (body: string) => string,
): Delivery {
	if (index % 20 === 10) {
		const valid = before.filter(({ kind }) => kind === 'valid').slice(-100);
		const original = valid[(index * 7919) % valid.length]!;
		return { ...original, kind: 'duplicate', response: undefined };
	}
	const { webhookId, ...rest } = event();
	const body = JSON.stringify({ webhookId, ...rest });
	return index % 100 === 55
		? { kind: 'invalid', webhookId, body, signature: sign(`${body} `) }
		: { kind: 'valid', webhookId, body, signature: sign(body) };
}
