import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from './bootstrap';
import { run } from './processes';
import { freePort } from '../n8n/harness/ports';

jest.setTimeout(240_000);

/** Writes a manifest and a lock file with one dependency: of all of them npm takes long to say that it can't get them. */
function writeManifest(folder: string): void {
	const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
	const path = 'node_modules/flatted';
	const manifest = { devDependencies: { flatted: lock.packages[path].version } };
	const packages = { '': manifest, [path]: lock.packages[path] };
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
	writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
}

test.each([
	['npm test', 'test/run.js', /\n0 passed, 1 failed\n$/],
	['npm start', 'tools/demo', /then run this again\.\n$/],
])('%s on a fresh clone without a network says what is missing', async (_, program, end) => {
	const clone = mkdtempSync(join(tmpdir(), 'clone-'));
	try {
		for (const name of ['test', 'tools', 'nodes', 'credentials']) {
			cpSync(join(ROOT, name), join(clone, name), { recursive: true });
		}
		writeManifest(clone);
		const env = {
			...process.env,
			npm_config_cache: join(clone, 'npm'),
			npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
		};
		const args = [join(clone, program)];
		const { code, stdout, stderr } = await run(process.execPath, args, { cwd: clone, env });
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/A dependency of the tests is missing .* the package registry cannot be reached/,
		);
		expect(stderr).not.toMatch(/^\s+at /m);
		expect(stderr + stdout).toMatch(end);
	} finally {
		rmSync(clone, { recursive: true, force: true });
	}
});
