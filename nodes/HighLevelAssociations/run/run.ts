import {
	sleep,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type INode,
} from 'n8n-workflow';

import { Credentials, type Credential } from '../transport/credential';
import { signInToLocation, type SignIn } from '../transport/locationToken';
import { findLimiter, type RequestQueue } from '../transport/queue';
import type { Result, Sender } from '../transport/retry';
import { NotSent } from './errors';
import { summarize } from './report';
import type { Change, ItemResult, Outcomes, Verb } from './result';

const runs = new WeakMap<object, Run>();

/**
 * The run that an item belongs to. The engine hands all items of one execution of the node the same execute data, over
 * all tries of Retry On Fail, and no other. Only what calls the node as its tool by itself, as AI Agents before version
 * 3 do, hands over its own: there each call is a run of one item.
 */
export function findRun(context: IExecuteSingleFunctions, verb?: Verb): Run {
	const executeData = context.getExecuteData();
	const known = runs.get(executeData);
	if (known) return known;
	if (executeData.node.name !== context.getNode().name) return new Run(context, 1, verb);
	const [items] = Object.values(executeData.data)[0] ?? [];
	const run = new Run(context, executeData.node.executeOnce ? 1 : (items?.length ?? 1), verb);
	runs.set(executeData, run);
	return run;
}

/** What is done in its turn: with what the one before gave, if it has not failed, and whether it is the first. */
export type Task<Value> = (latest: Value | undefined, isFirst: boolean) => Promise<Value>;

/** So many items go on in one go, so that n8n stays responsive. */
const CHUNK = 50;

/** State shared by all items of one execution of the node. */
export class Run implements Outcomes {
	readonly node: INode;
	/** Whether the first failure stops the run, as the node's On Error setting says. */
	readonly stopsOnFailure: boolean;
	/** What became of each item, by its index: over all tries, as what is done is not sent again. */
	readonly results = new Map<number, ItemResult>();
	readonly changes: Change[] = [];
	readonly credentials = new Credentials();

	private readonly changed = new Set<string>();
	private current: Try;
	private readonly channels = new Map<string, Channel>();
	private readonly requests = new Map<string, Promise<Result>>();
	private readonly turns = new Map<string, Promise<unknown>>();
	private readonly memories = new Map<string, unknown>();

	constructor(
		private readonly context: IExecuteSingleFunctions,
		readonly total: number,
		readonly verb?: Verb,
	) {
		this.node = context.getNode();
		this.current = new Try(total);
		this.stopsOnFailure = !context.continueOnFail();
	}

	/**
	 * Counts an item in. One that comes again begins another try of the whole node, as the setting Retry On Fail makes
	 * them: what was not done is open again.
	 */
	arrive(itemIndex: number): Try {
		if (this.current.arrived.has(itemIndex)) {
			this.current = new Try(this.total);
			for (const channel of this.channels.values()) channel.open();
		}
		const { current, cancellation } = this;
		if (current.isIdle) cancellation?.addEventListener('abort', this.cancel);
		current.arrived.add(itemIndex);
		if (cancellation?.aborted && !current.isStopped) this.cancel();
		return current;
	}

	/** How an item's requests are sent: each token has a queue of its own, shared with the limit of that token. */
	createSender(context: IExecuteSingleFunctions, credential: Credential, cap: number): Sender {
		const { current } = this;
		const channel = this.findChannel(credential, cap);
		return {
			context,
			credential,
			queue: channel.queue,
			pause: async (milliseconds) => {
				if (milliseconds > 0) await Promise.race([sleep(milliseconds), current.stopping.promise]);
			},
			reachDailyLimit: (reset) => channel.reachDailyLimit(reset),
			whenCancelled: (act) => current.whenCancelled(act),
			renew: async () => {
				// One that can't be read leaves the token refused.
				const renewed = await this.renew(context, credential).catch(() => undefined);
				return !renewed || renewed.token === credential.token
					? undefined
					: this.createSender(context, renewed, cap);
			},
		};
	}

