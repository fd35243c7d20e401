import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { npm } from '../../program/npm';
import { Problem } from '../../program/problem';
import { run } from '../../program/processes';
import { progress } from '../../program/progress';
import { headersOf } from './nodeRuntime';

/** n8n 1.x and 2.0 ask for an address outside the registry. */
const OVERRIDES = { xlsx: '0.18.5' };

/**
 * Installs n8n's packages into a folder and builds the one that it can't do without: sqlite3, its database.
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
	await mkdir(folder, { recursive: true });
	await writeFile(
		join(folder, 'package.json'),
		JSON.stringify({ private: true, allowScripts: { sqlite3: true }, overrides: OVERRIDES }),
	);
	const options = { cwd: folder, node, env: environment(node) };

	await progress(
		`Installing n8n ${version}`,
		async () =>
			await npm(
				['install', '--ignore-scripts', '--no-package-lock', '--prefix', folder, `n8n@${version}`],
				{
					...options,
					what: `n8n ${version}`,
				},
			),
		() => unpacked(join(folder, 'node_modules')),
	);
	await progress('Building its database, sqlite3', async () => {
		await npm(
			['rebuild', '--ignore-scripts=false', '--foreground-scripts', '--prefix', folder, 'sqlite3'],
			{
				...options,
				what: 'sqlite3',
			},
		).catch(() => {});
		const { code } = await run(node, ['--eval', "require('sqlite3')"], { cwd: folder });
		if (code !== 0) {
			throw new Problem(
				"sqlite3, n8n's database, could not be built. Install a C++ compiler, make and Python 3, then run this again.",
			);
		}
	});
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
