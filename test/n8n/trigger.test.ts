import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { parse } from 'flatted';

import { createSigner, event, LOCATION } from '../simulator/webhooks';
import { startRunCounter } from './harness/runCounter';
import { finishedRun, until } from './harness/n8nClient';
import { useTrigger, type Answer, type Triggered } from './harness/useTrigger';

const n8n = useTrigger();

/** The executions of a workflow once none is under way. */
const ended = async (triggered: Triggered) =>
	await until('the end of all executions', async () => {
		const executions = await n8n.executions(triggered);
		return executions.every(({ status }) => !['new', 'running', 'waiting'].includes(status))
			? executions
			: undefined;
	});

test('an event that is chosen starts the workflow with its body', async () => {
	const triggered = await n8n.activate({ events: ['AssociationDelete', 'RelationCreate'] });
	const body = event();
	expect(await n8n.send(triggered, body)).toEqual({ status: 200, message: undefined });
	const [execution] = await ended(triggered);
	const { status, outputs } = await finishedRun(n8n.rest, execution!.id);
	expect(status).toBe('success');
	expect(outputs('Trigger')).toEqual([[{ json: body, pairedItem: { item: 0 } }]]);
});

test('other events are answered and dropped, or are a choice of their own', async () => {
	const dropping = await n8n.activate({});
	const others = await n8n.activate({ events: ['others'] });
	for (const type of ['AssociationCreate', 'ContactDelete']) {
		expect(await n8n.send(dropping, event({ type }))).toMatchObject({ status: 200 });
	}
	expect(await n8n.executions(dropping)).toEqual([]);
	expect(await n8n.send(others, event({ type: 'AssociationCreate' }))).toMatchObject({
		status: 200,
	});
	expect(await n8n.send(others, event({ type: 'ContactDelete' }))).toMatchObject({ status: 200 });
	expect(await ended(others)).toHaveLength(1);
});

test('nothing is started by what HighLevel has not signed', async () => {
	const triggered = await n8n.activate({});
	const body = JSON.stringify(event());
	for (const headers of [
		{},
		{ 'x-wh-signature': n8n.signer.sign(body) },
		{ 'x-ghl-signature': createSigner().sign(body) },
		{ 'x-ghl-signature': n8n.signer.sign(`${body} `) },
	] as Array<Record<string, string>>) {
		expect(await n8n.post(triggered, body, headers)).toMatchObject({ status: 401 });
	}
	const timestamp = new Date(Date.now() - 301_000).toISOString();
	expect(await n8n.send(triggered, event({ timestamp }))).toMatchObject({ status: 401 });
	expect(await n8n.executions(triggered)).toEqual([]);
});

test('nothing is started by a body that is too large or no JSON object', async () => {
	const triggered = await n8n.activate({});
	const large = JSON.stringify(event({ filler: 'x'.repeat(1024 * 1024) }));
	const overLimitOfN8n = Buffer.alloc(17 * 1024 * 1024);
	const zipped = gzipSync(large);
	expect(await n8n.send(triggered, large)).toMatchObject({ status: 413 });
	expect(await n8n.send(triggered, overLimitOfN8n)).toMatchObject({ status: 413 });
	expect(await n8n.post(triggered, zipped, { 'content-encoding': 'gzip' })).toMatchObject({
		status: 413,
	});
	expect(await n8n.post(triggered, 'no gzip', { 'content-encoding': 'gzip' })).toMatchObject({
		status: 400,
	});
	for (const type of [
		'application/json',
		'text/plain',
		'application/xml',
		'multipart/form-data; boundary=x',
	]) {
		for (const body of ['', '{"type":', '[]', '<xml>']) {
			expect(await n8n.send(triggered, body, { 'content-type': type })).toMatchObject({
				status: 400,
			});
		}
	}
	expect(await n8n.executions(triggered)).toEqual([]);
});

