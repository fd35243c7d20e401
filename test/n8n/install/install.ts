import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { progress } from '../../program/progress';
import { startOnce } from './firstStart';
import { withLock } from './lock';
import { installNode, nodeIn } from './nodeRuntime';
import { installPackages } from './packages';
import { cacheFolder, CURRENT, type Versions } from './versions';

/** An installed n8n: its command-line program and the Node to run it with. */
export interface Installation {
	node: string;
	n8n: string;
	/** The `.n8n` folder of one that was never used. */
	fresh: string;
}

/**
 * Gives an n8n on its Node, the pinned ones unless told, and installs both into the cache folder where they are not there yet, with
 * progress on stderr. The folder gets its name when all is done, so an interrupted installation is none; of two at once
 * the second waits for the first.
 *
 * @throws {Problem} with a sentence where something is missing: the network, room on the disk, a compiler
 */
export async function installN8n(versions = CURRENT): Promise<Installation> {
	const folder = cacheFolder(versions);
	if (!existsSync(folder)) {
		await mkdir(dirname(folder), { recursive: true });
		await withLock(folder, 'Another process is installing n8n: waiting for it.', async () => {
			if (!existsSync(folder)) await installInto(folder, versions);
		});
	}
	return installationIn(folder);
}

const installationIn = (folder: string): Installation => ({
	node: nodeIn(join(folder, 'node')),
	n8n: join(folder, 'n8n', 'node_modules', 'n8n', 'bin', 'n8n'),
	fresh: join(folder, 'fresh'),
});

async function installInto(folder: string, versions: Versions): Promise<void> {
	const unfinished = `${folder}.installing-`;
	await removeUnfinished(unfinished);
	process.stderr.write(
		`n8n ${versions.n8n} on Node ${versions.node} goes into ${folder}, once: about 3 GB and 3 to 8 minutes.\n`,
	);
	const temporary = `${unfinished}${process.pid}`;
	const installation = installationIn(temporary);
	await installNode(join(temporary, 'node'), versions.node);
	await installPackages(join(temporary, 'n8n'), versions.n8n, installation.node);
	await startOnce(installation);
	await rename(temporary, folder);
}

/** Removes what interrupted installations have left. The lock is held, so none of them is still running. */
async function removeUnfinished(prefix: string): Promise<void> {
	const parent = dirname(prefix);
	const left = (await readdir(parent)).filter((name) => name.startsWith(basename(prefix)));
	if (left.length === 0) return;
	await progress('Removing an unfinished installation', async () => {
		for (const name of left) await rm(join(parent, name), { recursive: true, force: true });
	});
}
