/* eslint-disable @n8n/community-nodes/no-restricted-globals -- the time is that of Jest's fake timers; never shipped */
import fc from 'fast-check';

import { Limiter, type LimitNews } from '../../nodes/HighLevelAssociations/delivery/limiter';

/** A server with a rate limit, in the time of Jest's fake timers; `others` use the same limit at even distances. */
interface World {
	max: number;
	interval: number;
	kind: 'sliding' | 'fixed';
	announce: boolean;
	/** Requests of others in an interval, as a part of `max`. */
	others: number;
	/** Milliseconds that a request and its answer travel, by their number. */
	latency: (number: number) => number;
}

/** Sends `lanes` of so many requests each through one limiter to the world. */
async function deliverAll(world: World, lanes: number[]) {
	const begin = Date.now();
	const limiter = new Limiter();
	const own: number[] = [];
	let refused = 0;
	let travels = 0;
	const othersBetween = (from: number, to: number) => {
		const distance = world.interval / (world.max * world.others);
		return world.others === 0 ? 0 : Math.floor(to / distance) - Math.floor(from / distance);
	};
	const arrive = (now: number): LimitNews => {
		const from = world.kind === 'sliding' ? now - world.interval : now - (now % world.interval) - 1;
		const used = own.filter((time) => time > from).length + othersBetween(from, now);
		const refuse = used >= world.max;
		if (refuse) refused += 1;
		else own.push(now);
		const remaining = Math.max(0, world.max - used - 1);
		return {
			refused: refuse,
			...(world.announce && { max: world.max, interval: world.interval, remaining }),
		};
	};
	const wait = async (milliseconds: number) =>
		await new Promise((resolve) => setTimeout(resolve, milliseconds));
	const sendOne = async (lane: ReturnType<Limiter['lane']>) => {
		for (let again = false; ; again = true) {
			const permit = await lane.leave(again);
			await wait(world.latency(travels++));
			const news = arrive(Date.now());
			await wait(world.latency(travels++));
			permit!.answered(news);
			if (!news.refused) return;
		}
	};
	const all = lanes.flatMap((count) => {
		const lane = limiter.lane();
		return Array.from({ length: count }, async () => await sendOne(lane));
	});
	let done = false;
	void Promise.all(all).then(() => (done = true));
	await jest.runAllTimersAsync();
	return { limiter, done, own, refused, elapsed: Math.max(...own) - begin };
}

/** The longest that a request and its answer travel together, in milliseconds. */
const ROUND_TRIP = 1_400;

const latencies = fc.tuple(
	fc.integer({ min: 0, max: 400 }),
	fc.infiniteStream(fc.integer({ min: 0, max: 300 })),
);
const latencyOf = ([base, stream]: [number, Iterable<number>]) => {
	const more = Array.from({ length: 64 }, () => stream[Symbol.iterator]().next().value as number);
	return (number: number) => base + more[number % more.length]!;
};
const lanes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });
const quiet = fc.record({
	max: fc.integer({ min: 1, max: 120 }),
	interval: fc.integer({ min: 1_000, max: 20_000 }),
	kind: fc.constantFrom('sliding' as const, 'fixed' as const),
	announce: fc.constant(true),
	others: fc.constant(0),
	latency: latencies.map(latencyOf),
});

beforeEach(() => {
	jest.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	jest.useRealTimers();
});

const settings = { numRuns: 200, endOnFailure: true };

test('alone, it never exceeds the limit that the server announces, and does not wait without reason', async () => {
	await fc.assert(
		fc.asyncProperty(quiet, lanes, async (world, counts) => {
			const { done, own, refused, elapsed } = await deliverAll(world, counts);
			const total = counts.reduce((sum, count) => sum + count);
			expect(done).toBe(true);
			expect(own).toHaveLength(total);
			expect(refused).toBe(0);
			const windows = Math.ceil(total / world.max) - 1;
			const bursts = Math.ceil(total / 10) + windows + 2;
			expect(elapsed).toBeLessThanOrEqual(
				windows * (world.interval + ROUND_TRIP) + bursts * ROUND_TRIP,
			);
		}),
		settings,
	);
});

test('with others on the same limit, it delivers all and is turned away only because of them', async () => {
	const busy = fc.record({
		max: fc.integer({ min: 4, max: 120 }),
		interval: fc.integer({ min: 1_000, max: 20_000 }),
		kind: fc.constantFrom('sliding' as const, 'fixed' as const),
		announce: fc.boolean(),
		others: fc.double({ min: 0.05, max: 0.7, noNaN: true }),
		latency: latencies.map(latencyOf),
	});
	await fc.assert(
		fc.asyncProperty(busy, lanes, async (world, counts) => {
			const { done, own, elapsed } = await deliverAll(world, counts);
			const total = counts.reduce((sum, count) => sum + count);
			expect(done).toBe(true);
			expect(own).toHaveLength(total);
			const interval = world.announce ? world.interval : Math.max(world.interval, 10_000);
			const share = Math.max(1, Math.floor(world.max * (1 - world.others)) - 1);
			const floor =
				(Math.ceil(total / share) + 1) * interval + Math.ceil(total / 10 + 2) * ROUND_TRIP;
			expect(elapsed).toBeLessThanOrEqual(4 * floor);
		}),
		settings,
	);
});

test('serves lanes in turn', async () => {
	const limiter = new Limiter();
	const order: string[] = [];
	const ask = async (name: string, lane: ReturnType<Limiter['lane']>) => {
		const permit = await lane.leave();
		order.push(name);
		await new Promise((resolve) => setTimeout(resolve, 10));
		permit!.answered({ refused: false, max: 5, interval: 1_000, remaining: 5 });
	};
	const large = limiter.lane();
	const small = limiter.lane();
	for (let item = 0; item < 40; item++) void ask('large', large);
	void ask('small', small);
	await jest.runAllTimersAsync();
	expect(order).toHaveLength(41);
	expect(order.indexOf('small')).toBeLessThan(3);
});

test('is idle, and so let go, once nothing counts any more', async () => {
	const { limiter } = await deliverAll(
		{ max: 10, interval: 1_000, kind: 'sliding', announce: true, others: 0, latency: () => 10 },
		[25],
	);
	expect(limiter.idle).toBe(false);
	await jest.advanceTimersByTimeAsync(1_100);
	expect(limiter.idle).toBe(true);
});

test('lets nobody out of a closed lane', async () => {
	const limiter = new Limiter();
	const lane = limiter.lane();
	const permits = Array.from({ length: 3 }, async () => await lane.leave());
	lane.close();
	expect((await Promise.all(permits)).filter(Boolean)).toHaveLength(1);
	expect(await lane.leave()).toBeUndefined();
});
