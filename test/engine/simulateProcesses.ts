import { Limiter } from '../../nodes/HighLevelAssociations/transport/queue';
import type { RateLimitInfo } from '../../nodes/HighLevelAssociations/transport/rateLimit';
import { RateLimit as ServerLimit, type Verdict } from '../simulator/rateLimit';
import { defaults, type Settings } from '../simulator/settings';

/** A process of n8n: when it starts, in milliseconds, and how many requests each of its runs sends. */
export interface Process {
	startsAt?: number;
	runs: number[];
}

/** What happened in a simulation; times in milliseconds since its begin. */
export interface Outcome {
	admittedAt: number[];
	rateLimitedAt: number[];
	/** When each process had all its responses. */
	endedAt: number[];
}

/**
 * Lets processes that share a token send requests to the simulator's rate limit, in the time of fake timers.
 *
 * @param latency milliseconds that the next request or response takes on its way
 */
export async function simulateProcesses(
	changes: Partial<Settings>,
	processes: Process[],
	latency: () => number,
): Promise<Outcome> {
	const settings: Settings = { ...defaults, ...changes };
	const begin = performance.now();
	const now = () => performance.now() - begin;
	const server = new ServerLimit(() => settings, now);
	const outcome: Outcome = { admittedAt: [], rateLimitedAt: [], endedAt: [] };

	const send = async (): Promise<RateLimitInfo> => {
		await wait(latency());
		const verdict = server.admit('pit-false');
		(verdict.admitted ? outcome.admittedAt : outcome.rateLimitedAt).push(now());
		await wait(latency());
		return describe(verdict, settings);
	};
	const run = async (limiter: Limiter, requests: number) => {
		const queue = limiter.queue();
		const sendUntilAdmitted = async (isRetry = false): Promise<void> => {
			const turn = await queue.acquire(isRetry);
			if (!('slot' in turn)) throw new Error(`No slot: ${JSON.stringify(turn)}`);
			const info = await send();
			turn.slot.release(info);
			if (info.rateLimited) await sendUntilAdmitted(true);
		};
		await Promise.all(Array.from({ length: requests }, async () => await sendUntilAdmitted()));
	};
	await Promise.all(
		processes.map(async ({ startsAt = 0, runs }, process) => {
			await wait(startsAt);
			const limiter = new Limiter();
			await Promise.all(runs.map(async (requests) => await run(limiter, requests)));
			outcome.endedAt[process] = now();
		}),
	);
	return outcome;
}

/** What the simulator's response says about the limit. */
function describe(verdict: Verdict, { announce, window, retryAfter }: Settings): RateLimitInfo {
	const { admitted, max, remaining, retryIn } = verdict;
	return {
		rateLimited: !admitted,
		...(announce && { max, interval: window, remaining }),
		...(!admitted && retryAfter !== 'none' && { retryAfter: Math.ceil(retryIn / 1_000) * 1_000 }),
	};
}

const wait = async (milliseconds: number) =>
	await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
