import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { Problem } from '../../program/problem';

/**
 * A loopback port that nothing listens on at the moment. It lies below the ports that systems hand out by themselves, so
 * that no connection or listener takes it before it is used.
 */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = randomInt(20_000, 32_000);
		if (await isFree(port)) return port;
	}
}

const isFree = async (port: number) =>
	await listen(port).then(
		() => true,
		() => false,
	);

/** @throws {Problem} where something listens on that loopback port, with a sentence that names `--port` */
export async function requireFreePort(port: number): Promise<void> {
	await listen(port).catch((error) => {
		throw new Problem(
			error.code === 'EADDRINUSE'
				? `Port ${port} is in use. End the program that uses it, or choose another port: npm start -- --port ${(port % 65_535) + 1}`
				: `Port ${port} cannot be opened (${error.code}). Choose another port: npm start -- --port 5678`,
		);
	});
}

/** Listens on a port for a moment. Throws where that is not possible. */
async function listen(port: number): Promise<void> {
	const server = createServer().listen(port, '127.0.0.1');
	await once(server, 'listening');
	server.close();
	await once(server, 'close');
}
