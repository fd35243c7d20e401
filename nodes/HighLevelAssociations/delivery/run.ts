import { sleep, type IExecuteSingleFunctions, type INode } from 'n8n-workflow';

import { summaryOf, type Fate } from './account';
import { Connection } from './connection';
import type { Exchange } from './exchange';

const runs = new WeakMap<object, Run>();

/**
 * The run that an item belongs to. The engine hands all items of one run the same execute data, and no other run. Only
 * what calls the node as its tool by itself, as AI Agents before version 3 do, hands over its own: there each call is a
 * run of one item.
 */
export function runOf(context: IExecuteSingleFunctions): Run {
	const key = context.getExecuteData();
	const known = runs.get(key);
	if (known) return known;
	if (key.node.name !== context.getNode().name) return new Run(context, 1);
	const run = new Run(context, Object.values(key.data)[0]?.[0]?.length ?? 1);
	runs.set(key, run);
	return run;
}

/** What the items of one run of the node share: the way out, how it is stopped, and what became of each. */
export class Run {
	readonly node: INode;
	readonly connection: Connection;
	/** Whether the first failure ends the run, as the node's On Error setting says. */
	readonly stopsOnFailure: boolean;
	/** What became of each item, by its index. */
	readonly fates = new Map<number, Fate>();
	/** Whether HighLevel said that no request is left for today. */
	dayIsSpent = false;

	/** How many items the engine hands over, and how many of them in one go. */
	private readonly total: number;
	private readonly batchSize: number;
	private readonly arrived = new Set<number>();
	private readonly exchanges = new Map<string, Promise<Exchange>>();
	private gathering?: Promise<void>;
	private stopping = signal();
	private settling = signal();

	/** @param items how many the node gets */
	constructor(
		private readonly context: IExecuteSingleFunctions,
		items: number,
	) {
		const { rateLimit } = context.getNodeParameter('options', {}) as { rateLimit?: number };
		const { batching } = context.getNodeParameter('requestOptions', {}) as RequestOptions;
		this.node = context.getNode();
		this.connection = new Connection(context, rateLimit);
		this.stopsOnFailure = !context.continueOnFail();
		this.total = this.node.executeOnce ? 1 : items;
		this.batchSize = batching?.batch?.batchInterval
			? Math.max(1, batching.batch.batchSize)
			: this.total;
	}

	/** Counts an item in. One that comes twice opens a new try of the whole node, as its setting Retry On Fail does. */
	arrive(itemIndex: number): void {
		if (this.arrived.has(itemIndex)) {
			this.arrived.clear();
			this.fates.clear();
			this.dayIsSpent = false;
			this.stopping = signal();
			this.connection.lane.open();
		}
		this.arrived.add(itemIndex);
		this.cancellation?.addEventListener('abort', this.cancel);
	}

	/**
	 * Waits for the items that the engine hands over in one go, so that with On Error = Stop all of them are checked
	 * before the first is sent. None is if the engine broke off on the way, which it does, without telling the items
	 * before, where an expression of one fails.
	 */
	async gathered(): Promise<void> {
		this.gathering ??= sleep(0).then(() => {
			this.gathering = undefined;
			const { size } = this.arrived;
			if (this.stopsOnFailure && size < this.total && size % this.batchSize !== 0) this.stop();
		});
		await this.gathering;
	}

	/** Makes once the exchange that several items ask for under the same key, as long as it does not fail. */
	async once(key: string, work: () => Promise<Exchange>): Promise<Exchange> {
		const request = this.exchanges.get(key) ?? work();
		this.exchanges.set(key, request);
		const forget = () => this.exchanges.delete(key);
		request.then((result) => 'body' in result || forget(), forget);
		return await request;
	}

	/** Waits, but no longer than until the run is stopped. */
	async pause(milliseconds: number): Promise<void> {
		if (milliseconds > 0) await Promise.race([sleep(milliseconds), this.stopping.promise]);
	}

	/** Sends nothing more, today. */
	daySpent(): void {
		this.dayIsSpent = true;
		this.stop();
	}

	/** Notes what became of an item. With On Error = Stop, the first failure stops the run. */
	settle(itemIndex: number, fate: Fate): void {
		this.fates.set(itemIndex, fate);
		if (fate.is === 'failed' && this.stopsOnFailure) this.stop();
		if (this.fates.size < this.arrived.size) return;
		this.settling.give();
		this.settling = signal();
		this.cancellation?.removeEventListener('abort', this.cancel);
	}

	/** Waits until it is known what became of every item that came so far. */
	async settled(): Promise<void> {
		if (this.fates.size < this.arrived.size) await this.settling.promise;
	}

	/** Sends nothing more; what is under way goes on. */
	private stop(): void {
		this.connection.lane.close();
		this.stopping.give();
	}

	private get cancellation(): AbortSignal | undefined {
		return this.context.getExecutionCancelSignal();
	}

	/**
	 * The engine keeps nothing of a node that was cancelled, so the log is where its deletions are named: all of them in
	 * the text, as n8n's log shows nothing else.
	 */
	private readonly cancel = (): void => {
		this.stop();
		void this.settled().then(() => {
			this.context.logger.warn(`${this.node.name} was stopped. ${summaryOf(this, Infinity).text}`);
		});
	};
}

interface RequestOptions {
	batching?: { batch?: { batchSize: number; batchInterval: number } };
}

/** A promise to be kept later. */
function signal() {
	let give = () => {};
	const promise = new Promise<void>((resolve) => (give = resolve));
	return { promise, give };
}
