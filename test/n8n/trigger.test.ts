/* eslint-disable @n8n/community-nodes/no-restricted-imports -- tests of the node in the real n8n; not part of the published node */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { parse } from 'flatted';

import { createSigner, event, LOCATION } from '../simulator/webhooks';
import { startRunCounter } from './runCounter';
import { useTrigger, type Answer, type Triggered } from './useTrigger';
import { readRun, type RawRun } from './workflow';

const n8n = useTrigger();

/** The executions of a workflow once none is under way. */
async function ended(triggered: Triggered) {
	for (;;) {
		const executions = await n8n.executions(triggered);
		if (!executions.some(({ status }) => ['new', 'running', 'waiting'].includes(status))) return executions;
		await sleep(100);
	}
}

/** What an execution's trigger gave. */
async function bodyOf(executionId: string) {
	const { data, ...execution } = await n8n.rest<{ data: string }>('GET', `/executions/${executionId}`);
	return readRun({ ...execution, data: parse(data) } as unknown as RawRun).outputs('Trigger')[0]?.[0]?.json;
}

test('an event that is chosen starts the workflow with its body', async () => {
	const triggered = await n8n.activate({ events: ['AssociationDelete', 'RelationCreate'] });
	const body = event();
	expect(await n8n.send(triggered, body)).toEqual({ status: 200, message: undefined });
	const [execution] = await ended(triggered);
	expect(execution?.status).toBe('success');
	expect(await bodyOf(execution!.id)).toEqual(body);
});

