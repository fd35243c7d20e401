import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { OLDEST_N8N } from '../../nodes/HighLevelAssociations/oldestN8n';
import { CURRENT, TESTED } from '../n8n/install/versions';
import { ROOT } from '../program/bootstrap';

/** What `npm pack` makes, unpacked in a folder of its own; the checkout has been built. */
let unpacked: string;
let temporary: string;
/** Bytes of the packed file. */
let size: number;

beforeAll(() => {
	temporary = mkdtempSync(join(tmpdir(), 'highlevel-pack-'));
	const args = ['pack', '--json', '--pack-destination', temporary];
	const [packed] = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' }));
	size = packed.size;
	execFileSync('tar', ['-xzf', join(temporary, packed.filename), '-C', temporary]);
	unpacked = join(temporary, 'package');
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The verified-node scan of n8n, as its own process: it is an ES module, which Jest does not load. */
function scan(folder: string, patterns: string[]) {
	const program = `
		import { analyzePackage } from '@n8n/scan-community-package/scanner/scanner.mjs';
		const result = await analyzePackage(process.argv[1], JSON.parse(process.argv[2]));
		console.log(JSON.stringify(result));`;
	const output = execFileSync(
		process.execPath,
		['--input-type=module', '--eval', program, folder, JSON.stringify(patterns)],
		// As Jest's NODE_ENV is "test", the rules would take every file for their own fixture.
		{ cwd: ROOT, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
	);
	return JSON.parse(output.trim().split('\n').at(-1)!) as { passed: boolean; details?: string };
}

test("passes n8n's scan of the sources", () => {
	expect(scan(ROOT, ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'])).toEqual({
		passed: true,
	});
});

test("passes n8n's scan of the packed package", () => {
	expect(scan(unpacked, ['**/*.js', 'package.json'])).toEqual({ passed: true });
});

test('packs what n8n needs and nothing else', () => {
	const files = readdirSync(unpacked, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1));
	expect(files).toEqual(
		expect.arrayContaining(['package.json', 'index.js', 'README.md', 'LICENSE.md']),
	);
	for (const file of files) {
		expect(file).toMatch(
			/^(package\.json|index\.js|README\.md|LICENSE\.md|dist\/(credentials|nodes)\/.+\.(js|svg|json))$/,
		);
	}
	const { n8n } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
	expect(files).toEqual(expect.arrayContaining([...n8n.nodes, ...n8n.credentials]));
	for (const node of n8n.nodes) expect(files).toContain(node.replace(/js$/, 'json'));
	expect(size).toBeLessThan(100_000);
});

test('gives its node and credential classes to require', () => {
	const program =
		'console.log(JSON.stringify(Object.entries(require(process.argv[1])).map(([name, value]) => [name, typeof value])))';
	const output = execFileSync(process.execPath, ['-e', program, unpacked], {
		encoding: 'utf8',
		env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
	});
	expect(JSON.parse(output)).toEqual([
		['HighLevelAssociationsOAuth2Api', 'function'],
		['HighLevelPrivateIntegrationApi', 'function'],
		['HighLevelWebhookHeaderApi', 'function'],
		['HighLevelAssociations', 'function'],
		['HighLevelAssociationsTrigger', 'function'],
	]);
});

test('has no runtime dependency and one peer', () => {
	const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

test('has its version in the changelog, with the date of its release or none yet', () => {
	const { version } = JSON.parse(read('package.json'));
	const [, latest] = /^## (.*)$/m.exec(read('CHANGELOG.md')) ?? [];
	expect([`${version} (unreleased)`, expect.stringMatching(/\(\d{4}-\d\d-\d\d\)$/)]).toContainEqual(
		latest,
	);
	expect(latest?.split(' ')[0]).toBe(version);
});

test('README and workflows name each n8n that it is tested with', () => {
	const readme = read('README.md');
	const rows = [...readme.matchAll(/^\| ([\d.]+) \| ([\d.]+) \| .+ \|$/gm)];
	expect(rows.map(([, n8n, node]) => ({ n8n, node }))).toEqual(TESTED);
	expect(readme).toContain(`n8n ${OLDEST_N8N} or newer`);
	const [, matrix = ''] = /n8n: \[(.*)\]/.exec(read('.github/workflows/compat.yml')) ?? [];
	expect(matrix.replaceAll("'", '').split(', ')).toEqual(TESTED.map(({ n8n }) => n8n));
});

test('keeps the lock files free of download addresses, and has one for the n8n of the tests', () => {
	const install = join('test', 'n8n', 'install', 'locks', CURRENT.n8n);
	for (const folder of ['', install]) {
		expect(read(join(folder, 'package-lock.json'))).not.toMatch(/"resolved"/);
	}
	expect(JSON.parse(read(join(install, 'package.json'))).dependencies).toEqual({
		n8n: CURRENT.n8n,
	});
});
