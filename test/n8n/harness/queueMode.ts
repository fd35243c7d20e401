import { chmod, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { installN8n } from '../install/install';
import type { N8nProgram } from './commandLine';
import { createHome } from './home';
import type { N8nClient } from './n8nClient';
import { startN8n, startServer, type Server, type ServerSettings } from './n8nServer';
import { startPostgres, startRedis, type ListeningService } from './services';

/** An n8n of several processes, with Redis and PostgreSQL. */
export interface QueueMode {
	/** Serves the editor's REST API and webhooks. Its owner is logged in. */
	main: Server & N8nClient;
	/** Serves webhooks. */
	webhook: Server;
	/** All that were ever started. */
	workers: Server[];
	redis: ListeningService;
	startWorker(): Promise<Server>;
	/** Ends all processes and removes their files. */
	stop(): Promise<void>;
}

/** How many workers there are, and what all processes of n8n are told. */
export interface QueueModeOptions extends Pick<ServerSettings, 'credentialOverwrites'> {
	workers: number;
	/** Variables of n8n. */
	variables?: Record<string, string>;
}

/**
 * Starts n8n in queue mode: Redis, PostgreSQL, a main process, a webhook process and workers, each with a home of its
 * own, all in one temporary folder. `missingServices` says what this machine lacks for it.
 */
export async function startQueueMode({
	workers,
	variables,
	credentialOverwrites,
}: QueueModeOptions): Promise<QueueMode> {
	const home = await createHome(await installN8n());
	const running: Array<{ stop(): Promise<void> }> = [];
	const keep = <One extends { stop(): Promise<void> }>(one: One): One => {
		running.unshift(one);
		return one;
	};
	const stop = async () => {
		// Redis and PostgreSQL last: without them n8n does not come to its end, and with its connections they do not.
		const services = running.splice(-2);
		await Promise.all(running.map(async (one) => await one.stop()));
		for (const service of services) await service.stop();
		await home.remove();
	};
	try {
		// PostgreSQL's folder is not its owner's.
		await chmod(home.home, 0o711);
		const postgres = keep(await startPostgres(home.home));
		const redis = keep(await startRedis(home.home));
		const queueMode = { redisPort: redis.port, postgresPort: postgres.port, variables };
		const settings = { queueMode, credentialOverwrites };
		// It makes the tables.
		const main = keep(await startN8n(home, settings));
		const all: Server[] = [];
		let started = 0;
		const startOther = async (command: 'webhook' | 'worker', name: string) =>
			keep(await startServer(await copyHome(home, name), { command, ...settings }));
		const startWorker = async () => {
			const worker = await startOther('worker', `worker-${(started += 1)}`);
			all.push(worker);
			return worker;
		};
		const [webhook] = await Promise.all([
			startOther('webhook', 'webhook'),
			...Array.from({ length: workers }, startWorker),
		]);
		return { main, webhook, workers: all, redis, startWorker, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** A home for another process of an n8n: with the same key and packages, in a folder in its home. */
async function copyHome({ home, ...program }: N8nProgram, name: string): Promise<N8nProgram> {
	const folder = join(home, name);
	await mkdir(join(folder, '.n8n'), { recursive: true });
	for (const part of ['config', 'nodes']) {
		await cp(join(home, '.n8n', part), join(folder, '.n8n', part), { recursive: true });
	}
	return { ...program, home: folder };
}
