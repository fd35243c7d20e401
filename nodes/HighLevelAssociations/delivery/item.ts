import {
	NodeOperationError,
	type IDataObject,
	type IExecutePaginationFunctions,
} from 'n8n-workflow';

import { isNotFound } from './answer';
import { apiError, daySpentError } from './errors';
import { exchange } from './exchange';
import { Failure, Unsent } from './failure';
import { isTurnedAway } from './retry';
import type { Run } from './run';
import { fill, parametersOf, type Template } from './template';
import { flawOf, shown, valueOf } from './values';

const ASSOCIATION_BY_ID: Template = { method: 'GET', url: '/associations/{associationId}' };

const ASSOCIATION_BY_KEY: Template = {
	method: 'GET',
	url: '/associations/key/{associationKey}',
	qs: { locationId: '{locationId}' },
};

/** One item on its way: what it asks HighLevel for, and with which values. */
export class Item {
	readonly index: number;
	/** The operation's options as the item has them. */
	readonly options: IDataObject;
	/** What the item is about, by parameter, e.g. `{ associationId: '6d6f…' }`; for its user to read. */
	readonly ids: Record<string, string> = {};
	/** Why nothing may be sent for it. */
	readonly flaw?: Failure;
	/** How many tries the request took that took the most. */
	tries = 0;

	/** What goes into the places of its requests, by parameter. */
	private readonly values: Record<string, string> = {};
	private found?: IDataObject;

	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly run: Run,
		request: Template,
	) {
		this.index = context.getItemIndex();
		this.options = context.getNodeParameter('options', {}) as IDataObject;
		for (const parameter of parametersOf(request)) {
			if (parameter === 'locationId') continue;
			const input = valueOf(context, parameter);
			const error = flawOf(context, input);
			if (error) this.flaw ??= new Failure(error, {}, true);
			this.values[input.name] = input.value as string;
			if (/(Id|^key|Key)$/.test(input.name)) this.ids[input.name] = shown(input.value);
		}
	}

	/** A parameter of the operation, as this item has it. */
	parameter(name: string, otherwise?: unknown): unknown {
		return this.context.getNodeParameter(name, otherwise);
	}

	/**
	 * Gives a value to a place that a request of this item's work has.
	 *
	 * @throws Failure if it can't be sent
	 */
	put(name: string, value: unknown): void {
		const input = { name, value: typeof value === 'string' ? value.trim() : value };
		const error = flawOf(this.context, input);
		if (error) throw new Failure(error, {}, true);
		this.values[name] = input.value as string;
	}

	/** Whether the association is named by its key, which only HighLevel can tell the ID of. */
	get isByKey(): boolean {
		return this.values.associationKey !== undefined;
	}

	/**
	 * The association that the item names, by ID or by key, read once.
	 *
	 * @throws Failure, with `notFound` if there is none
	 */
	async association(): Promise<IDataObject> {
		if (this.found) return this.found;
		const found = await this.answerTo(this.isByKey ? ASSOCIATION_BY_KEY : ASSOCIATION_BY_ID);
		const { id } = found as IDataObject;
		if (typeof id !== 'string' || id === '') {
			throw this.refusal(
				`HighLevel knows no association for the key '${this.values.associationKey}'`,
				'Check the key.',
			);
		}
		this.values.associationId = id;
		this.ids.associationId = id;
		return (this.found = found as IDataObject);
	}

	/**
	 * HighLevel's answer to a request of this item, once it is one of success. An association that is named by key is
	 * looked up before. Items that ask for the same deletion share one.
	 *
	 * @throws Failure when HighLevel refuses or can't be reached, Unsent when the run was stopped before
	 */
	async ask(request: Template): Promise<unknown> {
		if (this.isByKey) await this.association();
		return await this.answerTo(request);
	}

	/** A refusal of our own: HighLevel is not asked for what the item wants. */
	refusal(message: string, description: string): Failure {
		const error = new NodeOperationError(this.run.node, message, {
			itemIndex: this.index,
			description,
		});
		return new Failure(error, {}, true);
	}

	private async answerTo(template: Template): Promise<unknown> {
		const { run, context } = this;
		if (parametersOf(template).includes('locationId'))
			this.values.locationId = await this.locationId();
		const request = fill(template, this.values);
		const isShared = request.method === 'DELETE' || template === ASSOCIATION_BY_KEY;
		const work = async () => await exchange(context, run.connection, request, run);
		const result = await (isShared ? run.once(`${request.method} ${request.url}`, work) : work());
		this.tries = Math.max(this.tries, result.tries);
		if ('body' in result) return result.body;

		const { isOAuth2 } = run.connection;
		const asked = {
			method: request.method ?? 'GET',
			path: request.url,
			itemIndex: this.index,
			isOAuth2,
		};
		const { outcome } = result;
		if (run.dayIsSpent && (!outcome || isTurnedAway(outcome))) {
			throw new Failure(daySpentError(run.node, asked), {}, true);
		}
		if (!outcome) throw new Unsent();
		const error = apiError(run.node, asked, await run.connection.withoutSecrets(outcome));
		const cause = 'status' in outcome ? { status: outcome.status } : { code: outcome.code };
		throw new Failure(error, cause, false, isNotFound(outcome));
	}

	private async locationId(): Promise<string> {
		const locationId =
			String(this.options.locationId ?? '').trim() || (await this.run.connection.locationId());
		if (locationId) return locationId;
		throw this.refusal(
			'Location ID is missing',
			"Nothing was sent for this item. Enter the sub-account's ID in the credential, or as an option of this operation.",
		);
	}
}
