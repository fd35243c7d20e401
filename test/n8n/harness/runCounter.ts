import { once } from 'node:events';
import { createServer } from 'node:http';
import type { INode } from 'n8n-workflow';

/** Counts what workflows do, from outside n8n: each run of `node` is one request here. */
export async function startRunCounter() {
	const runs = new Map<string, number>();
	const server = createServer((request, response) => {
		const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('id') ?? '';
		runs.set(id, (runs.get(id) ?? 0) + 1);
		response.end('{}');
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as { port: number };
	const node: INode = {
		id: 'count',
		name: 'Count',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [200, 0],
		parameters: { url: `=http://127.0.0.1:${port}/?id={{ $json.webhookId }}`, options: {} },
	};
	return {
		/** What tells the counter, with the `webhookId` of its item. */
		node,
		/** How often the node ran with this ID. */
		runsOf: (webhookId: string) => runs.get(webhookId) ?? 0,
		async stop(): Promise<void> {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