	/**
	 * Exchanges an agency's token for that of a sub-account.
	 *
	 * @throws NotSent when the run is stopped before
	 */
	async signInToLocation(
		context: IExecuteSingleFunctions,
		agency: Credential,
		locationId: string,
	): Promise<SignIn> {
		const stopped = this.current.stopping.promise.then(() => {
			throw new NotSent();
		});
		return await Promise.race([signInToLocation(context, agency, locationId), stopped]);
	}

	private async renew(
		context: IExecuteSingleFunctions,
		refused: Credential,
	): Promise<Credential | undefined> {
		const { agency, locationId, token } = refused;
		if (!agency) return await this.credentials.renew(context, refused);
		const signIn = await signInToLocation(context, agency, locationId, token);
		return 'credential' in signIn ? signIn.credential : undefined;
	}

	findChannel(credential: Credential, cap: number): Channel {
		const key = `${credential.limitKey} ${cap}`;
		const channel = this.channels.get(key) ?? new Channel(credential.limitKey, cap);
		this.channels.set(key, channel);
		if (this.current.isStopped) channel.queue.close();
		return channel;
	}

	/** Sends once what several items ask for under the same key. A failure is not shared with a later try. */
	async share(key: string, work: () => Promise<Result>): Promise<Result> {
		const request = this.requests.get(key) ?? work();
		this.requests.set(key, request);
		let isSuccess = false;
		try {
			const result = await request;
			isSuccess = result.is === 'success';
			return result;
		} finally {
			if (!isSuccess && this.requests.get(key) === request) this.requests.delete(key);
		}
	}

	/** What is kept under a key from one try to the next; made at the first. */
	recall<Memory>(key: string, create: () => Memory): Memory {
		const memory = (this.memories.get(key) as Memory | undefined) ?? create();
		this.memories.set(key, memory);
		return memory;
	}

	/** Does one after the other what several items ask for under the same key. */
	async takeTurn<Value>(key: string, work: Task<Value>): Promise<Value> {
		const isFirst = !this.turns.has(key);
		const before = (this.turns.get(key) ?? Promise.resolve()) as Promise<Value | undefined>;
		const value = before.then(async (latest) => await work(latest, isFirst));
		const after = value.catch(() => undefined);
		this.turns.set(key, after);
		return await value;
	}

	/** Takes note of a change at HighLevel, in n8n's log too: that is all that is left of a killed n8n. */
	addChange(change: Change, itemIndex: number): void {
		if (!this.verb || this.changed.has(change.id)) return;
		this.changed.add(change.id);
		this.changes.push(change);
		const doubt = change.isConfirmed ? '' : ' (not confirmed)';
		this.context.logger.info(`${this.node.name}: ${this.verb} ${change.id}${doubt}`, { itemIndex });
	}

	/**
	 * Says how far long work has come: in n8n's log, and in the browser's console while a workflow is tried in the editor.
	 * n8n shows nothing else of a node that is running.
	 */
	inform(message: string): void {
		const line = `${this.node.name}: ${message}`;
		this.context.logger.info(line);
		(this.context as Partial<Pick<IExecuteFunctions, 'sendMessageToUI'>>).sendMessageToUI?.(line);
	}

	/**
	 * Takes note of what became of an item, and gives what is known of it from all tries. With On Error = Stop, the first
	 * failure stops the run.
	 */
	record(result: ItemResult): ItemResult {
		const before = this.results.get(result.index);
		const known = before && tellsMore(before, result) ? before : result;
		this.results.set(result.index, known);
		if (result.is === 'failed' && this.stopsOnFailure) this.stop(result.index);
		this.current.record(result.index);
		if (this.current.isIdle) this.cancellation?.removeEventListener('abort', this.cancel);
		return known;
	}

	/** Sends nothing more; requests in flight are completed. */
	private stop(itemIndex?: number): void {
		this.current.stop(itemIndex);
		for (const { queue } of this.channels.values()) queue.close();
	}

	private get cancellation(): AbortSignal | undefined {
		return this.context.getExecutionCancelSignal();
	}

