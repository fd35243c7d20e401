import {
	sleep,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteSingleFunctions,
	type INode,
	type NodeApiError,
	type NodeOperationError,
} from 'n8n-workflow';

import { bareToken } from '../../../credentials/HighLevelPrivateIntegrationApi.credentials';
import { summaryOf } from './account';
import type { Lane } from './limiter';
import { limiterOf } from './limiters';
import type { Ids } from './path';

/** An item that failed; `details` is what it tells besides its error, `unsent` that HighLevel was not even asked. */
export interface Failed {
	is: 'failed';
	ids: Ids;
	error: NodeApiError | NodeOperationError;
	details: IDataObject;
	unsent?: boolean;
}

/** What became of an item. */
export type Fate = { is: 'done'; ids: Ids; json: IDataObject } | Failed | { is: 'unsent'; ids: Ids };

const runs = new WeakMap<object, Run>();

/** The run that an item belongs to. The engine hands all items of one run the same execute data, and no other run. */
export function runOf(context: IExecuteSingleFunctions): Run {
	const key = context.getExecuteData();
	const run = runs.get(key) ?? new Run(context);
	runs.set(key, run);
	return run;
}

/** What the items of one run of the node share: the way out, how it is stopped, and what became of each. */
export class Run {
	readonly node: INode;
	readonly credentialType = 'highLevelPrivateIntegrationApi';
	/** Whether the first failure ends the run, as the node's On Error setting says. */
	readonly stopsOnFailure: boolean;
	/** How many items the engine hands over. */
	readonly total: number;
	/** Its place in the queue for the credential's rate limit. */
	readonly lane: Lane;
	/** By the item's index. */
	readonly fates = new Map<number, Fate>();
	/** Whether HighLevel said that no request is left for today. */
	dayIsSpent = false;

	private readonly batchSize: number;
	private readonly arrived = new Set<number>();
	private readonly requests = new Map<string, Promise<unknown>>();
	private credentials?: Promise<ICredentialDataDecryptedObject>;
	private gathering?: Promise<void>;
	private stopping = signal();
	private settling = signal();

	constructor(private readonly context: IExecuteSingleFunctions) {
		this.node = context.getNode();
		this.stopsOnFailure = !context.continueOnFail();
		const { data } = context.getExecuteData();
		this.total = this.node.executeOnce ? 1 : (Object.values(data)[0]?.[0]?.length ?? 1);
		const { batching } = context.getNodeParameter('requestOptions', {}) as RequestOptions;
		this.batchSize = batching?.batch?.batchInterval ? Math.max(1, batching.batch.batchSize) : this.total;
		const { rateLimit } = context.getNodeParameter('options', {}) as { rateLimit?: number };
		const { id, name } = this.node.credentials?.[this.credentialType] ?? {};
		this.lane = limiterOf(id ?? name ?? '').lane(rateLimit);
	}

	/** The credential's data, fetched once for all items. */
	async credential(): Promise<ICredentialDataDecryptedObject> {
		return await (this.credentials ??= this.context.getCredentials(this.credentialType));
	}

	/** A copy of a value in which the credential's token is nowhere spelled out. */
	async withoutSecrets<Value>(value: Value): Promise<Value> {
		const token = bareToken(await this.credential());
		if (token === '') return value;
		return JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(token).slice(1, -1), '***')) as Value;
	}

	/** Counts an item in. One that comes twice opens a new try of the whole node, as its setting Retry On Fail does. */
	arrive(itemIndex: number): void {
		if (this.arrived.has(itemIndex)) {
			this.arrived.clear();
			this.fates.clear();
			this.dayIsSpent = false;
			this.stopping = signal();
			this.lane.open();
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

	/** Does once what several items ask for under the same key, unless it failed before. */
	async once<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
		const request = (this.requests.get(key) as Promise<Result> | undefined) ?? work();
		this.requests.set(key, request);
		return await request;
	}

	/** Forgets what `once` remembers, so that it can be tried again. */
	forget(key: string): void {
		this.requests.delete(key);
	}

	/** Waits, but no longer than until the run is stopped. */
	async pause(milliseconds: number): Promise<void> {
		if (milliseconds > 0) await Promise.race([sleep(milliseconds), this.stopping.promise]);
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

	/** Sends nothing more today. */
	spendDay(): void {
		this.dayIsSpent = true;
		this.stop();
	}

	/** Sends nothing more; what is under way goes on. */
	private stop(): void {
		this.lane.close();
		this.stopping.give();
	}

	private get cancellation(): AbortSignal | undefined {
		return this.context.getExecutionCancelSignal();
	}

	/** The engine keeps nothing of a node that was cancelled, so the log is where its deletions are named. */
	private readonly cancel = (): void => {
		this.stop();
		void this.settled().then(() => this.context.logger.warn(summaryOf(this).text));
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
