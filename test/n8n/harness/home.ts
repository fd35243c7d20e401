import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onEnd } from '../../program/main';
import type { N8nProgram } from './commandLine';
import { installCommunityPackage } from '../install/communityPackage';
import type { Installation } from '../install/install';

/** A temporary folder that an n8n lives in, with the package installed as a community node. */
export interface Home extends N8nProgram {
	/** Removes the folder. n8n must have ended. */
	remove(): Promise<void>;
}

/** Makes a new home for the installed n8n, without users, credentials or workflows; without the package too if it is to be empty. */
export async function createHome(
	{ fresh, ...program }: Installation,
	{ isEmpty = false } = {},
): Promise<Home> {
	const home = await mkdtemp(join(tmpdir(), 'n8n-home-'));
	const remove = async () => await rm(home, { recursive: true, force: true });
	// An interrupted program removes it too, even where it comes to an end in here.
	onEnd(remove);
	await cp(fresh, join(home, '.n8n'), { recursive: true });
	if (!isEmpty) await installCommunityPackage(join(home, '.n8n', 'nodes'));
	return { ...program, home, remove };
}
