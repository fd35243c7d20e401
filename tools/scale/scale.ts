import { cpus, loadavg } from 'node:os';

import { startQueueMode } from '../../test/n8n/harness/queueMode';
import { missingServices } from '../../test/n8n/harness/services';
import { overwriteTokenUrl } from '../../test/n8n/harness/credentials';
import { Problem } from '../../test/program/problem';
import { progress } from '../../test/program/progress';
import { startSimulator } from '../../test/simulator/start';
import { aligned, seconds } from '../bench/table';
import type { Outcome } from './measure';
import { scenarios, type Scenario } from './scenarios';

const USAGE = [
	'Usage: npm run test:scale -- [NAME]...',
	`A name stands for all that begin with it: ${scenarios.map(({ name }) => name).join(', ')}`,
].join('\n');

/**
 * Runs scenarios, each in an n8n of its own, and prints a table of figures and what was expected and is not so. Gives
 * the exit code.
 *
 * @throws {Problem} with how to call it, or with what this machine lacks
 */
export async function testScale(args: string[]): Promise<number> {
	const chosen = choose(args);
	const missing = missingServices();
	if (missing.length > 0) {
		throw new Problem(`Install ${missing.join(' and ')} first, e.g. with apt-get install.`);
	}
	const lines: string[][] = [];
	const misses: string[] = [];
	for (const scenario of chosen) {
		const { outcome, load } = await runIn(scenario);
		const line = [scenario.name, ...describe(outcome), load];
		lines.push(line);
		misses.push(...outcome.misses.map((miss) => `${scenario.name}: ${miss}; load ${load}`));
		// A run of all takes an hour: what is known is shown at once.
		process.stdout.write(`${aligned([COLUMNS, line]).join('\n')}\n`);
		for (const text of outcome.notes) process.stdout.write(`  ${text}\n`);
		for (const miss of outcome.misses) process.stdout.write(`  MISSED: ${miss}\n`);
	}
	process.stdout.write(
		['', `Load over ${cpus().length} cores.`, ...aligned([COLUMNS, ...lines]), ''].join('\n'),
	);
	process.stdout.write(misses.map((miss) => `MISSED: ${miss}\n`).join(''));
	return misses.length > 0 ? 1 : 0;
}

function choose(names: string[]): Scenario[] {
	const matches = (name: string) => scenarios.filter((one) => one.name.startsWith(name));
	const unknown = names.find((name) => matches(name).length === 0);
	if (unknown) throw new Problem(`There is no scenario ${unknown}. ${USAGE}`);
	return names.length === 0 ? scenarios : names.flatMap(matches);
}

const COLUMNS = [
	'',
	...['items', 'lost', 'unaccounted for', 'requests', '429s', 'time', 'time over', 'load'],
];

function describe({ deletions }: Outcome): string[] {
	if (!deletions) return COLUMNS.slice(2).map(() => '');
	const { items, lost, unaccounted, requests, turnedAway, time, floor } = deletions;
	return [
		...[items, lost, unaccounted, requests].map(String),
		`${((100 * turnedAway) / Math.max(1, requests)).toFixed(1)} %`,
		seconds(time),
		floor ? `${(time / floor).toFixed(2)} ×` : '',
	];
}

/** Runs a scenario; `load` is the machine's average meanwhile. */
async function runIn({ name, title, workers = 2, variables, settings, run }: Scenario) {
	return await progress(`${name}: ${title}`, async () => {
		const simulator = await startSimulator({ relations: 0, system: 0, ...settings });
		try {
			const credentialOverwrites = overwriteTokenUrl(simulator.url);
			const n8n = await startQueueMode({ workers, variables, credentialOverwrites });
			try {
				const loads = [loadavg()[0]!];
				const watching = setInterval(() => loads.push(loadavg()[0]!), 5_000);
				const outcome = await run({ n8n, simulator })
					.catch(({ message }): Outcome => ({ notes: [], misses: [String(message).slice(0, 300)] }))
					.finally(() => clearInterval(watching));
				const load = loads.reduce((sum, one) => sum + one, 0) / loads.length;
				return { outcome, load: load.toFixed(1) };
			} finally {
				await n8n.stop();
			}
		} finally {
			await simulator.stop();
		}
	});
}