test('what counts is what was signed, however it is labelled and spelled', async () => {
	const triggered = await n8n.activate({});
	for (const type of [
		'application/json',
		'text/plain',
		'application/xml',
		'application/octet-stream',
	]) {
		const body = `\r\n${JSON.stringify(event(), null, '\t')} `;
		expect(await n8n.send(triggered, body, { 'content-type': type })).toMatchObject({
			status: 200,
		});
	}
	expect(await ended(triggered)).toHaveLength(4);
});

test('only events of the chosen locations start it', async () => {
	const triggered = await n8n.activate({ locationId: `another, ${LOCATION}` });
	expect(await n8n.send(triggered, event({ locationId: 'a third' }))).toMatchObject({
		status: 200,
	});
	expect(await n8n.executions(triggered)).toEqual([]);
	expect(await n8n.send(triggered, event())).toMatchObject({ status: 200 });
	expect(await ended(triggered)).toHaveLength(1);
});

test('with a header instead, that header is needed', async () => {
	const secret = randomUUID();
	const type = 'highLevelWebhookHeaderApi';
	const data = { headerName: 'X-Webhook-Secret', secret };
	const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', {
		name: 'Header',
		type,
		data,
	});
	const credentials = { [type]: { id, name: 'Header' } };
	const triggered = await n8n.activate({ proof: 'headerAuth' }, { credentials });
	expect(await n8n.send(triggered, event())).toMatchObject({ status: 401 });
	expect(await n8n.post(triggered, '{}', { 'x-webhook-secret': randomUUID() })).toMatchObject({
		status: 401,
	});
	expect(await n8n.executions(triggered)).toEqual([]);
	expect(await n8n.post(triggered, '{}', { 'x-webhook-secret': secret })).toMatchObject({
		status: 200,
	});
	expect(await ended(triggered)).toHaveLength(1);
});

test('flipped bits start nothing and do no harm', async () => {
	const triggered = await n8n.activate({ events: ['AssociationDelete', 'others'] });
	const body = Buffer.from(JSON.stringify(event()));
	const signature = Buffer.from(n8n.signer.sign(body));
	const flip = (bytes: Buffer, seed: number) => {
		const flipped = Buffer.from(bytes);
		const bit = (seed * 7919) % (bytes.length * 8);
		flipped[bit >> 3]! ^= 1 << (bit & 7);
		return flipped;
	};
	for (let seed = 1; seed <= 50; seed++) {
		const headers = { 'x-ghl-signature': signature.toString() };
		expect(await n8n.post(triggered, flip(body, seed), headers)).toMatchObject({ status: 401 });
		const other = flip(signature, seed).toString('latin1');
		// What is no header can't be sent.
		if (!/^[!-~]+$/.test(other)) continue;
		expect(await n8n.post(triggered, body, { 'x-ghl-signature': other })).toMatchObject({
			status: 401,
		});
	}
	expect(await n8n.executions(triggered)).toEqual([]);
	expect(await n8n.send(triggered, body)).toMatchObject({ status: 200 });
	expect(await ended(triggered)).toHaveLength(1);
});

test('a repeated delivery starts nothing, also after n8n was killed', async () => {
	const triggered = await n8n.activate({});
	const bodies = Array.from({ length: 20 }, () => event());
	const first = event();
	expect(await n8n.send(triggered, first)).toMatchObject({ status: 200 });
	const both = await Promise.all(
		[...bodies, ...bodies].map(async (body) => await n8n.send(triggered, body)),
	);
	expect(both.map(({ status }) => status)).toEqual(both.map(() => 200));
	expect(both.filter(({ message }) => message?.includes('came before'))).toHaveLength(20);
	await n8n.kill();
	await n8n.restart();
	for (const body of [first, ...bodies]) {
		expect(await n8n.send(triggered, body)).toMatchObject({
			status: 200,
			message: expect.stringContaining('came before'),
		});
	}
	expect(await ended(triggered)).toHaveLength(21);
});

