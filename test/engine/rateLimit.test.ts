// Time is the fake clock's alone.
jest.unmock('n8n-workflow');

import fc from 'fast-check';

import {
	findLimiter,
	Limiter,
	type RequestQueue,
	type Slot,
	type Turn,
} from '../../nodes/HighLevelAssociations/transport/queue';
import type { RateLimitInfo } from '../../nodes/HighLevelAssociations/transport/rateLimit';
import type { Settings } from '../simulator/settings';
import { createRandom } from '../simulator/random';
import { floorOf } from '../simulator/rateLimit';
import { simulateProcesses, type Outcome, type Process } from './simulateProcesses';

const BEGIN = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

beforeEach(() => {
	jest.useFakeTimers({ now: BEGIN });
});
afterEach(() => {
	jest.useRealTimers();
	jest.restoreAllMocks();
});

/** Runs a simulation to its end. */
async function simulate(
	settings: Partial<Settings>,
	processes: Process[],
	latency: () => number = () => 50,
): Promise<Outcome> {
	let outcome: Outcome | undefined;
	void simulateProcesses(settings, processes, latency).then((result) => (outcome = result));
	await jest.runAllTimersAsync();
	if (!outcome) throw new Error('The simulation did not end');
	return outcome;
}

/** Asks for a slot for each of so many requests, and notes what they get, and when. */
function acquire(queue: RequestQueue, requests = 1) {
	const begin = performance.now();
	const slots: Slot[] = [];
	const grantedAt: number[] = [];
	const refusals: Turn[] = [];
	for (let request = 0; request < requests; request++) {
		void queue.acquire().then((turn) => {
			if (!('slot' in turn)) return refusals.push(turn);
			slots.push(turn.slot);
			return grantedAt.push(performance.now() - begin);
		});
	}
	return { slots, grantedAt, refusals };
}

/** Sends so many requests, each with this response at once, and notes when they were sent. */
function sendAll(queue: RequestQueue, requests: number, respond: () => RateLimitInfo) {
	const sentAt: number[] = [];
	const refusals: Turn[] = [];
	const begin = performance.now();
	const send = async (isRetry = false): Promise<void> => {
		const turn = await queue.acquire(isRetry);
		if (!('slot' in turn)) return void refusals.push(turn);
		sentAt.push(performance.now() - begin);
		await new Promise((resolve) => setTimeout(resolve, 10));
		const info = respond();
		turn.slot.release(info);
		if (info.rateLimited) await send(true);
	};
	for (let request = 0; request < requests; request++) void send();
	return { sentAt, refusals };
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number);
const advance = async (milliseconds: number) => await jest.advanceTimersByTimeAsync(milliseconds);
const admitted: RateLimitInfo = { rateLimited: false };
const rateLimited: RateLimitInfo = { rateLimited: true };

describe('alone', () => {
	/** The longest that a request and its response take together, in milliseconds. */
	const ROUND_TRIP = 1_400;
	const latencies = fc
		.tuple(fc.integer({ min: 0, max: 400 }), fc.infiniteStream(fc.integer({ min: 0, max: 300 })))
		.map(([base, more]) => {
			return () => base + more.next().value;
		});
	const runs = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });
	const settings = fc.record({
		limit: fc.integer({ min: 1, max: 120 }),
		window: fc.integer({ min: 1_000, max: 20_000 }),
		windowKind: fc.constantFrom('sliding' as const, 'fixed' as const),
	});

	test('it never exceeds the limit that the server announces, and does not wait without reason', async () => {
		await fc.assert(
			fc.asyncProperty(settings, runs, latencies, async (server, counts, latency) => {
				const { admittedAt, rateLimitedAt } = await simulate(server, [{ runs: counts }], latency);
				const total = sum(counts);
				expect(admittedAt).toHaveLength(total);
				expect(rateLimitedAt).toEqual([]);
				const windows = Math.ceil(total / server.limit) - 1;
				const bursts = Math.ceil(total / 10) + windows + 4;
				expect(admittedAt.at(-1)).toBeLessThanOrEqual(
					windows * (server.window + ROUND_TRIP) + bursts * ROUND_TRIP,
				);
			}),
			{ numRuns: 200, endOnFailure: true },
		);
	});
});

