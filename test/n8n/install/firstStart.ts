import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onEnd } from '../../program/main';
import { Problem } from '../../program/problem';
import { progress } from '../../program/progress';
import { n8nCommand } from '../harness/commandLine';
import type { Installation } from './install';

/**
 * Starts n8n once and keeps the folder it makes, which every new home begins with: n8n takes several seconds to make its
 * database, and here that happens once. It also shows that the installed n8n runs.
 */
export async function startOnce({ fresh, ...program }: Installation): Promise<void> {
	const home = await mkdtemp(join(tmpdir(), 'n8n-first-start-'));
	const remove = async () => await rm(home, { recursive: true, force: true });
	onEnd(remove);
	try {
		await progress('Starting n8n once', async () => {
			const { code, stdout, stderr } = await n8nCommand({ ...program, home }, ['list:workflow']);
			if (code !== 0)
				throw new Problem(
					`n8n was installed but does not run. It says:\n${(stderr || stdout).slice(-2000)}`,
				);
			await cp(join(home, '.n8n'), fresh, { recursive: true });
		});
	} finally {
		await remove();
	}
}
