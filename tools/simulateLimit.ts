/* eslint-disable no-console -- a program that prints a table; never shipped */
import FakeTimers from '@sinonjs/fake-timers';

import { simulateProcesses, type Process } from '../test/engine/simulateProcesses';
import { createRandom } from '../test/simulator/random';
import { floorOf } from '../test/simulator/rateLimit';
import type { Settings } from '../test/simulator/settings';

const REQUESTS = 2_000;
const COUNTS = [1, 2, 4, 8, 16];
const SEEDS = [1, 2];

const SERVERS: Record<string, Partial<Settings>> = {
	sliding: {},
	fixed: { windowKind: 'fixed' },
	'sliding, others send 2 a second': { foreign: 2 },
	'sliding, not announced': { announce: false },
	'fixed, not announced': { announce: false, windowKind: 'fixed' },
	'fixed, only Retry-After': { announce: false, windowKind: 'fixed', retryAfter: 'seconds' },
};

/** How requests are spread over so many processes. */
const LOADS: Record<string, (count: number) => Process[]> = {
	equal: (count) => Array.from({ length: count }, () => ({ runs: [REQUESTS / count] })),
	'each twice the next': (count) => {
		const weights = Array.from({ length: count }, (_, index) => 2 ** -index);
		const total = weights.reduce((sum, weight) => sum + weight);
		return weights.map((weight) => ({ runs: [Math.ceil((REQUESTS * weight) / total)] }));
	},
	'joining over 100 s': (count) =>
		Array.from({ length: count }, (_, index) => ({
			startsAt: (index * 100_000) / count,
			runs: [REQUESTS / count],
		})),
};

/** The worst of a few seeds: time by the shortest possible, and the part of all requests that was rate-limited. */
async function measure(settings: Partial<Settings>, processes: Process[]) {
	let [time, rateLimited] = [0, 0];
	for (const seed of SEEDS) {
		const clock = FakeTimers.install({ now: 1_000_000 });
		const { random: systemRandom } = Math;
		Math.random = createRandom(seed);
		const latency = createRandom(seed + 1_000);
		const simulation = simulateProcesses(settings, processes, () => 20 + 40 * latency());
		let ended = false;
		void simulation.then(() => (ended = true));
		while (!ended) await clock.nextAsync();
		clock.uninstall();
		Math.random = systemRandom;
		const { admittedAt, rateLimitedAt } = await simulation;
		time = Math.max(time, admittedAt.at(-1)! / floorOf(settings, admittedAt.length)!);
		const sent = admittedAt.length + rateLimitedAt.length;
		rateLimited = Math.max(rateLimited, rateLimitedAt.length / sent);
	}
	return `${time.toFixed(3)}, ${(100 * rateLimited).toFixed(1)} %`;
}

async function main() {
	console.log(`| server | load | ${COUNTS.map((count) => `${count} processes`).join(' | ')} |`);
	console.log(`|${'---|'.repeat(COUNTS.length + 2)}`);
	for (const [server, settings] of Object.entries(SERVERS)) {
		for (const [load, split] of Object.entries(LOADS)) {
			const cells: string[] = [];
			for (const count of COUNTS) cells.push(await measure(settings, split(count)));
			console.log(`| ${server} | ${load} | ${cells.join(' | ')} |`);
		}
	}
}

void main();