describe('several processes', () => {
	const TOTAL = 2_000;
	const equal = (count: number) => Array.from({ length: count }, () => ({ runs: [TOTAL / count] }));
	const joining = [1_000, 500, 300, 200].map((requests, index) => ({
		startsAt: index * 10_000,
		runs: [requests],
	}));

	// At most: time by the shortest possible, and the part of all requests that was rate-limited.
	test.each<[string, Partial<Settings>, Process[], number, number]>([
		['2 share a sliding window', { windowKind: 'sliding' }, equal(2), 1.1, 0.03],
		['4 share a fixed window', { windowKind: 'fixed' }, equal(4), 1.1, 0.03],
		['8 share a sliding window', { windowKind: 'sliding' }, equal(8), 1.1, 0.03],
		['16 share a sliding window', { windowKind: 'sliding' }, equal(16), 1.1, 0.03],
		['16 share a fixed window', { windowKind: 'fixed' }, equal(16), 1.1, 0.03],
		['2 share a limit that is not announced', { announce: false }, equal(2), 1.1, 0.03],
		['make room for those that join, and use what others leave', {}, joining, 1.15, 0.03],
		['leave to others what they use', { foreign: 3 }, [{ runs: [700] }], 1.15, 0.01],
	])('%s', async (_, settings, processes, mostTime, mostLimited) => {
		jest.spyOn(Math, 'random').mockImplementation(createRandom(1));
		const random = createRandom(2);
		const latency = () => 20 + 40 * random();
		const { admittedAt, rateLimitedAt } = await simulate(settings, processes, latency);
		const { length } = admittedAt;
		expect(length).toBe(sum(processes.flatMap(({ runs }) => runs)));
		const time = admittedAt.at(-1)! / floorOf(settings, length)!;
		expect(time).toBeLessThanOrEqual(mostTime);
		expect(time).toBeGreaterThan(0.9);
		expect(rateLimitedAt.length / (length + rateLimitedAt.length)).toBeLessThanOrEqual(mostLimited);
	});
});

describe('queues', () => {
	test('take turns, a retry before the other requests of its queue', async () => {
		const limiter = new Limiter();
		const order: string[] = [];
		const send = async (name: string, queue: RequestQueue, isRetry = false) => {
			const turn = await queue.acquire(isRetry);
			order.push(name);
			await new Promise((resolve) => setTimeout(resolve, 10));
			if ('slot' in turn) turn.slot.release(admitted);
		};
		const [large, small] = [limiter.queue(), limiter.queue()];
		for (let request = 0; request < 40; request++) void send('large', large);
		for (let request = 0; request < 3; request++) void send('small', small);
		void send('retry', large, true);
		await jest.runAllTimersAsync();
		expect(order).toHaveLength(44);
		expect(order.slice(0, 6)).toEqual(['large', 'retry', 'small', 'large', 'small', 'large']);
	});

	test('are refused as long as they are closed', async () => {
		const queue = new Limiter().queue();
		const { slots, refusals } = acquire(queue, 3);
		await advance(0);
		queue.close();
		await advance(0);
		expect([slots.length, refusals]).toEqual([1, [{ closed: true }, { closed: true }]]);
		expect(await queue.acquire()).toEqual({ closed: true });
		queue.open();
		slots[0]!.release(admitted);
		expect(await queue.acquire()).toHaveProperty('slot');
	});

	test('count their own requests against their cap, and nobody starves', async () => {
		const limiter = new Limiter();
		const info = { rateLimited: false, max: 100, interval: 10_000 };
		const capped = sendAll(limiter.queue(20), 60, () => info);
		const free = sendAll(limiter.queue(), 200, () => info);
		await jest.runAllTimersAsync();
		expect(capped.sentAt[19]).toBeLessThan(1_000);
		for (let first = 0; first + 20 < 60; first++)
			expect(capped.sentAt[first + 20]! - capped.sentAt[first]!).toBeGreaterThanOrEqual(10_000);
		expect(capped.sentAt.at(-1)).toBeLessThan(21_000);
		expect(free.sentAt[79]).toBeLessThan(2_000);
		expect(free.sentAt.at(-1)).toBeLessThan(21_000);
	});

	test('let one request go at a time where their cap is below one', async () => {
		const { sentAt } = sendAll(new Limiter().queue(0.5), 3, () => admitted);
		await jest.runAllTimersAsync();
		expect(sentAt).toEqual([0, 10_010, 20_020]);
	});

	test('get one slot back for one release, however often it is called', async () => {
		const queue = new Limiter().queue();
		const { slots, grantedAt } = acquire(queue, 12);
		await advance(0);
		for (let times = 0; times < 5; times++) slots[0]!.release(admitted);
		await advance(0);
		expect(grantedAt).toHaveLength(3);
	});
});

