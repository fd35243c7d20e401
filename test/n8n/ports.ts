/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs the real n8n for the tests and the demo; not part of the published node */
import { once } from 'node:events';
import { createServer } from 'node:net';

import { Problem } from '../program/problem';

/** A loopback port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
	return await listen(0);
}

/** @throws {Problem} where something listens on that loopback port, with a sentence that names `--port` */
export async function requireFreePort(port: number): Promise<void> {
	await listen(port).catch((error) => {
		throw new Problem(
			error.code === 'EADDRINUSE'
				? `Port ${port} is in use. End the program that uses it, or choose another port: npm start -- --port ${port + 1}`
				: `Port ${port} cannot be opened (${error.code}). Choose another port: npm start -- --port 5678`,
		);
	});
}

async function listen(port: number): Promise<number> {
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	return typeof address === 'object' && address ? address.port : port;
}
