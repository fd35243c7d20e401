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

/** What came back for one delivery. */
export interface Answer {
	status: number;
	message: string | undefined;
}

/** A workflow that is switched on and begins with the trigger. */
export interface Triggered {
	workflowId: string;
	/** Where HighLevel would send events to. */
	path: string;
}

/** What a workflow has besides the trigger and its parameters. */
interface Around {
	credentials?: INode['credentials'];
	/** Nodes that follow the trigger, one after the other. */
	followers?: INode[];
}

/** One n8n for a test file, which can be killed and started again, and a key to sign with that its triggers trust. */
export function useTrigger() {
	const signer = createSigner();
	const started = {} as { home: Home; server: Server; rest: Rest; port: number };

	beforeAll(async () => {
		started.home = await createHome(await installN8n());
		// n8n reads it at its start. Its newer engine makes two V8 isolates for each delivery, which take ten times as long
		// as all the rest.
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

	/** Waits until a workflow that was switched on can be triggered. Throws with n8n's words where it can't be. */
	async function published(workflowId: string): Promise<void> {
		interface Publication {
			status: 'in_progress' | 'not_published' | 'published' | 'failed';
			triggers: Array<{ errorMessage: string | null }>;
		}
		const { status, triggers } = await until('the publication of the workflow', async () => {
			const publication = await started.rest<Publication>(
				'GET',
				`/workflows/${workflowId}/publication-status`,
			);
			return ['published', 'failed'].includes(publication.status) ? publication : undefined;
		});
		if (status === 'failed') throw new Error(triggers[0]?.errorMessage ?? status);
	}

	return {
		signer,
		get rest() {
			return started.rest;
		},
		/** Stores and switches on a workflow of the trigger and what follows it. */
		async activate(
			parameters: INodeParameters,
			{ credentials, followers = [] }: Around = {},
		): Promise<Triggered> {
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
			const nodes = [trigger, ...followers];
			const pairs = followers.map((follower, index) => [
				nodes[index]!.name,
				{ main: [[{ node: follower.name, type: 'main' as const, index: 0 }]] },
			]);
			const workflow: WorkflowFile = {
				name: 'After an event',
				nodes,
				connections: Object.fromEntries(pairs),
				settings: {},
			};
			const { id } = await started.rest<{ id: string }>('POST', '/workflows', workflow);
			const { versionId } = await started.rest<{ versionId: string }>('GET', `/workflows/${id}`);
			await started.rest('POST', `/workflows/${id}/activate`, { versionId });
			await published(id);
			return { workflowId: id, path: `/webhook/${webhookId}/webhook` };
		},
		/** Sends a body with these headers, as they are. Throws where n8n gives no answer. */
		async post(
			{ path }: Triggered,
			body: string | Buffer,
			headers: Record<string, string>,
		): Promise<Answer> {
			const response = await fetch(`http://127.0.0.1:${started.port}${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body: new Uint8Array(Buffer.from(body)),
			});
			const text = await response.text();
			return { status: response.status, message: text ? JSON.parse(text).message : undefined };
		},
		/** Sends a body as HighLevel does: signed. */
		async send(
			triggered: Triggered,
			body: string | Buffer | object,
			headers: Record<string, string> = {},
		): Promise<Answer> {
			const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
			return await this.post(triggered, bytes, {
				'x-ghl-signature': signer.sign(bytes),
				...headers,
			});
		},
		/** All executions of a workflow, the newest first. */
		async executions({ workflowId }: Triggered): Promise<Listed[]> {
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
		/** Starts n8n again where it was, after `kill`. */
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