	/**
	 * The engine keeps nothing of a node that is cancelled, so the log names what was done: all of it in the text, as
	 * n8n's log shows nothing else.
	 */
	private readonly cancel = (): void => {
		const { current } = this;
		this.stop();
		current.cancel();
		void current.waitForAll().then(() => {
			const { text } = summarize(this, Infinity);
			this.context.logger.warn(`${this.node.name} was stopped. ${text}`);
		});
	};
}

/** Whether an item was sent in an earlier try and not in this one, or may have been carried out in that one. */
function tellsMore(before: ItemResult, result: ItemResult): boolean {
	if (before.is !== 'failed' || result.is === 'done') return false;
	if (result.is === 'notSent' || result.error.failure.isNotSent) return true;
	const isUnknown = before.error.failure.mayHaveSucceeded === true;
	return isUnknown && !result.error.failure.mayHaveSucceeded;
}

/** One try of the node: n8n's Retry On Fail makes several in one execution. */
class Try {
	isStopped = false;
	/** The item whose failure has stopped it, if it was not stopped by hand. */
	stoppedBy?: number;
	readonly arrived = new Set<number>();
	private readonly recorded = new Set<number>();
	private checked = 0;
	/** Where items wait for their turn to be read: the engine hands over all in one go. */
	readonly entrance = new Turnstile();
	private readonly exit = new Turnstile();
	private readonly checking = createDeferred();
	readonly stopping = createDeferred();
	private readonly cancelling = new Set<() => void>();
	private recording = createDeferred();

	constructor(private readonly total: number) {}

	/** Whether nothing is known to be under way: all that arrived is recorded. */
	get isIdle(): boolean {
		return this.recorded.size === this.arrived.size;
	}

	/**
	 * Counts an item as checked and waits for all others to be, so that with On Error = Stop one that can't be sent stops
	 * the run before the first is. Where an expression fails, the engine breaks off without telling those that it has
	 * handed over: then they wait for ever, which keeps nothing but themselves.
	 */
	async checkIn(): Promise<void> {
		this.checked += 1;
		if (this.checked >= this.total) this.checking.resolve();
		await this.checking.promise;
		await this.exit.pass();
	}

	record(itemIndex: number): void {
		this.recorded.add(itemIndex);
		this.recording.resolve();
		this.recording = createDeferred();
	}

	/** Waits until it is known what became of every item that arrived. */
	async waitForAll(): Promise<void> {
		while (!this.isIdle) await this.recording.promise;
	}

	/** Calls back when it is cancelled, unless what is returned was called before: a long run keeps nothing of its requests. */
	whenCancelled(act: () => void): () => void {
		this.cancelling.add(act);
		return () => void this.cancelling.delete(act);
	}

	stop(itemIndex?: number): void {
		if (this.isStopped) return;
		this.isStopped = true;
		this.stoppedBy = itemIndex;
		this.stopping.resolve();
	}

	cancel(): void {
		for (const act of this.cancelling) act();
		this.checking.resolve();
	}
}

/** Lets a chunk of items pass, then the rest of n8n do its work, then the next chunk. */
class Turnstile {
	private passed = 0;
	private gate = Promise.resolve();

	async pass(): Promise<void> {
		this.passed += 1;
		if (this.passed % CHUNK === 0) this.gate = this.gate.then(async () => await sleep(0));
		await this.gate;
	}
}

/** The way out for the requests of one token in one run. */
class Channel {
	readonly queue: RequestQueue;
	/** That no request is left for today, and when the limit is full again, if HighLevel says. */
	dailyLimit?: { reset?: number };

	constructor(limitKey: string, cap: number) {
		this.queue = findLimiter(limitKey).queue(cap);
	}

	reachDailyLimit(reset?: number): void {
		this.dailyLimit = { reset };
		this.queue.close();
	}

	open(): void {
		this.dailyLimit = undefined;
		this.queue.open();
	}
}

function createDeferred() {
	let resolve = () => {};
	const promise = new Promise<void>((done) => (resolve = done));
	return { promise, resolve };
}
