import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from './program/bootstrap';
import { installN8n } from './n8n/install/install';
import { onEnd } from './program/main';
import { runNpm } from './program/npm';
import { Problem } from './program/problem';
import { run } from './program/processes';
import { progress } from './program/progress';

/** How many tests passed, failed or were skipped. */
interface Count {
	name: string;
	passed: number;
	failed: number;
	skipped: number;
}

/** Runs lint, both type checks and all of Jest's projects, prints a summary, and gives the exit code. */
export async function runSuites(): Promise<number> {
	const tsc = (project: string) => async () =>
		await run(
			process.execPath,
			[require.resolve('typescript/bin/tsc'), '-p', project, '--noEmit'],
			{ cwd: ROOT },
		);
	const counts = [
		await check('Lint', async () => await runNpm(['run', 'lint'], { cwd: ROOT })),
		await check('Types of the package', tsc('tsconfig.json')),
		await check('Types of the tests', tsc('test/tsconfig.json')),
	];
	const n8n = await installed();
	if (!n8n) counts.push({ name: 'n8n', passed: 0, failed: 1, skipped: 0 });
	counts.push(...(await jest(n8n ? [] : ['--ignoreProjects', 'n8n', 'browser'])));
	return summarize(counts);
}

/** One test that is a program: it passes where the program ends with code 0, and prints what it printed otherwise. */
async function check(
	name: string,
	program: () => Promise<{ code?: number; stdout: string; stderr: string }>,
): Promise<Count> {
	const { code, stdout, stderr } = await progress(name, program);
	if (code !== 0) process.stderr.write(`${name} failed:\n${stdout}${stderr}\n`);
	return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** Installs n8n before Jest runs, where its progress can be seen. */
async function installed(): Promise<boolean> {
	try {
		await installN8n();
		return true;
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		process.stderr.write(`${error.message}\n`);
		return false;
	}
}

/** The part of Jest's `--json` report that is read here. */
interface JestReport {
	success: boolean;
	testResults: Array<{
		name: string;
		message: string;
		assertionResults: Array<{ status: string }>;
	}>;
}

/** Runs Jest with its own output, and counts its tests by the folder of their files. */
async function jest(flags: string[]): Promise<Count[]> {
	const folder = mkdtempSync(join(tmpdir(), 'highlevel-tests-'));
	onEnd(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'report.json');
	await run(
		process.execPath,
		[
			require.resolve('jest/bin/jest'),
			'--json',
			`--outputFile=${file}`,
			'--passWithNoTests',
			...flags,
		],
		{ cwd: ROOT, output: 'inherit' },
	);
	if (!existsSync(file)) return [{ name: 'Jest', passed: 0, failed: 1, skipped: 0 }];

	const { success, testResults }: JestReport = JSON.parse(readFileSync(file, 'utf8'));
	const counts = new Map<string, Count>();
	for (const { name, message, assertionResults } of testResults) {
		const suite = name.slice(join(ROOT, 'test').length + 1).split('/')[0] ?? name;
		const count = counts.get(suite) ?? { name: suite, passed: 0, failed: 0, skipped: 0 };
		counts.set(suite, count);
		for (const { status } of assertionResults) {
			count[status === 'passed' || status === 'failed' ? status : 'skipped'] += 1;
		}
		// A file that could not run at all has a message and no results.
		if (assertionResults.length === 0 && message) count.failed += 1;
	}
	const failed = [...counts.values()].some((count) => count.failed > 0);
	return [
		...counts.values(),
		...(success || failed ? [] : [{ name: 'Jest', passed: 0, failed: 1, skipped: 0 }]),
	];
}

function summarize(counts: Count[]): number {
	const line = ({ passed, failed, skipped }: Omit<Count, 'name'>) =>
		`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
	const width = Math.max(...counts.map(({ name }) => name.length));
	const total = { passed: 0, failed: 0, skipped: 0 };
	process.stdout.write('\n');
	for (const count of counts) {
		process.stdout.write(`${count.name.padEnd(width)}  ${line(count)}\n`);
		for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += count[key];
	}
	process.stdout.write(`${line(total)}\n`);
	return total.failed > 0 ? 1 : 0;
}
