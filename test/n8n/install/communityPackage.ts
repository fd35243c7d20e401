import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildIsCurrent, ROOT } from '../../program/bootstrap';
import { npm } from '../../program/npm';
import { Problem } from '../../program/problem';
import { run } from '../../program/processes';

/** Packs the built package into a folder, and gives its name, its version and the name of the file. */
export async function pack(folder: string) {
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
	const [packed] = JSON.parse(await npm(args, { what: 'The package', cwd: ROOT }));
	return packed as Record<'name' | 'version' | 'filename', string>;
}

/**
 * Installs the built package of this checkout into n8n's folder of community nodes the way n8n 2.41 does it itself
 * (community-packages.service.js, downloadPackage): pack, unpack, drop the dependencies that are not for users.
 *
 * @param folder n8n's `nodes` folder
 */
export async function installCommunityPackage(folder: string): Promise<void> {
	if (!buildIsCurrent()) {
		throw new Problem(
			'The package is not built, or older than its sources. Run npm run build first.',
		);
	}
	await mkdir(folder, { recursive: true });
	const { name, version, filename } = await pack(folder);
	const target = join(folder, 'node_modules', name);
	await mkdir(target, { recursive: true });
	const args = ['-xzf', filename, '-C', target, '--strip-components=1'];
	const { code, stderr } = await run('tar', args, { cwd: folder });
	if (code !== 0) throw new Problem(`The package could not be unpacked: ${stderr}`);
	await rm(join(folder, filename));

	const manifest = join(target, 'package.json');
	const dropped = ['devDependencies', 'peerDependencies', 'optionalDependencies'];
	const all = JSON.parse(await readFile(manifest, 'utf8'));
	const kept = Object.entries(all).filter(([key]) => !dropped.includes(key));
	await writeFile(manifest, JSON.stringify(Object.fromEntries(kept), null, 2));
	// n8n would start without a word about a node that is not there.
	const missing = [...all.n8n.nodes, ...all.n8n.credentials].find(
		(file) => !existsSync(join(target, file)),
	);
	if (missing)
		throw new Problem(`The package is not built: ${missing} is missing. Run npm run build first.`);
	const nodes = { name: 'installed-nodes', private: true, dependencies: { [name]: version } };
	await writeFile(join(folder, 'package.json'), JSON.stringify(nodes, null, 2));
}
