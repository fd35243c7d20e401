import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { run } from '../../program/processes';
import { freePort } from './ports';
import { startService, type Service } from './service';

/** A service that listens on a port of loopback. */
export interface ListeningService extends Service {
	port: number;
	/** Starts it again on the same port and with what it had stored, after `stop`. */
	restart(): Promise<void>;
}

/** Who may use which database; PostgreSQL makes both itself. */
export const POSTGRES = { user: 'n8n', database: 'postgres' };

/** Debian keeps the programs of each version of PostgreSQL in a folder of its own. */
const DEBIANS = '/usr/lib/postgresql';

/** The Debian packages of what n8n's queue mode needs besides n8n and this machine has not; none is ever downloaded. */
export function missingServices(): string[] {
	const programs = { 'redis-server': 'redis-server', postgresql: 'initdb' };
	return Object.entries(programs).flatMap(([name, program]) => (find(program) ? [] : [name]));
}

function find(program: string): string | undefined {
	const versions = existsSync(DEBIANS) ? readdirSync(DEBIANS) : [];
	const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
	return [
		...(process.env.PATH ?? '').split(delimiter),
		...newestFirst.map((version) => join(DEBIANS, version, 'bin')),
	]
		.map((folder) => join(folder, program))
		.find(existsSync);
}

/** Starts Redis, which keeps its files in a new folder here. At its end it stores what it holds. */
export async function startRedis(parent: string): Promise<ListeningService> {
	const folder = join(parent, 'redis');
	await mkdir(folder);
	return await listening(async (port) => {
		const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
		return await startService(find('redis-server')!, args, {
			cwd: folder,
			ready: 'Ready to accept connections',
			logFile: join(folder, 'redis.log'),
		});
	});
}

/**
 * Starts PostgreSQL, which keeps its files in a new folder here. It refuses to run as root, and runs as its own user
 * then, who must be able to reach the folder.
 */
export async function startPostgres(parent: string): Promise<ListeningService> {
	const folder = join(parent, 'postgres');
	await mkdir(folder, { mode: 0o700 });
	const prefix = process.getuid?.() === 0 ? await giveToPostgres(folder) : [];
	const [command, ...args] = [
		...[...prefix, find('initdb')!, '--pgdata', folder, '--username', POSTGRES.user],
		...['--auth', 'trust', '--encoding', 'UTF8', '--no-locale', '--no-sync'],
	];
	const { code, stdout, stderr } = await run(command!, args, { cwd: folder });
	if (code !== 0) throw new Error(`initdb failed:\n${stdout}${stderr}`);
	return await listening(async (port) => {
		const [command, ...args] = [
			...[...prefix, find('postgres')!, '-D', folder, '-p', String(port), '-c', 'fsync=off'],
			...['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`],
		];
		return await startService(command!, args, {
			cwd: folder,
			ready: 'database system is ready to accept connections',
			logFile: join(parent, 'postgres.log'),
		});
	});
}

/** Gives a folder to PostgreSQL's own user, and the command that runs another one as this user. */
async function giveToPostgres(folder: string): Promise<string[]> {
	const [uid, gid] = ['-u', '-g'].map((flag) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
	);
	await chown(folder, uid!, gid!);
	return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

async function listening(start: (port: number) => Promise<Service>): Promise<ListeningService> {
	const port = await freePort();
	const service: ListeningService = {
		...(await start(port)),
		port,
		restart: async () => void Object.assign(service, await start(port)),
	};
	return service;
}
