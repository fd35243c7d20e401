import type { Case } from './cases';
import type { Measurement } from './measure';
import { seconds } from './table';

/** The measurements of one case. */
export interface Result {
	case: Case;
	measurements: Measurement[];
}

/** Lengths are in pixels: of a line, of the names beside the bars, and of the bars. */
const [LINE, NAMES, BARS] = [22, 330, 460];

/** What can become of an association, and in which colour. */
const OUTCOMES = [
	{
		name: 'deleted, and the run says so',
		color: '#2e8b57',
		count: (one: Measurement, items: number) => items - one.lost - one.unaccounted,
	},
	{
		name: 'deleted, and the run does not say so',
		color: '#f0a030',
		count: (one: Measurement) => one.unaccounted,
	},
	{ name: 'lost', color: '#c0392b', count: (one: Measurement) => one.lost },
];

/** Draws what became of the associations, case by case and contestant by contestant, as an SVG. */
export function drawChart(results: Result[]): string {
	const lines = [
		text(12, 'What became of the associations that n8n was to delete', 'font-weight="bold"'),
		OUTCOMES.map(({ name, color }, index) => {
			const left = 12 + index * 250;
			return bar(left, 12, color) + text(left + 20, name);
		}).join(''),
		...results.flatMap(({ case: { title, items }, measurements }) => [
			text(12, title, 'font-weight="bold"'),
			...measurements.map((one) => drawLine(one, items)),
		]),
	];
	const height = (lines.length + 1) * LINE;
	const content = lines.map(
		(line, at) => `<g transform="translate(0 ${(at + 1) * LINE})">${line}</g>`,
	);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 ${height}" font-family="sans-serif" font-size="12">
<rect width="860" height="${height}" fill="#fff"/>
${content.join('\n')}
</svg>
`;
}

function drawLine(one: Measurement, items: number): string {
	let left = NAMES;
	const bars = OUTCOMES.map(({ color, count }) => {
		const width = (BARS * count(one, items)) / items;
		left += width;
		return bar(left - width, width, color);
	});
	return text(24, one.contestant.title) + bars.join('') + text(NAMES + BARS + 8, seconds(one.time));
}

const bar = (left: number, width: number, color: string) =>
	`<rect x="${left}" y="-12" width="${width}" height="16" fill="${color}"/>`;

const text = (left: number, content: string, attributes = '') =>
	`<text x="${left}" ${attributes}>${content}</text>`;
