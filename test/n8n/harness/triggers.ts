import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';

import { createSigner } from '../../simulator/webhooks';
import { startN8n as startEditor, startServer, type Server } from './n8nServer';
import { createHome, type Home } from './home';
import { installN8n } from '../install/install';
import { freePort } from './ports';
import { OWNER, restClient, until, type Rest } from './n8nClient';
import type { WorkflowFile } from './workflow';

/** n8n may have to be installed first, where a file is run without `npm test`. */
const LONGEST_START = 900_000;

/** An execution in n8n's list. */
interface Listed {
	id: string;
	status: string;
}

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

/** One n8n for a test file, which can be killed and restarted, and a key to sign with that its triggers trust. */
export function useTrigger() {
	const signer = createSigner();
	const started = {} as { home: Home; server: Server; rest: Rest; port: number };

	beforeAll(async () => {
		started.home = await createHome(await installN8n());
		// n8n reads it when it starts. Its newer engine makes two V8 isolates for each delivery to any trigger but its own
		// Webhook node, which take ten times as long as all the rest.
		await writeFile(join(started.home.home, '.env'), 'N8N_EXPRESSION_ENGINE=legacy\n');
		started.port = await freePort();
		const editor = await startEditor(started.home, { port: started.port });
		started.server = editor;
		started.rest = editor.rest;
	}, LONGEST_START);
	afterAll(async () => {
		await started.server?.stop();
		await started.home?.remove();
	});

	/** Stores and publishes a workflow of these nodes, one after the other, and waits until it is published. */
	async function publish(nodes: INode[]): Promise<string> {
		const pairs = nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index]!.name,
				{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
			]);
		const workflow: WorkflowFile = {
			name: 'After an event',
			nodes,
			connections: Object.fromEntries(pairs),
			settings: {},
		};
		const { id, versionId } = await started.rest<{ id: string; versionId: string }>(
			'POST',
			'/workflows',
			workflow,
		);
		await started.rest('POST', `/workflows/${id}/activate`, { versionId });
		const { status, triggers } = await until('the publication of the workflow', async () => {
			const publication = await started.rest<{
				status: 'in_progress' | 'not_published' | 'published' | 'failed';
				triggers: Array<{ errorMessage: string | null }>;
			}>('GET', `/workflows/${id}/publication-status`);
			return ['published', 'failed'].includes(publication.status) ? publication : undefined;
		});
		if (status === 'failed') throw new Error(triggers[0]?.errorMessage ?? status);
		return id;
	}

	return {
		signer,
		get rest() {
			return started.rest;
		},
		/** Everything that n8n has logged since it was started last. */
		log: () => started.server.log(),
		/** Publishes a workflow of the trigger and the nodes that follow it. */
		async publish(
			parameters: INodeParameters,
			followers: INode[] = [],
			credentials?: INode['credentials'],
		): Promise<Published> {
			const webhookId = randomUUID();
			const trigger: INode = {
				id: randomUUID(),
				name: 'Trigger',
				type: 'n8n-nodes-highlevel-associations.highLevelAssociationsTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: { events: ['AssociationDelete'], publicKey: signer.publicKey, ...parameters },
				webhookId,
				credentials,
			};
			const workflowId = await publish([trigger, ...followers]);
			return { workflowId, path: `/webhook/${webhookId}/webhook` };
		},
		/** Publishes a workflow of n8n's own Webhook node, which responds at once and to everybody. */
		async publishWebhookNode(): Promise<Published> {
			const path = randomUUID();
			const node: INode = {
				id: randomUUID(),
				name: 'Trigger',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2.1,
				position: [0, 0],
				parameters: { httpMethod: 'POST', path, options: {} },
				webhookId: path,
			};
			return { workflowId: await publish([node]), path: `/webhook/${path}` };
		},
		/** Sends a body with these headers, as they are. Throws if n8n does not respond. */
		async post(
			{ path }: Published,
			body: string | Buffer,
			headers: Record<string, string>,
		): Promise<Response> {
			const response = await fetch(`http://127.0.0.1:${started.port}${path}`, {
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
		): Promise<Response> {
			const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
			return await this.post(published, bytes, {
				'x-ghl-signature': signer.sign(bytes),
				...headers,
			});
		},
		/** All executions of a workflow, the newest first. */
		async executions({ workflowId }: Published): Promise<Listed[]> {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const all: Listed[] = [];
			let cursor: string | null = '';
			while (cursor !== null) {
				const path: string = `/executions?filter=${filter}&limit=100${cursor && `&cursor=${cursor}`}`;
				const { results, nextCursor }: { results: Listed[]; nextCursor: string | null } =
					await started.rest('GET', path);
				all.push(...results);
				cursor = nextCursor;
			}
			return all;
		},
		/** Kills n8n, without a chance to save anything. */
		async kill(): Promise<void> {
			process.kill(-started.server.pid, 'SIGKILL');
			await started.server.ended;
		},
		/** Starts n8n again with what it had stored, after `kill`. */
		async restart(): Promise<void> {
			started.server = await startServer(started.home, { port: started.port });
			started.rest = restClient(started.server.url);
			await started.rest('POST', '/login', {
				emailOrLdapLoginId: OWNER.email,
				password: OWNER.password,
			});
		},
	};
}