describe('a limiter', () => {
	test('is found by its key, and dropped once it is idle', async () => {
		const limiter = findLimiter('a');
		const { slots } = acquire(limiter.queue());
		await advance(0);
		expect(limiter.idle).toBe(false);
		slots[0]!.release({ rateLimited: false, max: 10, interval: 1_000, remaining: 9 });
		await advance(999);
		expect(findLimiter('a')).toBe(limiter);
		expect(findLimiter('b')).not.toBe(limiter);
		await advance(1);
		expect(limiter.idle).toBe(true);
		findLimiter('b');
		expect(findLimiter('a')).not.toBe(limiter);
	});

	test('remembers what HighLevel asked for', async () => {
		const limiter = findLimiter('asked');
		const { slots } = acquire(limiter.queue());
		await advance(0);
		slots[0]!.release({ rateLimited: true, retryAfter: 60_000 });
		await advance(59_999);
		expect(findLimiter('asked')).toBe(limiter);
		await advance(1);
		expect(findLimiter('asked')).not.toBe(limiter);
	});

	test('goes on at once when the clock is set back', async () => {
		const { sentAt } = sendAll(new Limiter().queue(), 150, () => admitted);
		await advance(5_000);
		jest.setSystemTime(BEGIN - 10 * MINUTE);
		await advance(6_000);
		expect(sentAt).toHaveLength(150);
	});
});

describe('after a 429', () => {
	test('with Retry-After, nothing is sent before that, and then one request at a time first', async () => {
		const responses = [admitted, admitted, { rateLimited: true, retryAfter: 7_000 }];
		const { sentAt } = sendAll(new Limiter().queue(), 40, () => responses.shift() ?? admitted);
		await jest.runAllTimersAsync();
		const before = sentAt.filter((time) => time < 7_000);
		const [first, second, third, fourth] = sentAt.slice(before.length);
		expect(before.length).toBeLessThanOrEqual(5);
		expect(first).toBeGreaterThanOrEqual(before.at(-1)! + 7_000);
		expect(second).toBeGreaterThanOrEqual(first! + 10);
		expect(fourth).toBeGreaterThanOrEqual(third!);
		expect(sentAt).toHaveLength(41);
	});

	test('without one, it asks again one by one at growing distances, for as long as patience lasts', async () => {
		const { sentAt, refusals } = sendAll(new Limiter().queue(), 20, () => rateLimited);
		await jest.runAllTimersAsync();
		const gaps = sentAt.slice(1).map((time, index) => time - sentAt[index]!);
		expect(gaps.slice(0, 4)).toEqual([510, 1_010, 2_010, 4_010]);
		expect(new Set(gaps.slice(4))).toEqual(new Set([5_010]));
		expect(sentAt.at(-1)).toBeGreaterThan(5 * MINUTE - 5_010);
		expect(sentAt.at(-1)).toBeLessThan(5 * MINUTE + 5_010);
		expect(refusals).toEqual(Array(20).fill({ blockedUntil: BEGIN + sentAt.at(-1)! + 10 }));
	});
});

