import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { INode, INodeExecutionData } from 'n8n-workflow';

import { createSigner, event } from '../simulator/webhooks';
import { finishedRun, until } from './harness/n8nClient';
import { useTrigger, type Published } from './harness/useTrigger';
import { measureLoad } from './harness/webhookLoad';

const n8n = useTrigger();

/** What came out of a node in each of a workflow's executions, once there are `count` of them and all have ended. */
async function outputs(published: Published, count: number, node = 'Trigger') {
	const executions = await until(`${count} executions that have ended`, async () => {
		const all = await n8n.executions(published);
		const ended = all.filter(({ status }) => !['new', 'running', 'waiting'].includes(status));
		return ended.length >= count && ended.length === all.length ? ended : undefined;
	});
	expect(executions.map(({ status }) => status)).toEqual(Array(count).fill('success'));
	const items: INodeExecutionData[] = [];
	for (const { id } of executions) {
		items.push(...((await finishedRun(n8n.rest, id)).outputs(node)[0] ?? []));
	}
	return items;
}

test('a selected event starts the workflow', async () => {
	const published = await n8n.publish({ events: ['RelationCreate', 'AssociationDelete'] });
	const body = event({ timestamp: new Date(Date.now() - 3_600_000).toISOString() });
	expect(await n8n.send(published, body)).toEqual({ status: 200, message: undefined });
	const delivery = { id: body.webhookId, type: 'AssociationDelete', late: true };
	expect(await outputs(published, 1)).toMatchObject([{ json: { ...body, delivery } }]);
});

test('an event that is not selected is acknowledged and ignored', async () => {
	const published = await n8n.publish({});
	expect(await n8n.send(published, event({ type: 'ContactDelete' }))).toEqual({
		status: 200,
		message: 'Ignored: event not selected',
	});
	expect(await n8n.executions(published)).toEqual([]);
});

test('what HighLevel has not signed is rejected, and logged once', async () => {
	const published = await n8n.publish({});
	const body = JSON.stringify(event());
	for (const headers of [
		{},
		{ 'x-wh-signature': n8n.signer.sign(body) },
		{ 'x-ghl-signature': createSigner().sign(body) },
		{ 'x-ghl-signature': n8n.signer.sign(`${body} `) },
	] as Array<Record<string, string>>) {
		expect(await n8n.post(published, body, headers)).toMatchObject({ status: 401 });
	}
	expect(await n8n.executions(published)).toEqual([]);
	const line = `'Trigger' in workflow ${published.workflowId} rejected a request with 401: X-GHL-Signature does not match the body.`;
	await until('the line in the log', async () => n8n.log().includes(line) || undefined);
	expect(n8n.log().split(line)).toHaveLength(2);
});

test('a body that is too large or not a JSON object is rejected', async () => {
	const published = await n8n.publish({});
	const large = JSON.stringify(event({ filler: 'x'.repeat(1024 * 1024) }));
	expect(await n8n.send(published, large)).toMatchObject({ status: 413 });
	// Zipped, since n8n closes the connection of a body over its own limit while it is being sent.
	const overLimitOfN8n = Buffer.alloc(17 * 1024 * 1024);
	for (const unzipped of [large, overLimitOfN8n]) {
		expect(
			await n8n.post(published, gzipSync(unzipped), { 'content-encoding': 'gzip' }),
		).toMatchObject({ status: 413 });
	}
	expect(await n8n.post(published, 'no gzip', { 'content-encoding': 'gzip' })).toMatchObject({
		status: 400,
	});
	for (const type of ['application/json', 'application/xml', 'multipart/form-data; boundary=x']) {
		for (const body of ['', '{"type":', '[]', '<xml>']) {
			expect(await n8n.send(published, body, { 'content-type': type })).toMatchObject({
				status: 400,
			});
		}
	}
	expect(await n8n.executions(published)).toEqual([]);
});

test('the bytes that were signed count, whatever their type and spelling', async () => {
	const published = await n8n.publish({});
	for (const type of ['application/json', 'text/plain', 'application/xml']) {
		const body = `\r\n${JSON.stringify(event(), null, '\t')} `;
		expect(await n8n.send(published, body, { 'content-type': type })).toMatchObject({
			status: 200,
		});
	}
	expect(await outputs(published, 3)).toHaveLength(3);
});

test('with Header Auth, the header is required', async () => {
	const secret = randomUUID();
	const type = 'highLevelWebhookHeaderApi';
	const data = { headerName: 'X-Webhook-Secret', secret };
	const { id } = await n8n.rest<{ id: string }>('POST', '/credentials', {
		name: 'Header',
		type,
		data,
	});
	const credentials = { [type]: { id, name: 'Header' } };
	const published = await n8n.publish({ incomingAuthentication: 'headerAuth' }, [], credentials);
	expect(await n8n.send(published, event())).toMatchObject({ status: 401 });
	expect(await n8n.post(published, '{}', { 'x-webhook-secret': randomUUID() })).toMatchObject({
		status: 401,
	});
	expect(await n8n.post(published, '{}', { 'x-webhook-secret': secret })).toMatchObject({
		status: 200,
	});
	expect(await outputs(published, 1)).toHaveLength(1);
});

test('after an outage, when HighLevel sends all again, Remove Duplicates lets each delivery pass once', async () => {
	const file = join(__dirname, '..', '..', 'examples', 'after-a-crm-event.json');
	const nodes: INode[] = JSON.parse(readFileSync(file, 'utf8')).nodes;
	const once = nodes.find(({ type }) => type === 'n8n-nodes-base.removeDuplicates')!;
	const published = await n8n.publish({}, [once]);
	const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
	const [before, during] = [5, 15].map((length) =>
		Array.from({ length }, () => event({ timestamp: hourAgo })),
	) as [object[], object[]];

	for (const [index, body] of before.entries()) {
		expect((await n8n.send(published, body)).status).toBe(200);
		// Remove Duplicates may lose an ID to another execution at the same time.
		await outputs(published, index + 1);
	}
	await n8n.kill();
	for (const body of during) await expect(n8n.send(published, body)).rejects.toThrow();
	await n8n.restart();
	const responses = [];
	for (const body of [...before, ...during, ...before, ...during]) {
		responses.push(await n8n.send(published, body));
	}
	expect(responses.map(({ status }) => status)).toEqual(Array(40).fill(200));
	expect(responses.filter(({ message }) => message === 'Ignored: duplicate delivery')).toHaveLength(
		20,
	);
	// The restarted n8n does not know the deliveries before; the node does.
	const passed = await outputs(published, 25, once.name);
	expect(new Set(passed.map(({ json }) => json.webhookId)).size).toBe(20);
	expect(passed).toHaveLength(20);
});

test('under load each valid delivery starts the workflow once, and no invalid one does', async () => {
	const count = Number(process.env.WEBHOOK_DELIVERIES ?? 100);
	const published = await n8n.publish({});
	const { deliveries, report } = await measureLoad(n8n, {
		count,
		trigger: published,
		webhookNode: await n8n.publishWebhookNode(),
	});
	if (process.env.WEBHOOK_DELIVERIES) process.stderr.write(report);
	const valid = deliveries.filter(({ kind }) => kind === 'valid');
	expect(
		deliveries.filter(
			({ response, kind }) => response?.status !== (kind === 'invalid' ? 401 : 200),
		),
	).toEqual([]);
	const started = (await outputs(published, valid.length)).map(({ json }) => json.webhookId);
	expect(new Set(started)).toEqual(new Set(valid.map(({ webhookId }) => webhookId)));
}, 1_800_000);
