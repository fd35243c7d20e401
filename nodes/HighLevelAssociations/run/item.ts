import {
	NodeOperationError,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IHttpRequestOptions,
} from 'n8n-workflow';

import { readLocationId } from '../../../credentials/fields';
import { isSameKey, normalizeKey } from '../transport/association';
import type { HighLevelRequest } from '../transport/client';
import type { Credential } from '../transport/credential';
import { createApiError, createBlockedError, createDailyLimitError } from '../transport/errors';
import { findNotSentReason } from '../transport/networkErrors';
import {
	holdsNothing,
	isDuplicate,
	isEmpty,
	isLimitTooLarge,
	isNotFound,
	isRateLimited,
	readAssociation,
	type Outcome,
} from '../transport/response';
import {
	isRead,
	requestWithRetry,
	type FailedResult,
	type RequestHistory,
} from '../transport/retry';
import { ItemError, NotSent } from './errors';
import {
	fillTemplate,
	findProblem,
	format,
	listParameters,
	readInput,
	readValue,
	trim,
	type Input,
	type Template,
} from './input';
import { formatName } from './report';
import type { ItemResult } from './result';
import type { Run, Task } from './run';

export const ASSOCIATION_BY_ID: Template = { method: 'GET', url: '/associations/{associationId}' };

export const ASSOCIATION_BY_KEY: Template = {
	method: 'GET',
	url: '/associations/key/{associationKey}',
	qs: { locationId: '{locationId}' },
};

/** Whether the response has a status of success and no body: of an association, that there is none. */
const isWithoutBody = (result: FailedResult): boolean =>
	result.is === 'failure' &&
	'status' in result.outcome &&
	result.outcome.status < 300 &&
	isEmpty(result.outcome.body);

/** A response of success, and whether HighLevel itself said so. */
interface Answer {
	body: unknown;
	/** False for a deletion whose response was lost and that HighLevel then no longer finds. */
	isConfirmed: boolean;
}

/** One input item and its requests. */
export class Item {
	readonly index: number;
	/** The operation's options as the item has them. */
	options: IDataObject = {};
	/** What the item is about, by parameter, e.g. `{ associationId: '6d6f…' }`; for its user to read. */
	readonly ids: Record<string, string> = {};
	/** Highest number of attempts of any of its requests. */
	attempts = 0;
	/** Whether it has changed something at HighLevel. */
	hasChanged = false;

	/** Values of the placeholders of its requests. */
	private readonly values: Record<string, string> = {};
	private requestOptions: Partial<IHttpRequestOptions> = {};
	private found?: IDataObject;

