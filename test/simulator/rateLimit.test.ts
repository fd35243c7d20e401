import { noLimit, RateLimit, type RateLimitSettings } from './rateLimit';
import { defaults } from './settings';
import type { ClientResponse } from './testClient';
import { useServer } from './useServer';

const start = Date.UTC(2030, 0, 1, 12);
const day = 24 * 60 * 60 * 1000;

let now: number;
beforeEach(() => (now = start));

const createRateLimit = (settings: Partial<RateLimitSettings>) =>
	new RateLimit(
		() => ({
			...{ limit: 2, window: 1000, windowKind: 'sliding', daily: 1000, foreign: 0 },
			...settings,
		}),
		() => now,
	);

/** What happens to requests at these times, in ms after the start: `+` for one that is let through, `-` for another. */
const admissions = (rateLimit: RateLimit, ...times: number[]) =>
	times
		.map((time) => {
			now = start + time;
			return rateLimit.admit('token').admitted ? '+' : '-';
		})
		.join('');

describe('rate limit', () => {
	test('a sliding window frees a place when the oldest request leaves it', () => {
		const rateLimit = createRateLimit({});
		expect(admissions(rateLimit, 600, 900, 1100, 1599, 1600, 1899, 1900)).toBe('++--+-+');
	});

	test('a fixed window frees all places at its border', () => {
		const rateLimit = createRateLimit({ windowKind: 'fixed' });
		expect(admissions(rateLimit, 600, 900, 999, 1000, 1001, 1002, 2000)).toBe('++-++-+');
	});

	test.each([
		['sliding', 500],
		['fixed', 400],
	] as const)(
		'a %s window says when it lets through again, and then does',
		(windowKind, retryIn) => {
			const rateLimit = createRateLimit({ windowKind });
			admissions(rateLimit, 100, 200, 300, 400);
			now = start + 600;
			expect(rateLimit.admit('token')).toMatchObject({ admitted: false, retryIn });
			expect(admissions(rateLimit, 600 + retryIn - 1)).toBe('-');
			expect(admissions(rateLimit, 600 + retryIn)).toBe('+');
		},
	);

	test('a refused request does not count', () => {
		expect(admissions(createRateLimit({}), 0, 100, 500, 1000, 1100)).toBe('++-++');
	});

	test('tokens do not share', () => {
		const rateLimit = createRateLimit({ limit: 1 });
		expect(rateLimit.admit('one').admitted).toBe(true);
		expect(rateLimit.admit('two').admitted).toBe(true);
		expect(rateLimit.admit('one').admitted).toBe(false);
	});

	test('foreign traffic uses up the limit, and is limited itself', () => {
		const rateLimit = createRateLimit({ limit: 10, foreign: 4 });
		now = start + 1000;
		expect(rateLimit.admit('token')).toMatchObject({ admitted: true, remaining: 5 });
		now = start + 100_000;
		expect(rateLimit.admit('token')).toMatchObject({ admitted: true, remaining: 5 });
		const flooded = createRateLimit({ limit: 10, foreign: 40 });
		now += 990;
		expect(flooded.admit('token')).toMatchObject({ admitted: false, remaining: 0 });
		now += 60;
		expect(flooded.admit('token').admitted).toBe(false);
	});

	test('foreign traffic that was turned on later counts from then on', () => {
		const settings = { limit: 10, foreign: 0 };
		const rateLimit = createRateLimit(settings);
		now = start + 5000;
		rateLimit.admit('token');
		settings.foreign = 10;
		now = start + 5200;
		expect(rateLimit.admit('token').remaining).toBe(6);
	});

	test('a used-up day refuses until the next one', () => {
		const rateLimit = createRateLimit({ daily: 3, limit: 0 });
		expect(admissions(rateLimit, 0, 1000, 2000, 3000)).toBe('+++-');
		expect(rateLimit.admit('token')).toMatchObject({ dailyRemaining: 0, retryIn: day - 3000 });
		expect(admissions(rateLimit, day - 1, day)).toBe('-+');
	});

	test('a limit of 0 announces a huge one', () => {
		const rateLimit = createRateLimit({ limit: 0 });
		const verdicts = Array.from({ length: 500 }, () => rateLimit.admit('token'));
		expect(verdicts.every(({ admitted }) => admitted)).toBe(true);
		const huge = { max: noLimit, remaining: noLimit, dailyRemaining: 500 };
		expect(verdicts.at(-1)).toMatchObject(huge);
	});

	test('many requests leave the window without a trace', () => {
		const rateLimit = createRateLimit({ limit: 5000, daily: 1_000_000 });
		for (let index = 0; index < 20_000; index++) {
			now = start + index;
			rateLimit.admit('token');
		}
		expect(rateLimit.admit('token')).toMatchObject({ remaining: 3999 });
	});
});