describe('patience', () => {
	test('a run that gets nothing but 429s for 5 minutes is refused until it is opened again', async () => {
		const limiter = new Limiter();
		const queue = limiter.queue();
		sendAll(queue, 3, () => rateLimited);
		await jest.runAllTimersAsync();
		await advance(DAY);
		expect(await queue.acquire()).toEqual({ blockedUntil: Date.now() });
		expect(await limiter.queue().acquire()).toHaveProperty('slot');
		queue.open();
		void queue.acquire();
		await jest.runAllTimersAsync();
	});

	test('another response in between gives a run new patience; a lost one does not', async () => {
		const sendUntilRefused = async (respond: (time: number) => RateLimitInfo | undefined) => {
			const queue = new Limiter().queue();
			const begin = performance.now();
			for (;;) {
				const turn = await queue.acquire(true);
				if (!('slot' in turn)) return performance.now() - begin;
				turn.slot.release(respond(performance.now() - begin));
			}
		};
		let done = false;
		const between = sendUntilRefused((time) => {
			if (done || time < 4 * MINUTE) return rateLimited;
			done = true;
			return admitted;
		});
		let sent = 0;
		const lost = sendUntilRefused(() => (sent++ % 2 ? undefined : rateLimited));
		await jest.runAllTimersAsync();
		expect(await between).toBeGreaterThan(9 * MINUTE - 10_000);
		expect(await lost).toBeLessThan(5 * MINUTE + 10_010);
	});

	test.each([86_400, 3_000_000])(
		'a Retry-After of %d seconds refuses all who wait and come, and one may ask again after 5 minutes',
		async (seconds) => {
			const limiter = new Limiter();
			const first = acquire(limiter.queue(), 10);
			const second = acquire(limiter.queue(), 10);
			await advance(0);
			first.slots[0]!.release({ rateLimited: true, retryAfter: seconds * 1_000 });
			await advance(0);
			const refusal = { blockedUntil: BEGIN + seconds * 1_000 };
			expect(first.refusals).toEqual(Array(9).fill(refusal));
			expect(second.refusals).toEqual(Array(10).fill(refusal));
			await advance(5 * MINUTE - 1);
			expect(jest.getTimerCount()).toBe(0);
			expect(await limiter.queue().acquire()).toEqual(refusal);
			await advance(1);
			const again = acquire(limiter.queue(), 3);
			await advance(MINUTE);
			expect(again.grantedAt).toEqual([0]);
			again.slots[0]!.release({ rateLimited: true, retryAfter: seconds * 1_000 });
			await advance(0);
			expect(again.refusals).toEqual(Array(2).fill({ blockedUntil: Date.now() + seconds * 1_000 }));
			await advance(5 * MINUTE);
			const last = acquire(limiter.queue(), 3);
			await advance(0);
			last.slots[0]!.release({ rateLimited: false, max: 100, interval: 10_000, remaining: 99 });
			await advance(10_000);
			expect(last.grantedAt).toHaveLength(3);
		},
	);

	test('a Retry-After within it is waited for', async () => {
		const queue = new Limiter().queue();
		const { slots, grantedAt, refusals } = acquire(queue, 2);
		await advance(0);
		slots[0]!.release({ rateLimited: true, retryAfter: 5 * MINUTE - 1 });
		await jest.runAllTimersAsync();
		expect([grantedAt, refusals]).toEqual([[0, 5 * MINUTE - 1], []]);
	});
});
