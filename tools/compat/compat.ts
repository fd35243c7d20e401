import { readArguments } from '../../test/program/arguments';
import { Problem } from '../../test/program/problem';
import { progress } from '../../test/program/progress';
import { startSimulator } from '../../test/simulator/start';
import { createHome } from '../../test/n8n/harness/home';
import { startN8n } from '../../test/n8n/harness/n8nServer';
import { overwriteTokenUrl } from '../../test/n8n/harness/credentials';
import { installN8n } from '../../test/n8n/install/install';
import { TESTED, type Versions } from '../../test/n8n/install/versions';
import { checks } from './checks';

const USAGE = [
	'Usage: npm run test:compat -- [--n8n VERSION]...',
	`Versions: ${TESTED.map(({ n8n }) => n8n).join(', ')}`,
].join('\n');

/** What a check came to in one n8n: undefined where it holds, or what is wrong. */
type Finding = Error | undefined;

/**
 * Installs the n8n's that the README names, one after the other, runs the packed node in each and prints what holds, as
 * the README has it. Gives the exit code.
 *
 * @throws {Problem} with how to call it, or with a sentence where an n8n can't be installed
 */
export async function testCompatibility(args: string[]): Promise<number> {
	const option = { type: 'string', multiple: true } as const;
	const { n8n: wanted } = readArguments(args, { n8n: option }, USAGE);
	const unknown = wanted?.find((version) => !TESTED.some(({ n8n }) => n8n === version));
	if (unknown) throw new Problem(`n8n ${unknown} is not among the tested versions. ${USAGE}`);

	const rows: Array<{ versions: Versions; findings: Finding[] }> = [];
	for (const versions of TESTED.filter(({ n8n }) => wanted?.includes(n8n) ?? true)) {
		rows.push({ versions, findings: await testIn(versions) });
	}
	process.stdout.write(`${formatTable(rows)}\n`);
	return rows.every(({ findings }) => findings.every((finding) => !finding)) ? 0 : 1;
}

async function testIn(versions: Versions): Promise<Finding[]> {
	const installation = await installN8n(versions);
	const simulator = await startSimulator({ relations: 0, limit: 0 });
	const home = await createHome(installation);
	try {
		const settings = { credentialOverwrites: overwriteTokenUrl(simulator.url) };
		const starting = `Starting n8n ${versions.n8n}`;
		const n8n = await progress(starting, async () => await startN8n(home, settings));
		const findings: Finding[] = [];
		for (const { name, check } of checks) {
			const finding = await check({ n8n, simulator }).then(
				() => undefined,
				(error: Error) => error,
			);
			const what = finding ? `FAILS: ${finding.message.slice(0, 1_000)}` : 'holds';
			process.stderr.write(`${what}: ${name}\n`);
			findings.push(finding);
		}
		await n8n.stop();
		return findings;
	} finally {
		await simulator.stop();
		await home.remove();
	}
}

/** A Markdown table with a row for each n8n, as the README has it. */
function formatTable(rows: Array<{ versions: Versions; findings: Finding[] }>): string {
	const lines = rows.map(({ versions: { n8n, node }, findings }) => {
		const failed = checks.filter((_, index) => findings[index]).map(({ name }) => name);
		return [n8n, node, failed.length > 0 ? `all but ${failed.join(', ')}` : 'all'];
	});
	return [['n8n', 'Node', 'Passed'], ['---', '---', '---'], ...lines]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}
