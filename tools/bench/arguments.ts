import { readArguments } from '../../test/program/arguments';
import { Problem } from '../../test/program/problem';
import { cases, quick, type Case } from './cases';
import { contestants, type Contestant } from './contestants';
import { quickUndo, undoCases, undoContestants, type UndoCase, type UndoContestant } from './undo';

/** What `npm run bench` was asked for. */
export interface BenchArguments {
	cases: Case[];
	contestants: Contestant[];
	undoCases: UndoCase[];
	undoContestants: UndoContestant[];
	/** Whether everything was asked for, so that the picture for the README can be drawn anew. */
	whole: boolean;
	/** Not the contestants: with how many items it is measured whether n8n responds while it runs them. */
	responsiveness?: number;
}

const allCases = [...cases, ...undoCases];

const allContestants = [...contestants, ...undoContestants];

const listNames = (all: Named[]) => [...new Set(all.map(({ name }) => name))].join(', ');

const USAGE = [
	'Usage: npm run bench -- [--case NAME]... [--only NAME]... [--quick]',
	'     npm run bench -- --responsiveness [--quick]',
	`Cases: ${listNames(allCases)}`,
	`Contestants: ${listNames(allContestants)}`,
].join('\n');

const name = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/** @throws {Problem} with how to call it, where the arguments are others */
export function readBenchArguments(args: string[]): BenchArguments {
	const options = { case: name, only: name, quick: flag, responsiveness: flag } as const;
	const { case: wantedCases, only, quick: isQuick, ...more } = readArguments(args, options, USAGE);
	checkNames(allCases, wantedCases);
	checkNames(allContestants, only);
	const chosen = choose(cases, wantedCases);
	const undo = choose(undoCases, wantedCases);
	return {
		cases: isQuick ? chosen.map(quick) : chosen,
		contestants: choose(contestants, only),
		undoCases: isQuick ? undo.map(quickUndo) : undo,
		undoContestants: choose(undoContestants, only),
		whole: !wantedCases && !only && !isQuick,
		...(more.responsiveness && { responsiveness: isQuick ? 1_000 : 10_000 }),
	};
}

interface Named {
	name: string;
}

function checkNames(all: Named[], names: string[] = []): void {
	const unknown = names.find((name) => !all.some((one) => one.name === name));
	if (unknown !== undefined) throw new Problem(`There is no ${unknown} to measure. ${USAGE}`);
}

const choose = <One extends Named>(all: One[], names?: string[]): One[] =>
	names ? all.filter(({ name }) => names.includes(name)) : all;
