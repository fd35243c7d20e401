import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

import { projects } from '../jest.config';
import { installN8n } from './n8n/install/install';
import { ROOT } from './program/bootstrap';
import { onEnd } from './program/main';
import { runNpm } from './program/npm';
import { Problem } from './program/problem';
import { run } from './program/processes';

/** How many tests passed, failed or were skipped. */
interface Count {
	name: string;
	passed: number;
	failed: number;
	skipped: number;
}

/** Runs lint, both type checks and all of Jest's projects, prints a summary, and gives the exit code. */
export async function runSuites(): Promise<number> {
	// Jest often waits for an n8n: lint and types take what it leaves of the processor.
	const checks = Promise.all([
		check('Lint', runNpm(['run', 'lint'], { cwd: ROOT })),
		check('Types of the package', checkTypes('tsconfig.json')),
		check('Types of the tests', checkTypes('test/tsconfig.json')),
	]);
	const flags = (await installed()) ? [] : ['--ignoreProjects', 'program', 'n8n', 'browser'];
	const counts = await jest(flags);
	return summarize([...(await checks), ...counts]);
}

const checkTypes = async (project: string) =>
	await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', project, '--noEmit'], {
		cwd: ROOT,
	});

/** One test that is a program: it passes where the program ends with code 0, and prints what it printed otherwise. */
async function check(name: string, program: ReturnType<typeof run>): Promise<Count> {
	const { code, stdout, stderr } = await program;
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

/** The part of Jest's `--json` report that is read here; a file that could not run at all has no results. */
interface JestReport {
	success: boolean;
	testResults: Array<{ name: string; assertionResults: Array<{ status: string }> }>;
}

/** Runs Jest with its own output, and counts the tests of each project; one without any counts as failed. */
async function jest(flags: string[]): Promise<Count[]> {
	const folder = mkdtempSync(join(tmpdir(), 'highlevel-tests-'));
	onEnd(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'report.json');
	const args = [require.resolve('jest/bin/jest'), '--json', `--outputFile=${file}`, ...flags];
	await run(process.execPath, args, { cwd: ROOT, output: 'inherit' });
	const { success, testResults }: JestReport = existsSync(file)
		? JSON.parse(readFileSync(file, 'utf8'))
		: { success: false, testResults: [] };

	const counts = projects.map(({ displayName: name }) => {
		const statuses = testResults
			.filter((result) => relative(join(ROOT, 'test'), result.name).split(sep)[0] === name)
			.flatMap(({ assertionResults: results }) =>
				results.length > 0 ? results.map(({ status }) => status) : ['failed'],
			);
		const count = (...wanted: string[]) =>
			statuses.filter((status) => wanted.includes(status)).length;
		const [passed, failed] = [count('passed'), count('failed')];
		const skipped = statuses.length - passed - failed;
		return { name, passed, failed: statuses.length === 0 ? 1 : failed, skipped };
	});
	const explained = success || counts.some(({ failed }) => failed > 0);
	return [...counts, ...(explained ? [] : [{ name: 'Jest', passed: 0, failed: 1, skipped: 0 }])];
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
