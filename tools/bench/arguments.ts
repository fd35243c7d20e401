import { readArguments } from '../../test/program/arguments';
import { Problem } from '../../test/program/problem';
import { cases, quick, type Case } from './cases';
import { contestants, type Contestant } from './contestants';

/** What `npm run bench` was asked for. */
export interface BenchArguments {
	cases: Case[];
	contestants: Contestant[];
	/** Whether everything was asked for, so that the picture for the README can be drawn anew. */
	whole: boolean;
	/** Not the contestants: with how many items it is measured whether n8n responds while it runs them. */
	responsiveness?: number;
}

const USAGE = [
	'Use: npm run bench -- [--case NAME]... [--only NAME]... [--quick]',
	'     npm run bench -- --responsiveness [--quick]',
	`Cases: ${cases.map(({ name }) => name).join(', ')}`,
	`Contestants: ${contestants.map(({ name }) => name).join(', ')}`,
].join('\n');

const name = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/** @throws {Problem} with how to call it, where the arguments are others */
export function readBenchArguments(args: string[]): BenchArguments {
	const options = { case: name, only: name, quick: flag, responsiveness: flag } as const;
	const { case: wantedCases, only, quick: isQuick, ...more } = readArguments(args, options, USAGE);
	const chosen = choose(cases, wantedCases);
	return {
		cases: isQuick ? chosen.map(quick) : chosen,
		contestants: choose(contestants, only),
		whole: !wantedCases && !only && !isQuick,
		...(more.responsiveness && { responsiveness: isQuick ? 1_000 : 10_000 }),
	};
}

function choose<Named extends { name: string }>(
	all: Named[],
	names = all.map(({ name }) => name),
): Named[] {
	return names.map((name) => {
		const found = all.find((one) => one.name === name);
		if (!found) throw new Problem(`There is no ${name} to measure. ${USAGE}`);
		return found;
	});
}
