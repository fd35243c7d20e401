import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ROOT } from '../../test/program/bootstrap';
import { createHome } from '../../test/n8n/harness/home';
import { installN8n } from '../../test/n8n/install/install';
import { onEnd } from '../../test/program/main';
import { progress } from '../../test/program/progress';
import { startSimulator } from '../../test/simulator/start';
import { readBenchArguments } from './arguments';
import type { Case } from './cases';
import { drawChart, type Result } from './chart';
import type { Contestant } from './contestants';
import { measure, type Arena, type Measurement } from './measure';
import { measureResponsiveness } from './responsiveness';
import { tableOf } from './table';
import { measureUndo } from './undo';

/** The picture in the README. */
const PICTURE = join(ROOT, 'docs', 'bench.svg');

/** Measures the contestants in the cases and prints a table for each case; after a whole run it draws the picture anew. */
export async function bench(args: string[]): Promise<void> {
	const { cases, contestants, undoCases, undoContestants, whole, responsiveness } =
		readBenchArguments(args);
	const program = await createHome(await installN8n());
	const simulator = await startSimulator();
	onEnd(async () => await simulator.stop());
	if (responsiveness) {
		process.stdout.write(await measureResponsiveness(program, simulator, responsiveness));
		return;
	}

	const results: Result[] = [];
	for (const one of cases) {
		const measurements = await measureAll({ simulator, program }, one, contestants);
		process.stdout.write(`${tableOf(one, measurements)}\n`);
		results.push({ case: one, measurements });
	}
	for (const one of undoCases) {
		const table = await measureUndo({ simulator, program }, one, undoContestants);
		process.stdout.write(`${table}\n`);
	}
	if (whole) await draw(results);
}

async function draw(results: Result[]): Promise<void> {
	await mkdir(dirname(PICTURE), { recursive: true });
	await writeFile(PICTURE, drawChart(results));
	process.stdout.write(`The picture is in ${PICTURE}\n`);
}

/** In turn, round by round, so that a busy machine is busy for all of them. */
async function measureAll(
	arena: Arena,
	one: Case,
	contestants: Contestant[],
): Promise<Measurement[]> {
	const measurements: Measurement[] = [];
	const apt = contestants.filter(({ forLimits }) => one.highLevel.limit || !forLimits);
	for (let round = 0; round < (one.rounds ?? 1); round++) {
		for (const contestant of apt) {
			const text = `${one.name}, ${contestant.title}`;
			measurements.push(await progress(text, async () => await measure(arena, one, contestant)));
		}
	}
	return contestants.flatMap((contestant) => {
		const own = measurements.filter((measured) => measured.contestant === contestant);
		own.sort((a, b) => a.time - b.time);
		return own[Math.floor((own.length - 1) / 2)] ?? [];
	});
}
