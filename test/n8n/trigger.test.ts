import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { createSigner, event } from '../simulator/webhooks';
import { until } from './harness/n8nClient';
import { createTriggers, type Published } from './harness/triggers';
import { useN8n } from './harness/useN8n';

const n8n = useN8n();
const triggers = createTriggers(n8n);
const executions = async ({ workflowId }: Published) => await n8n.client.executions(workflowId);

test('a selected event starts the workflow', async () => {
	const published = await triggers.publish({ events: ['RelationCreate', 'AssociationDelete'] });
	const body = event({ timestamp: new Date(Date.now() - 3_600_000).toISOString() });
	expect(await triggers.send(published, body)).toEqual({ status: 200, message: undefined });
	const delivery = { id: body.webhookId, type: 'AssociationDelete', late: true };
	expect(await triggers.outputs(published, 1)).toMatchObject([{ ...body, delivery }]);
});

test('what HighLevel has not signed is rejected, and logged once', async () => {
	const published = await triggers.publish({});
	const body = JSON.stringify(event());
	for (const headers of [
		{},
		{ 'x-wh-signature': triggers.signer.sign(body) },
		{ 'x-ghl-signature': createSigner().sign(body) },
		{ 'x-ghl-signature': triggers.signer.sign(`${body} `) },
	] as Array<Record<string, string>>) {
		expect(await triggers.post(published, body, headers)).toMatchObject({ status: 401 });
	}
	expect(await executions(published)).toEqual([]);
	const line = `'Trigger' in workflow ${published.workflowId} rejected a request with 401: X-GHL-Signature does not match the body.`;
	await until('the line in the log', async () => n8n.log().includes(line));
	expect(n8n.log().split(line)).toHaveLength(2);
});

test('a body that is too large or not a JSON object is rejected', async () => {
	const published = await triggers.publish({});
	const large = JSON.stringify(event({ filler: 'x'.repeat(1024 * 1024) }));
	expect(await triggers.send(published, large)).toMatchObject({ status: 413 });
	// Zipped, since n8n closes the connection of a body over its own limit while it is being sent.
	const overLimitOfN8n = Buffer.alloc(17 * 1024 * 1024);
	const gzip = { 'content-encoding': 'gzip' };
	for (const unzipped of [large, overLimitOfN8n]) {
		expect((await triggers.post(published, gzipSync(unzipped), gzip)).status).toBe(413);
	}
	expect((await triggers.post(published, 'no gzip', gzip)).status).toBe(400);
	for (const type of ['application/json', 'application/xml', 'multipart/form-data; boundary=x']) {
		for (const body of ['', '{"type":', '[]', '<xml>']) {
			expect((await triggers.send(published, body, { 'content-type': type })).status).toBe(400);
		}
	}
	expect(await executions(published)).toEqual([]);
});

test('the bytes that were signed count, whatever their type and spelling', async () => {
	const published = await triggers.publish({});
	for (const type of ['application/json', 'text/plain', 'application/xml']) {
		const body = `\r\n${JSON.stringify(event(), null, '\t')} `;
		expect((await triggers.send(published, body, { 'content-type': type })).status).toBe(200);
	}
	expect(await triggers.outputs(published, 3)).toHaveLength(3);
});

test('with Header Auth, the header is required', async () => {
	const secret = randomUUID();
	const type = 'highLevelWebhookHeaderApi';
	const data = { headerName: 'X-Webhook-Secret', secret };
	const credential = await n8n.client.createCredential({ name: 'Header', type, data });
	const parameters = { incomingAuthentication: 'headerAuth' };
	const published = await triggers.publish(parameters, [], { [type]: credential });
	expect((await triggers.send(published, event())).status).toBe(401);
	for (const [given, status] of [
		[randomUUID(), 401],
		[secret, 200],
	] as const) {
		const headers = { 'x-webhook-secret': given };
		expect((await triggers.post(published, '{}', headers)).status).toBe(status);
	}
	expect(await triggers.outputs(published, 1)).toHaveLength(1);
});
