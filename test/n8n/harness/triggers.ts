import { randomUUID } from 'node:crypto';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { createSigner } from '../../simulator/webhooks';
import { isOver, until, type N8nClient } from './n8nClient';
import { node, sequence, TRIGGER } from './workflow';

/** n8n's response to one request. */
export interface Response {
	status: number;
	message: string | undefined;
}

/** A published workflow that starts with a webhook. */
export interface Published {
	workflowId: string;
	/** Where it is sent requests. */
	path: string;
}

/** Workflows that start with a webhook, and a key to sign with that the package's triggers trust. */
export function createTriggers(n8n: { readonly client: N8nClient }) {
	const signer = createSigner();

	return {
		signer,
		/** Publishes a workflow of the trigger and the nodes that follow it, and waits until it is published. */
		async publish(
			parameters: INodeParameters,
			followers: INode[] = [],
			credentials?: INode['credentials'],
		): Promise<Published> {
			const { client } = n8n;
			const webhookId = randomUUID();
			const all = { events: ['AssociationDelete'], publicKey: signer.publicKey, ...parameters };
			const trigger = node('Trigger', TRIGGER, 1, all, { webhookId, credentials });
			const workflow = sequence('After an event', trigger, ...followers);
			const workflowId = await client.createWorkflow(workflow);
			await client.activate(workflowId);
			const { status, triggers } = await until('the publication of the workflow', async () => {
				const publication = await client.rest<{
					status: 'in_progress' | 'not_published' | 'published' | 'failed';
					triggers: Array<{ errorMessage: string | null }>;
				}>('GET', `/workflows/${workflowId}/publication-status`);
				return ['published', 'failed'].includes(publication.status) && publication;
			});
			if (status === 'failed') throw new Error(triggers[0]?.errorMessage ?? status);
			return { workflowId, path: `/webhook/${webhookId}/webhook` };
		},
		/** Sends a body with these headers, as they are, to a process of n8n. Throws if it does not respond. */
		async post(
			{ path }: Published,
			body: string | Buffer,
			headers: Record<string, string>,
			{ url }: { url: string } = n8n.client,
		): Promise<Response> {
			const response = await fetch(`${url}${path}`, {
				method: 'POST',
				// A connection that is kept may be closed by n8n just when it is used again.
				headers: { 'content-type': 'application/json', connection: 'close', ...headers },
				body: new Uint8Array(Buffer.from(body)),
			});
			const text = await response.text();
			return { status: response.status, message: text ? JSON.parse(text).message : undefined };
		},
		/** Sends a body as HighLevel does: signed. */
		async send(
			published: Published,
			body: string | Buffer | object,
			headers: Record<string, string> = {},
			to?: { url: string },
		): Promise<Response> {
			const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
			const signature = { 'x-ghl-signature': signer.sign(bytes) };
			return await this.post(published, bytes, { ...signature, ...headers }, to);
		},
		/** The JSON that came out of a node in each of a workflow's executions, once there are `count` of them and all have ended. */
		async outputs(published: Published, count: number, name = 'Trigger') {
			const ended = await until(`${count} executions that have ended`, async () => {
				const all = await n8n.client.executions(published.workflowId);
				return all.every(isOver) && all.length >= count && all;
			});
			expect(ended.map(({ status }) => status)).toEqual(Array(count).fill('success'));
			const items: IDataObject[] = [];
			for (const { id } of ended) items.push(...(await n8n.client.finishedRun(id)).json(name));
			return items;
		},
	};
}
