import { init, type EChartsOption } from 'echarts';

import type { Case } from './cases';
import type { Measurement } from './measure';
import { seconds } from './table';

/** The measurements of one case. */
export interface Result {
	case: Case;
	measurements: Measurement[];
}

const WIDTH = 860;
const BAR = 22;
const HEAD = 76;
const FOOT = 40;

/** What can become of an association, and in which colour. */
const FATES = [
	{
		name: 'deleted, and the run says so',
		color: '#2e8b57',
		of: (one: Measurement, items: number) => items - one.lost - one.unaccounted,
	},
	{
		name: 'deleted, and the run does not say so',
		color: '#f0a030',
		of: (one: Measurement) => one.unaccounted,
	},
	{ name: 'lost', color: '#c0392b', of: (one: Measurement) => one.lost },
];

/** Draws what became of the associations, case by case and contestant by contestant, as an SVG. */
export function chartOf(results: Result[]): string {
	const bars = results.flatMap(({ case: { title, items }, measurements }) => [
		{ label: `{case|${title}}`, fates: [] as number[], time: '' },
		...measurements.map((one) => ({
			label: one.contestant.title,
			fates: FATES.map(({ of }) => (100 * of(one, items)) / items),
			time: seconds(one.time),
		})),
	]);
	const height = HEAD + FOOT + bars.length * BAR;
	const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
	chart.setOption(optionsOf(bars));
	const svg = chart.renderToSVGString();
	chart.dispose();
	return `${svg}\n`;
}

function optionsOf(bars: Array<{ label: string; fates: number[]; time: string }>): EChartsOption {
	return {
		animation: false,
		backgroundColor: '#ffffff',
		title: {
			text: 'What became of the associations that n8n was to delete',
			left: 12,
			top: 8,
			textStyle: { fontSize: 15 },
		},
		legend: { left: 12, top: 36, itemGap: 18, selectedMode: false },
		grid: { left: 330, right: 70, top: HEAD, bottom: FOOT },
		xAxis: { type: 'value', max: 100, axisLabel: { formatter: '{value} %' } },
		yAxis: {
			type: 'category',
			inverse: true,
			data: bars.map(({ label }) => label),
			axisTick: { show: false },
			axisLabel: {
				interval: 0,
				color: '#333333',
				rich: { case: { fontWeight: 'bold', color: '#000000' } },
			},
		},
		series: FATES.map(({ name, color }, fate) => ({
			name,
			type: 'bar',
			stack: 'fates',
			color,
			barWidth: '70%',
			data: bars.map(({ fates }) => fates[fate] ?? 0),
			...(fate === FATES.length - 1 && {
				label: {
					show: true,
					position: 'right',
					formatter: ({ dataIndex }: { dataIndex: number }) => bars[dataIndex]?.time ?? '',
				},
			}),
		})),
	};
}
