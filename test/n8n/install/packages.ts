import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { npm } from '../../program/npm';
import { Problem } from '../../program/problem';
import { run } from '../../program/processes';
import { progress } from '../../program/progress';
import { headersOf } from './nodeRuntime';

/** n8n 1.x and 2.0 ask for an address outside the registry. */
const OVERRIDES = { xlsx: '0.18.5' };

/** The one native package that n8n can't do without: its database. All n8n's ask for this version. */
const DATABASE = { name: 'sqlite3', version: '5.1.7', binary: join('build', 'Release') };

interface Options {
	cwd: string;
	/** The Node binary that n8n will run on. */
	node: string;
	env: NodeJS.ProcessEnv;
}

/**
 * Installs n8n's packages into a folder, and builds its database meanwhile.
 *
 * No other install script runs, as one of them downloads a binary from elsewhere and fails without it.
 *
 * @param node the Node binary that n8n will run on
 */
export async function installPackages(
	folder: string,
	version: string,
	node: string,
): Promise<void> {
	const options = { node, env: environment(node) };
	const database = join(folder, DATABASE.name);
	const modules = join(folder, 'node_modules');
	await mkdir(database, { recursive: true });
	await progress(
		`Installing n8n ${version}`,
		async () =>
			await Promise.all([
				installN8n(version, { ...options, cwd: folder }),
				buildDatabase({ ...options, cwd: database }),
			]),
		() => unpacked(modules),
	);
	const path = join(DATABASE.name, DATABASE.binary);
	await cp(join(database, 'node_modules', path), join(modules, path), { recursive: true });
	await rm(database, { recursive: true });
}

/** With its lock file npm looks nothing up, and installs the same packages each time. Only the n8n of most tests has one. */
async function installN8n(version: string, { cwd, ...options }: Options): Promise<void> {
	const lock = join(__dirname, 'locks', version);
	const isLocked = existsSync(lock);
	const manifest = { private: true, overrides: OVERRIDES };
	if (isLocked) await copyLock(lock, cwd);
	else await writeFile(join(cwd, 'package.json'), JSON.stringify(manifest));
	const what = isLocked ? ['ci'] : ['install', '--no-package-lock', `n8n@${version}`];
	await npm([...what, '--ignore-scripts', '--prefix', cwd], {
		...options,
		cwd,
		what: `n8n ${version}`,
	});
}

/**
 * Copies a lock file and writes into it where each package is: below the registry's address, all registries have them at
 * the same place. Without, npm reads a page of the registry about each, for n8n 420 MB.
 */
async function copyLock(from: string, to: string): Promise<void> {
	const registry = (
		await npm(['config', 'get', 'registry'], { what: "npm's registry", cwd: to })
	).trim();
	const lock = JSON.parse(await readFile(join(from, 'package-lock.json'), 'utf8'));
	for (const [path, entry] of Object.entries<{ name?: string; version: string; resolved?: string }>(
		lock.packages,
	)) {
		const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 13);
		const file = `${name.split('/').pop()}-${entry.version}.tgz`;
		if (path !== '') entry.resolved = `${registry.replace(/\/$/, '')}/${name}/-/${file}`;
	}
	await cp(join(from, 'package.json'), join(to, 'package.json'));
	await writeFile(join(to, 'package-lock.json'), JSON.stringify(lock));
}

/** Builds the database in a folder of its own: beside the rest, it takes a processor that npm leaves idle. */
async function buildDatabase({ cwd, ...options }: Options): Promise<void> {
	const { name, version } = DATABASE;
	await writeFile(
		join(cwd, 'package.json'),
		JSON.stringify({ private: true, allowScripts: { [name]: true } }),
	);
	await npm(['install', '--ignore-scripts=false', '--prefix', cwd, `${name}@${version}`], {
		...options,
		cwd,
		what: name,
	}).catch(() => {});
	const { code } = await run(options.node, ['--eval', `require('${name}')`], { cwd });
	if (code !== 0) {
		throw new Problem(
			"sqlite3, n8n's database, could not be built. Install a C++ compiler, make and Python 3, then run this again.",
		);
	}
}

/** The environment in which npm builds native code for n8n's Node, whatever the user's settings are for their own. */
function environment(node: string): NodeJS.ProcessEnv {
	const headers = headersOf(node);
	return {
		...process.env,
		PATH: `${dirname(node)}:${process.env.PATH}`,
		...(headers && { npm_config_nodedir: headers }),
	};
}

/** How many packages npm has unpacked. It makes the folders of all first, and then fills them. */
function unpacked(modules: string): string {
	if (!existsSync(modules)) return 'reading what it needs';
	const folders = readdirSync(modules)
		.filter((name) => !name.startsWith('.'))
		.flatMap((name) =>
			name.startsWith('@')
				? readdirSync(join(modules, name)).map((scoped) => join(name, scoped))
				: [name],
		);
	const ready = folders.filter((name) => existsSync(join(modules, name, 'package.json')));
	return `${ready.length} of ${folders.length} packages`;
}