	/** @param labels what the panel calls the parameters */
	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly run: Run,
		private readonly labels: Record<string, string>,
	) {
		this.index = context.getItemIndex();
	}

	/**
	 * Reads and checks the parameters that it needs.
	 *
	 * @param engineOptions what the engine made of the user's Request Options
	 * @throws ItemError if a value can't be sent
	 */
	read(parameters: string[], engineOptions: Partial<IHttpRequestOptions>): void {
		let problem: ItemError | undefined;
		for (const parameter of parameters) {
			if (parameter === 'locationId') continue;
			const input = readInput(this.context, parameter);
			if (/(Id|^key|Key)$/.test(input.name)) this.ids[input.name] = format(input.value);
			problem ??= this.validate(input);
			if (problem) continue;
			const value = input.value as string;
			this.values[input.name] = input.name === 'associationKey' ? normalizeKey(value) : value;
		}
		this.options = this.parameter('options', {}) as IDataObject;
		this.requestOptions = this.readRequestOptions(engineOptions);
		const { rateLimit } = this.options;
		if ('rateLimit' in this.options && !(Number(rateLimit) >= 1)) {
			problem ??= this.rejectField('rateLimit', 'must be a number of 1 or more');
		}
		if (problem) throw problem;
	}

	/**
	 * Checks the token that it is sent with, and the sub-account if it has to be named.
	 *
	 * @throws ItemError if one can't be sent
	 */
	async checkAccess(isLocationNeeded: boolean): Promise<void> {
		const { isAgency } = await this.readCredential();
		const isGiven = 'locationId' in this.options;
		if (isLocationNeeded || isAgency || this.isByKey || isGiven) await this.findLocationId();
	}

	/** What became of the item where an error ended its work. Once it has changed something, it was sent. */
	fail(error: unknown): ItemResult {
		const { index, ids, attempts } = this;
		const known =
			error instanceof ItemError ? error : this.wrap(error as Error, { isNotSent: attempts === 0 });
		if (this.hasChanged) known.failure.isNotSent = false;
		return { is: 'failed', index, ids, attempts, error: known };
	}

	/** A parameter of the operation, as this item has it. */
	parameter(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, fallback as never);
	}

	/**
	 * Sets the value of a placeholder of its requests.
	 *
	 * @throws ItemError if it can't be sent
	 */
	set(name: string, value: unknown): void {
		Object.assign(this.values, this.check({ [name]: value }));
	}

	/**
	 * Values as they can be sent.
	 *
	 * @throws ItemError if one can't be
	 */
	check(values: Record<string, unknown>): Record<string, string> {
		const inputs = Object.entries(values).map(([name, value]) => ({
			name,
			value: trim(readValue(value)),
		}));
		for (const input of inputs) {
			const error = this.validate(input);
			if (error) throw error;
		}
		return Object.fromEntries(inputs.map(({ name, value }) => [name, value as string]));
	}

	/** The value of a placeholder of its requests. */
	value(name: string): string {
		return this.values[name]!;
	}

	/** What work of many requests keeps from one try of the run to the next; made at the first. */
	recall<Memory>(create: () => Memory): Memory {
		return this.run.recall(`item ${this.index}`, create);
	}

	/** What the item is about, for its user to read. */
	get name(): string {
		return formatName(this.ids);
	}

	/** Whether the association is named by its key, so that only HighLevel can tell its ID. */
	get isByKey(): boolean {
		return this.values.associationKey !== undefined;
	}

	/**
	 * The association that the item names, by ID or by key. A run reads each once, unless it is to be read anew.
	 *
	 * @throws ItemError if HighLevel returns another, and with `isNotFound` if there is none
	 */
	async readAssociation({ isAnew = false } = {}): Promise<IDataObject> {
		if (this.found && !isAnew) return this.found;
		const request = this.isByKey ? ASSOCIATION_BY_KEY : ASSOCIATION_BY_ID;
		const { body } = await this.send(request, !isAnew);
		const association = readAssociation(body);
		if (!association && !holdsNothing(body)) throw this.rejectBody('association', body);
		if (!association) throw this.rejectMissing();
		this.checkNamed(association);
		this.values.associationId = this.ids.associationId = String(association.id);
		return (this.found = association);
	}

	/**
	 * Checks that an association is the one that was asked for: by default, the one that the item names.
	 *
	 * @throws ItemError if it is another
	 */
	checkNamed(
		{ id, key, locationId }: IDataObject,
		{ associationKey, associationId }: Record<string, string> = this.values,
	): void {
		const isInLocation = locationId === undefined || locationId === this.values.locationId;
		const isNamed =
			associationKey === undefined
				? id === associationId
				: isInLocation && (key === undefined || isSameKey(key, associationKey));
		if (isNamed) return;
		throw this.rejectResponse(
			`HighLevel returned a different association than ${this.name}: ${String(id)} with the key '${String(key)}'`,
			'Check it in HighLevel, then run this item again.',
		);
	}

	/**
	 * Sends a request of this item and gives the response's body, once it is one of success. An association that is named
	 * by key is looked up first.
	 *
	 * @param values of placeholders, for this request alone
	 * @throws ItemError when HighLevel refuses or can't be reached, NotSent when the run was stopped before
	 */
	async ask(request: Template, values: Record<string, unknown> = {}): Promise<unknown> {
		return (await this.askForAnswer(request, values)).body;
	}

	/** As `ask`, but gives the whole answer. Items that ask for the same deletion share one request. */
	async askForAnswer(request: Template, values: Record<string, unknown> = {}): Promise<Answer> {
		const isIdMissing = this.isByKey && values.associationId === undefined;
		if (isIdMissing && listParameters(request).includes('associationId')) {
			await this.readAssociation();
		}
		return await this.send(request, request.method === 'DELETE', this.check(values));
	}

	/**
	 * Works on the item's association, or on a part of it, when no other item of the run does.
	 *
	 * @param work gets what the one before gave, if it was of the same token and has not failed, and whether it is the first
	 * @param part what of the association it is about, such as two records
	 */
	async inTurn<Value>(work: Task<Value>, ...part: string[]): Promise<Value> {
		if (this.isByKey) await this.readAssociation();
		const { requestKey } = await this.credential();
		const key = JSON.stringify([this.values.associationId, ...part]);
		const { value } = await this.run.takeTurn<{ requestKey: string; value: Value }>(
			key,
			async (latest, isFirst) => {
				const known = latest?.requestKey === requestKey ? latest.value : undefined;
				return { requestKey, value: await work(known, isFirst) };
			},
		);
		return value;
	}

	/** Takes note that the operation has changed something at HighLevel. */
	addChange(id: string, isConfirmed = true): void {
		this.run.addChange({ id, isConfirmed }, this.index);
		this.hasChanged = true;
	}

	/** Tells whoever looks on how far long work has come. */
	inform(message: string): void {
		this.run.inform(message);
	}

	/** The error of an item for which HighLevel is not asked. */
	reject(message: string, description: string): ItemError {
		return this.wrap(message, { isNotSent: true }, description);
	}

	/** The same, about a field of the panel. */
	rejectField(parameter: string, problem: string, nextStep = 'Correct it'): ItemError {
		return this.reject(
			`'${this.labels[parameter] ?? parameter}' ${problem}`,
			`${nextStep}. Nothing was sent for this item.`,
		);
	}

	/** The error of an item for which HighLevel was asked, and whose responses are not what it needs. */
	rejectResponse(
		message: string,
		description: string,
		failure: ItemError['failure'] = {},
	): ItemError {
		return this.wrap(message, failure, description);
	}

	/** The error of an item whose response, though one of success, does not contain what was asked for. */
	rejectBody(what: string, body: unknown): ItemError {
		return this.rejectResponse(
			`HighLevel returned no ${what}`,
			`Run this item again later. Response: ${format(body)}`,
		);
	}

	private wrap(
		cause: Error | string,
		failure: ItemError['failure'],
		description?: string,
	): ItemError {
		const { node } = this.run;
		const error = new NodeOperationError(node, cause, { itemIndex: this.index, description });
		return new ItemError(error, failure);
	}

	private validate(input: Input): ItemError | undefined {
		const problem = findProblem(input);
		if (problem === undefined) return undefined;
		const label = this.labels[input.name.replace('associationKey', 'associationId')] ?? input.name;
		const example = input.name.endsWith('Id') ? ', e.g. 6d6f6e676f5f6576656e7473' : '';
		return this.reject(
			`'${label}' ${problem}`,
			`Enter '${label}'${example}, or an expression that returns it for every item. Nothing was sent for this item.`,
		);
	}

	private rejectMissing({ associationKey, associationId } = this.values): ItemError {
		const isByKey = associationKey !== undefined;
		const named = isByKey ? `with the key '${associationKey}'` : `with the ID '${associationId}'`;
		return this.rejectResponse(
			`HighLevel found no association ${named}`,
			`Check the ${isByKey ? 'key' : 'ID'} and the sub-account.`,
			{ isNotFound: isByKey },
		);
	}

	private async send(
		template: Template,
		isShared: boolean,
		own: Record<string, string> = {},
	): Promise<Answer> {
		const { run } = this;
		if (listParameters(template).includes('locationId')) {
			this.values.locationId = await this.findLocationId();
		}
		const credential = await this.credential();
		const values = { ...this.values, ...own };
		const request = { ...fillTemplate(template, values), options: this.requestOptions };
		const { method, url, qs, body } = request;
		const owner = isShared ? '' : this.index;
		const key = JSON.stringify([credential.requestKey, owner, method, url, qs, body]);
		const cap = Number(this.options.rateLimit ?? Infinity);
		const history = isRead(request)
			? undefined
			: run.recall<RequestHistory>(key, () => ({ mayHaveSucceeded: false }));
		const attempt = async () =>
			await requestWithRetry(run.createSender(this.context, credential, cap), request, history);
		const result = await (isShared ? run.share(key, attempt) : attempt()).catch((error: Error) => {
			if (!history?.mayHaveSucceeded) throw error;
			throw this.wrap(error, { mayHaveSucceeded: true });
		});
		this.attempts = Math.max(this.attempts, result.attempts);
		if (result.is === 'success') return result;
		const isOfAssociation = [ASSOCIATION_BY_ID, ASSOCIATION_BY_KEY].includes(template);
		if (isOfAssociation && isWithoutBody(result)) throw this.rejectMissing(values);
		throw this.createError(result, request, cap);
	}

	private createError(
		result: FailedResult,
		{ method, url }: HighLevelRequest,
		cap: number,
	): ItemError | NotSent {
		const { run } = this;
		const { credential } = result;
		const { isOAuth2 } = credential;
		const asked = { method, path: url, itemIndex: this.index, isOAuth2 };
		const { dailyLimit } = run.findChannel(credential, cap);
		const isLimited =
			result.is === 'notSent' || (isRateLimited(result.outcome) && !result.mayHaveSucceeded);
		if (dailyLimit && isLimited) {
			const error = createDailyLimitError(run.node, asked, dailyLimit.reset);
			return new ItemError(error, { isNotSent: true });
		}
		if (result.is === 'notSent') {
			if (result.blockedUntil === undefined) return new NotSent();
			const error = createBlockedError(run.node, asked, result.blockedUntil, result.outcome);
			return new ItemError(error, { isNotSent: true });
		}
		const { outcome, mayHaveSucceeded } = result;
		return new ItemError(createApiError(run.node, { ...asked, mayHaveSucceeded }, outcome), {
			details: readDetails(outcome),
			isNotFound: isNotFound(outcome),
			isNotSent:
				!mayHaveSucceeded && 'code' in outcome && findNotSentReason(outcome.code) !== undefined,
			isDuplicate: isDuplicate(outcome),
			isLimitTooLarge: isLimitTooLarge(outcome),
			mayHaveSucceeded,
		});
	}

	/** The credential of the item's requests: of an agency, that of the item's sub-account. */
	private async credential(): Promise<Credential> {
		const { context, run } = this;
		const credential = await this.readCredential();
		if (!credential.isAgency) return credential;
		const signIn = await run.signInToLocation(context, credential, await this.findLocationId());
		if ('credential' in signIn) return signIn.credential;
		const { failure, request } = signIn;
		const error = this.createError(failure, request, Infinity);
		if (error instanceof NotSent) throw error;
		throw new ItemError(error.error, { details: error.failure.details, isNotSent: true });
	}

	private async readCredential(): Promise<Credential> {
		const credential = await this.run.credentials.of(this.context);
		const problem = credential.tokenProblem;
		if (problem === undefined) return credential;
		throw this.reject(
			`The token in the credential ${problem}`,
			'Copy the token from HighLevel into the credential again. Nothing was sent for this item.',
		);
	}

	/**
	 * The sub-account that the item is about. An option whose expression finds none does not mean the credential's.
	 *
	 * @throws ItemError if none is entered
	 */
	async findLocationId(): Promise<string> {
		if ('locationId' in this.options) {
			const given = this.options.locationId;
			const locationId = typeof given === 'string' ? readLocationId(given) : given;
			return this.check({ locationId }).locationId!;
		}
		const { locationId, isAgency } = await this.readCredential();
		if (locationId) return locationId;
		const reason = isAgency
			? 'The credential is signed in as an agency, which has many sub-accounts. '
			: '';
		throw this.reject(
			"'Location ID' is missing",
			`${reason}Enter the sub-account's 'Location ID' in the credential, or add the option 'Location ID'. Nothing was sent for this item.`,
		);
	}

	/** The engine makes a user's empty timeout 300,000 ms; it is left out here, as the transport has its own. */
	private readRequestOptions(
		engineOptions: Partial<IHttpRequestOptions>,
	): Partial<IHttpRequestOptions> {
		const { proxy, skipSslCertificateValidation, allowedDomains, timeout } = engineOptions;
		const isSet =
			timeout !== ENGINE_TIMEOUT || Number(this.parameter('requestOptions.timeout', 0)) > 0;
		return { proxy, skipSslCertificateValidation, allowedDomains, ...(isSet && { timeout }) };
	}
}

/** What else is known of a failed request; HighLevel's support asks for the `traceId`. */
function readDetails(outcome: Outcome): IDataObject {
	if ('code' in outcome) return { code: outcome.code };
	const { traceId } = (outcome.body ?? {}) as { traceId?: unknown };
	return { status: outcome.status, ...(typeof traceId === 'string' && { traceId }) };
}

const ENGINE_TIMEOUT = 300_000;