test('other events are answered and dropped, or are a choice of their own', async () => {
	const dropping = await n8n.activate({});
	const others = await n8n.activate({ events: ['others'] });
	for (const type of ['AssociationCreate', 'ContactDelete']) {
		expect(await n8n.send(dropping, event({ type }))).toMatchObject({ status: 200 });
	}
	expect(await n8n.executions(dropping)).toEqual([]);
	expect(await n8n.send(others, event({ type: 'AssociationCreate' }))).toMatchObject({ status: 200 });
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
	const huge = JSON.stringify(event({ filler: 'x'.repeat(20 * 1024 * 1024) }));
	const zipped = gzipSync(large);
	expect(await n8n.send(triggered, large)).toMatchObject({ status: 413 });
	expect(await n8n.send(triggered, huge)).toMatchObject({ status: 413 });
	expect(await n8n.post(triggered, zipped, { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
	expect(await n8n.post(triggered, 'no gzip', { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 });
	for (const type of ['application/json', 'text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
		for (const body of ['', '{"type":', '[]', '<xml>']) {
			expect(await n8n.send(triggered, body, { 'content-type': type })).toMatchObject({ status: 400 });
		}
	}
	expect(await n8n.executions(triggered)).toEqual([]);
});

test('what counts is what was signed, however it is labelled and spelled', async () => {
	const triggered = await n8n.activate({});
	for (const type of ['application/json', 'text/plain', 'application/xml', 'application/octet-stream']) {
		const body = `\r\n${JSON.stringify(event(), null, '\t')} `;
		expect(await n8n.send(triggered, body, { 'content-type': type })).toMatchObject({ status: 200 });
	}
	expect(await ended(triggered)).toHaveLength(4);
});

test('only events of the chosen locations start it', async () => {
	const triggered = await n8n.activate({ locationId: `another, ${LOCATION}` });
	expect(await n8n.send(triggered, event({ locationId: 'a third' }))).toMatchObject({ status: 200 });
	expect(await n8n.executions(triggered)).toEqual([]);
	expect(await n8n.send(triggered, event())).toMatchObject({ status: 200 });
	expect(await ended(triggered)).toHaveLength(1);
});

test('with a header instead, that header is needed', async () => {
	const secret = randomUUID();
	const type = 'highLevelWebhookHeaderApi';
	const data = { headerName: 'X-Webhook-Secret', secret };
	const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', { name: 'Header', type, data });
	const credentials = { [type]: { id, name: 'Header' } };
	const triggered = await n8n.activate({ authentication: 'headerAuth' }, { credentials });
	expect(await n8n.send(triggered, event())).toMatchObject({ status: 401 });
	expect(await n8n.post(triggered, '{}', { 'x-webhook-secret': randomUUID() })).toMatchObject({ status: 401 });
	expect(await n8n.executions(triggered)).toEqual([]);
	expect(await n8n.post(triggered, '{}', { 'x-webhook-secret': secret })).toMatchObject({ status: 200 });
	expect(await ended(triggered)).toHaveLength(1);
});

test('a key that can verify nothing is refused when the workflow is switched on', async () => {
	await expect(n8n.activate({ publicKey: 'none' })).rejects.toThrow('The Public Key is not an Ed25519 key');
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
	for (let seed = 1; seed <= 100; seed++) {
		const headers = { 'x-ghl-signature': signature.toString() };
		expect(await n8n.post(triggered, flip(body, seed), headers)).toMatchObject({ status: 401 });
		const other = flip(signature, seed).toString('latin1');
		// What is no header can't be sent.
		if (!/^[!-~]+$/.test(other)) continue;
		expect(await n8n.post(triggered, body, { 'x-ghl-signature': other })).toMatchObject({ status: 401 });
	}
	expect(await n8n.executions(triggered)).toEqual([]);
	expect(await n8n.send(triggered, body)).toMatchObject({ status: 200 });
	expect(await ended(triggered)).toHaveLength(1);
});

test('a repeated delivery starts nothing, also after n8n was killed', async () => {
	const triggered = await n8n.activate({});
	const bodies = Array.from({ length: 20 }, () => event());
	const both = await Promise.all([...bodies, ...bodies].map(async (body) => await n8n.send(triggered, body)));
	expect(both.map(({ status }) => status)).toEqual(both.map(() => 200));
	expect(both.filter(({ message }) => message?.includes('came before'))).toHaveLength(20);
	await n8n.kill();
	await n8n.restart();
	for (const body of bodies) {
		expect(await n8n.send(triggered, body)).toMatchObject({ status: 200, message: expect.stringContaining('came before') });
	}
	expect(await ended(triggered)).toHaveLength(20);
});

test('of 1,000 deliveries, with n8n killed among them, each that was answered 200 ran once', async () => {
	const counter = await startRunCounter();
	try {
		const triggered = await n8n.activate({}, { followers: [counter.node] });
		const { deliveries, answers, lost } = await sendThousand(triggered);
		const executions = await ended(triggered);
		const crashed = new Set<unknown>();
		for (const { id, status } of executions) {
			if (status !== 'success') crashed.add(await startOf(id));
		}

		const runs = { once: 0, crashed: 0 };
		deliveries.forEach(({ kind, webhookId }, index) => {
			if (kind === 'broken') {
				expect(answers[index]?.status).toBe(401);
				expect(counter.runsOf(webhookId)).toBe(0);
			} else {
				expect(answers[index]?.status).toBe(200);
			}
			if (kind !== 'valid' || lost.has(index)) return;
			// A run that was under way when n8n was killed is in n8n's list as such. All others ran once.
			if (crashed.has(webhookId)) expect(counter.runsOf(webhookId)).toBeLessThanOrEqual(1);
			else expect(counter.runsOf(webhookId)).toBe(1);
			runs[crashed.has(webhookId) ? 'crashed' : 'once']++;
		});
		expect(new Set(executions.map(({ status }) => status))).toEqual(new Set(crashed.size > 0 ? ['success', 'crashed'] : ['success']));
		expect(runs.once + runs.crashed + lost.size).toBe(940);
	} finally {
		await counter.stop();
	}
}, 300_000);

/** The ID of the delivery that a run began with, which n8n stores before the run begins. */
async function startOf(executionId: string): Promise<unknown> {
	const { data } = await n8n.rest<{ data: string }>('GET', `/executions/${executionId}`);
	return parse(data).executionData.nodeExecutionStack[0]?.data.main[0][0].json.webhookId;
}

/**
 * Sends 1,000 deliveries at 50 a second: 10 with a broken signature, 50 that repeat one before. After 500 n8n is killed
 * and started again; what got no answer is sent once more then.
 */
async function sendThousand(triggered: Triggered) {
	const deliveries: Array<{ kind: 'valid' | 'broken' | 'repeated'; webhookId: string; body: string; signature: string }> = [];
	for (let index = 0; index < 1_000; index++) {
		const before = deliveries[(index * 7919) % Math.max(1, index)];
		if (index % 20 === 10 && before) {
			deliveries.push({ ...before, kind: before.kind === 'broken' ? 'broken' : 'repeated' });
			continue;
		}
		const sent = event();
		const body = JSON.stringify(sent);
		const kind = index % 100 === 55 ? 'broken' : 'valid';
		deliveries.push({ kind, webhookId: sent.webhookId, body, signature: n8n.signer.sign(kind === 'broken' ? `${body} ` : body) });
	}
	const answers: Array<Answer | undefined> = [];
	const lost = new Set<number>();
	const send = async (index: number) => {
		const { body, signature } = deliveries[index]!;
		await n8n.post(triggered, body, { 'x-ghl-signature': signature }).then(
			(answer) => (answers[index] = answer),
			() => lost.add(index),
		);
	};
	const sendAll = async (indexes: number[], half = async () => {}) => {
		const sent: Array<Promise<void>> = [];
		const begin = Date.now();
		for (const [count, index] of indexes.entries()) {
			await sleep(Math.max(0, begin + count * 20 - Date.now()));
			sent.push(send(index));
		}
		await half();
		await Promise.all(sent);
	};
	const indexes = deliveries.map((_, index) => index);
	await sendAll(indexes.slice(0, 500), async () => await n8n.kill());
	await n8n.restart();
	await sendAll([...lost]);
	await sendAll(indexes.slice(500));
	return { deliveries, answers, lost };
}
