import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../../test/program/bootstrap';
import { run } from '../../test/program/processes';

/**
 * Shows a deletion through n8n's workflow engine, which this checkout has already, while n8n itself is still being
 * installed. It is a process of its own, as the engine takes its folder and its log level from the environment.
 */
export async function deleteThroughEngine(): Promise<void> {
	const home = await mkdtemp(join(tmpdir(), 'highlevel-engine-'));
	const { stdout } = await run(
		process.execPath,
		['--require', 'tsx/cjs', join('tools', 'demo', 'engineDeletion.ts')],
		{ cwd: ROOT, env: { ...process.env, N8N_USER_FOLDER: home, N8N_LOG_LEVEL: 'silent' } },
	);
	process.stdout.write(`Meanwhile, a first deletion through n8n's engine: ${stdout}\n`);
	await rm(home, { recursive: true, force: true });
}