describe('limit of the server', () => {
	const { send, reset, set, state, requests } = useServer({ limit: defaults.limit }, () => now);
	const get = async (path = '/associations/6d6f6e676f5f000000000001') => await send('GET', path);
	const announced = ({ headers }: ClientResponse) => [
		headers['x-ratelimit-limit-daily'],
		headers['x-ratelimit-daily-remaining'],
		headers['x-ratelimit-interval-milliseconds'],
		headers['x-ratelimit-max'],
		headers['x-ratelimit-remaining'],
	];

	test('every response announces what is left, success or not', async () => {
		await reset({ limit: 3, window: 5000, daily: 10 });
		expect(announced(await get())).toEqual(['10', '9', '5000', '3', '2']);
		expect(announced(await get('/nowhere'))).toEqual(['10', '8', '5000', '3', '1']);
		expect(announced(await get('/associations/unknown'))).toEqual(['10', '7', '5000', '3', '0']);
		const refused = await get();
		expect(announced(refused)).toEqual(['10', '7', '5000', '3', '0']);
		expect(refused).toMatchObject({
			status: 429,
			body: { statusCode: 429, message: 'Too Many Requests' },
		});
		expect(refused.headers['retry-after']).toBeUndefined();
		now += 5000;
		expect(await get()).toMatchObject({ status: 200 });
	});

	test('announces nothing where that is set', async () => {
		await reset({ limit: 1, announce: false });
		expect(announced(await get())).toEqual(Array(5).fill(undefined));
		const refused = await get();
		expect(refused.status).toBe(429);
		expect(announced(refused)).toEqual(Array(5).fill(undefined));
	});

	test('Retry-After comes in seconds or as a date, rounded up', async () => {
		await reset({ limit: 1, window: 5000, retryAfter: 'seconds' });
		await get();
		now += 1500;
		expect((await get()).headers['retry-after']).toBe('4');
		await set({ retryAfter: 'date' });
		expect((await get()).headers['retry-after']).toBe(new Date(start + 5000).toUTCString());
		now += 250;
		await reset({ limit: 1, window: 5000, retryAfter: 'date' });
		await get();
		expect((await get()).headers['retry-after']).toBe(new Date(start + 7000).toUTCString());
	});

	test('a used-up day is announced as 0, with the time that it lasts', async () => {
		await reset({ daily: 1, limit: 0 });
		expect((await get()).headers['x-ratelimit-daily-reset']).toBe(String(day));
		expect(await get()).toMatchObject({
			status: 429,
			headers: { 'x-ratelimit-daily-remaining': '0' },
		});
	});

	test('a refused request changes nothing but the log', async () => {
		await reset({ limit: 1 });
		await get();
		const response = await send('DELETE', '/associations/6d6f6e676f5f000000000001');
		expect(response.status).toBe(429);
		expect((await state()).associations).toHaveLength(4);
		expect((await requests()).map(({ status }) => status)).toEqual([200, 429]);
	});
});
