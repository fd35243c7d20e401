import { floorOf } from '../../test/simulator/rateLimit';
import { HTTP_REQUEST } from './contestants';
import type { Case } from './cases';
import type { Measurement } from './measure';

const MEBIBYTE = 2 ** 20;

const COLUMNS = [
	...['', 'lost', 'unaccounted for', 'sent again', 'requests', '429s'],
	...['time', 'time over', 'peak memory'],
];

/** The figures of one case as a table, a line for each contestant, and what its time is set against. */
export function tableOf(one: Case, measurements: Measurement[]): string {
	const floor = floorOf(one.highLevel, one.items);
	const reference =
		floor ?? measurements.find(({ contestant }) => contestant.name === HTTP_REQUEST)?.time;
	const lines = measurements.map(({ contestant, time, memory, ...counts }) => [
		contestant.title,
		...[counts.lost, counts.unaccounted, counts.again, counts.requests].map(String),
		String(counts.turnedAway),
		seconds(time),
		reference ? `${(time / reference).toFixed(2)} ×` : '',
		mebibytes(memory),
	]);
	const against =
		floor === undefined ? 'that of the HTTP Request node' : `the floor, ${seconds(floor)}`;
	return [
		`${one.title}: ${one.items} deletions. Time over ${against}.`,
		...aligned([COLUMNS, ...lines]),
		'',
	].join('\n');
}

export const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;

export const mebibytes = (bytes: number) => `${Math.round(bytes / MEBIBYTE)} MiB`;

/** Pads the cells of a table: the first column to the right, the others to the left. */
export function aligned(lines: string[][]): string[] {
	const width = (column: number) => Math.max(...lines.map((line) => line[column]!.length));
	return lines.map(([first = '', ...others]) =>
		[first.padEnd(width(0)), ...others.map((cell, index) => cell.padStart(width(index + 1)))].join(
			'  ',
		),
	);
}