test('of 1,000 deliveries, with n8n killed among them, each that was answered 200 ran once', async () => {
	const counter = await startRunCounter();
	try {
		const triggered = await n8n.activate({}, { followers: [counter.node] });
		const { deliveries, underWay } = await sendThousand(triggered);
		const executions = await ended(triggered);
		const crashed = new Set<string>();
		for (const { id, status } of executions)
			if (status !== 'success') crashed.add(await startOf(id));

		for (const { kind, webhookId, answer } of deliveries) {
			expect(answer?.status).toBe(kind === 'broken' ? 401 : 200);
			const runs = counter.runsOf(webhookId);
			if (kind === 'broken') {
				expect(runs).toBe(0);
				continue;
			}
			// A run that the kill cut off is in n8n's list as crashed, and n8n does not begin it anew.
			expect(runs).toBeGreaterThanOrEqual(crashed.has(webhookId) ? 0 : 1);
			// What got no answer was sent again: n8n may have stored its run before it was killed, and forgotten its ID.
			expect(runs).toBeLessThanOrEqual(underWay.has(webhookId) ? 2 : 1);
		}
		expect(deliveries.filter(({ kind }) => kind === 'valid')).toHaveLength(940);
		expect(executions.length).toBeGreaterThanOrEqual(940);
		expect(executions.length).toBeLessThanOrEqual(940 + underWay.size);
	} finally {
		await counter.stop();
	}
}, 600_000);

/** The ID of the delivery that a run began with, which n8n stores before the run begins. */
async function startOf(executionId: string): Promise<string> {
	const { data } = await n8n.rest<{ data: string }>('GET', `/executions/${executionId}`);
	return parse(data).executionData.nodeExecutionStack[0].data.main[0][0].json.webhookId;
}

interface Delivery {
	kind: 'valid' | 'broken' | 'repeated';
	webhookId: string;
	body: string;
	signature: string;
	/** The last that n8n answered, if it did. */
	answer?: Answer;
}

/**
 * Sends 1,000 deliveries, at most 50 a second and 20 at once: 10 with a broken signature, and 50 that repeat one before.
 * When half of them are answered, n8n is killed and started again. What it has not answered is sent once more then, and
 * the last hundred are repeated. `underWay` are the IDs that got no answer before the kill.
 */
async function sendThousand(triggered: Triggered) {
	const deliveries: Delivery[] = [];
	const flying = new Set<Promise<void>>();
	const send = async (delivery: Delivery) => {
		const flight = n8n
			.post(triggered, delivery.body, { 'x-ghl-signature': delivery.signature })
			.then((answer) => void (delivery.answer = answer))
			.catch(() => {})
			.finally(() => flying.delete(flight));
		flying.add(flight);
		await Promise.all([sleep(20), flying.size < 20 || Promise.race(flying)]);
	};
	let underWay: Set<string> | undefined;
	for (let index = 0; index < 1_000; index++) {
		deliveries.push(deliveryAt(index, deliveries));
		await send(deliveries.at(-1)!);
		if (underWay || deliveries.filter(({ answer }) => answer).length < 500) continue;
		await n8n.kill();
		await Promise.all(flying);
		const known = new Set(
			deliveries.filter(({ answer }) => answer).map(({ webhookId }) => webhookId),
		);
		const lost = deliveries.filter(({ answer }) => !answer);
		underWay = new Set(lost.map(({ webhookId }) => webhookId).filter((id) => !known.has(id)));
		await n8n.restart();
		for (const delivery of [...lost, ...deliveries.slice(-100)]) await send(delivery);
	}
	await Promise.all(flying);
	return { deliveries, underWay: underWay! };
}

/** A new delivery, or one that repeats one of those before. */
function deliveryAt(index: number, before: Delivery[]): Delivery {
	if (index % 20 === 10) {
		const valid = before.filter(({ kind }) => kind === 'valid');
		return {
			...valid.at(-1 - ((index * 7919) % Math.min(100, valid.length)))!,
			kind: 'repeated',
			answer: undefined,
		};
	}
	const { webhookId, ...rest } = event();
	const body = JSON.stringify({ webhookId, ...rest });
	return index % 100 === 55
		? { kind: 'broken', webhookId, body, signature: n8n.signer.sign(`${body} `) }
		: { kind: 'valid', webhookId, body, signature: n8n.signer.sign(body) };
}
