import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { IDataObject } from 'n8n-workflow';

import type { Association, Relation } from '../../simulator/state';
import type { Observation } from './observe';
import {
	ASSOCIATIONS,
	LOCATIONS,
	expectedKeyOf,
	FAULTS,
	fieldsOf,
	IDS,
	isSlow,
	KEYS,
	locationFor,
	locationOf,
	OWN_KEY,
	pick,
	RECORDS,
	RELATIONS,
	type Meaning,
	type Scenario,
	type ScenarioItem,
	type TokenName,
} from './scenario';

/**
 * What the node says of an item: done, done though HighLevel did not say so (unconfirmed), not needed (absent, existed,
 * dry), failed, failed though it may have been done (unknown), or not sent. `silent`: an error that names others.
 */
type Claim =
	| 'done'
	| 'unconfirmed'
	| 'absent'
	| 'existed'
	| 'dry'
	| 'failed'
	| 'unknown'
	| 'notSent'
	| 'silent';
const FAILURES = ['failed', 'unknown', 'notSent'] as const;

type Request = Observation['requests'][number];
type Seen = Meaning | 'success' | 'notFound' | 'duplicate';

/** A request that an item may send, and values of its query or body. */
interface Wanted {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	path: string;
	values?: Record<string, string | undefined>;
}

/** What an item may send. */
interface Intent {
	index: number;
	item: ScenarioItem;
	/** The node's fields as they are sent. */
	fields: Record<string, string>;
	token: TokenName;
	/** Whether it can be sent. */
	isValid: boolean;
	/** Whether that is seen before anything is sent. */
	hasFlaw: boolean;
	/** The request that changes something, if it may send one. */
	change?: Wanted;
	reads: Wanted[];
	/** How an error may name it. */
	names: string[];
	/** The ID of the association or relation that it is about, if it exists. */
	id?: string;
	claims: Set<Claim>;
	json?: IDataObject;
}

const CHANGES: Partial<Record<Scenario['operation'], 'deleted' | 'created' | 'updated'>> = {
	delete: 'deleted',
	relationDelete: 'deleted',
	create: 'created',
	relationCreate: 'created',
	update: 'updated',
};

/**
 * Compares what the node says of a run with what happened.
 *
 * @throws AssertionError if a part of it is false
 */
export function judge(scenario: Scenario, seen: Observation): void {
	const { operation, cancelAfter } = scenario;
	const { error, requests } = seen;
	const items = scenario.executeOnce ? scenario.items.slice(0, 1) : scenario.items;
	const verb = CHANGES[operation];
	const intents = items.map((item, index) => readIntent(scenario, item, index));
	const stops = scenario.onError === 'stopWorkflow';

	for (const request of requests) {
		const isIntended = intents.some((intent) => intent.isValid && mayHaveSent(intent, request));
		assert(isIntended, `nobody asked for ${describe(request)}`);
	}
	if (stops && intents.some(({ hasFlaw }) => hasFlaw)) {
		assert(requests.length === 0, 'sent in spite of a value that can not be sent');
	}

	const lines = seen.log
		.filter((line) => verb && line.startsWith(`${verb} `))
		.map((line) => line.slice(verb!.length + 1).split(' (') as [string, string?]);
	const logged = lines.map(([name]) => name);
	assert(new Set(logged).size === logged.length, `logged twice: ${logged.join()}`);
	const changes = findChanges(scenario, seen);

	if (cancelAfter !== undefined && (error ? !error.context?.failed : !seen.outputs.length)) {
		const text = seen.log.find((line) => line.startsWith('was stopped.')) ?? '';
		const isDoubted = (name: string) => /may have been/.test(text) && text.includes(name);
		for (const names of changes) {
			assert(
				names.some((name) => logged.includes(name) || isDoubted(name)),
				`${names.join('/')} was ${verb}, and the log does not say so: ${text}`,
			);
		}
		return;
	}

	const lists = (error?.context ?? {}) as Record<string, string[]>;
	readClaims(scenario, seen, intents, lists);
	const isChanged = ({ claims }: Intent) => claims.has('done') || claims.has('unconfirmed');
	const named = error
		? (lists[verb!] ?? [])
		: intents.filter(isChanged).map(({ json }) => nameOf(json!));
	if (verb) {
		assert(
			sorted(new Set(logged)) === sorted(new Set(named)),
			`log: ${sorted(logged)}, account: ${sorted(named)}`,
		);
	}
	if (error) {
		const doubted = lines.filter(([, doubt]) => doubt).map(([name]) => name);
		const unconfirmed = lists.unconfirmed ?? [];
		assert(
			sorted(doubted) === sorted(unconfirmed),
			`not confirmed in the log: ${sorted(doubted)}, in the account: ${sorted(unconfirmed)}`,
		);
	}
	if (stops && error) {
		judgeCounts(scenario, seen, intents, lists);
		// A later try may know a failure from an earlier one, and no response tells when.
		// Nor can the records that items read be told apart.
		const isTold = scenario.tries === 1 && !scenario.options.includes('ifRelated');
		if (isTold) judgeStop(seen, intents);
	}
	if (scenario.tries === 1) judgeDay(scenario, seen);
	if (!verb) return judgeReads(scenario, seen, intents);

	const groups = new Map<string, Intent[]>();
	for (const intent of intents) {
		const { change, isValid, token } = intent;
		if (!change || !isValid) continue;
		const { method, path, values } = change;
		const group = JSON.stringify([token, method, path, method === 'POST' && values]);
		groups.set(group, [...(groups.get(group) ?? []), intent]);
	}
	for (const [group, members] of groups) judgeGroup(scenario, seen, group, members, named);

	for (const names of changes) {
		const isClaimed = (intent: Intent) =>
			(intent.claims.has('unknown') && intent.names.some((name) => names.includes(name))) ||
			(isChanged(intent) && intent.json && names.includes(nameOf(intent.json)));
		assert(
			intents.some(isClaimed) || names.some((name) => named.includes(name)),
			`${names.join('/')} was ${verb} and is not named`,
		);
	}
	if (verb === 'created' && !isSlow(scenario)) {
		for (const { claims, json } of intents) {
			if (!claims.has('done') || !json?.id) continue;
			assert(
				changes.some((names) => names.includes(String(json.id))),
				`${json.id} is said to be created and was not`,
			);
		}
	}
	if (operation === 'update') judgeLabels(scenario, seen, intents);
}

/** Whether a made-up response may show a token the associations of another sub-account. */
const isMisled = ({ faults }: Scenario) => faults.some(({ fault }) => /^(another|all)/.test(fault));

const sorted = (names: Iterable<string>) => [...names].sort().join();
const describe = ({ method, path, token, status, fault }: Request) =>
	`${method} ${path} (${token}, ${status}${fault ? `, ${fault.kind} ${fault.stage}` : ''})`;

/** What one is called that was changed: by its ID, or by its key where HighLevel did not give an ID. */
const nameOf = (json: IDataObject): string =>
	String(
		json.id ?? json.key ?? [json.associationId, json.firstRecordId, json.secondRecordId].join('/'),
	);

const mayHaveSent = ({ token, change, reads }: Intent, request: Request) =>
	token === request.token && [change, ...reads].some((wanted) => isFor(request, wanted));

function isFor(request: Request, wanted: Wanted | undefined): boolean {
	const { method, body } = request;
	// A list has its page in the query besides.
	const [path, query] = method === 'GET' ? request.path.split('?') : [request.path];
	const sent = { ...Object.fromEntries(new URLSearchParams(query)), ...(body as object) };
	return (
		method === wanted?.method &&
		path === wanted.path &&
		Object.entries(wanted.values ?? {}).every(
			([name, value]) => (sent as Record<string, unknown>)[name] === String(value),
		)
	);
}

function readIntent(scenario: Scenario, item: ScenarioItem, index: number): Intent {
	const { operation, byKey, byRecords, options } = scenario;
	const { token } = item;
	const fields = Object.fromEntries(
		Object.entries(fieldsOf(scenario, item, index)).map(([name, value]) => [
			name,
			typeof value === 'string' ? value.trim() : JSON.stringify(value),
		]),
	);
	const locationId = locationFor(scenario, item);
	const has = (option: Scenario['options'][number]) => options.includes(option);
	const isValid =
		(item.flaw === undefined || operation === 'getMany') &&
		(!has('rateLimit') || Number(item.rateLimit) >= 1);
	const key = String(fields.association ?? fields.key);
	const isReadable = locationId === locationOf(token) || isMisled(scenario);
	const found = ASSOCIATIONS.find((one) =>
		byKey
			? one.key === key && one.locationId === locationId && isReadable
			: one.id === fields.association,
	);
	const id = byKey ? found?.id : fields.association;

	const get = (path: string, values?: Wanted['values']): Wanted => ({
		method: 'GET',
		path: `/associations/${path}`,
		values,
	});
	const readAssociation = byKey ? get(`key/${key}`, { locationId }) : get(String(id));
	const base = {
		index,
		item,
		fields,
		token,
		isValid: isValid && token !== 'flawed' && token !== 'unreachable',
		hasFlaw: !isValid,
		claims: new Set<Claim>(),
		id,
		names: byKey ? [key, `${key}/${id}`] : [String(id)],
	};
	const { firstRecordId = '', secondRecordId = '' } = fields;
	const isNamed = !byKey || found !== undefined;

	switch (operation) {
		case 'delete': {
			const isDry = has('dryRun') && item.dryRun !== false;
			const isRefusing = has('ifRelated') && item.ifRelated !== 'delete';
			// Then its relations are gone too, perhaps before this item reads them.
			const isDeletedByAnother = scenario.items.some(
				(other) =>
					other.ifRelated === 'delete' &&
					pick(byKey ? KEYS : IDS, other.target) === fields.association,
			);
			const isRead = isDry || has('expectedKey') || byKey || isRefusing;
			const expected = expectedKeyOf(scenario, item);
			const isGuarded =
				(has('expectedKey') && (expected === '' || expected !== found?.key)) ||
				(isRead && (!found || found.associationType === 'SYSTEM_DEFINED')) ||
				(isRead && found?.key === OWN_KEY && !has('expectedKey')) ||
				(isRefusing && !isDeletedByAnother && isRelated(scenario, id, locationId));
			const records = Object.values(RECORDS).flat();
			const readRelations: Wanted[] = [
				...['/contacts/search', '/objects/custom_objects.pets/records/search'].map((path) => ({
					...{ method: 'POST' as const, path, values: { locationId } },
				})),
				...records.map((one) => get(`relations/${one}`, { locationId, associationIds: id })),
			];
			return {
				...base,
				reads: isRead ? [readAssociation, ...(isRefusing ? readRelations : [])] : [],
				change: isDry || isGuarded ? undefined : { method: 'DELETE', path: `/associations/${id}` },
			};
		}
		case 'relationDelete': {
			const pair = [firstRecordId, secondRecordId];
			const relation = RELATIONS.find(
				(one) =>
					one.associationId === id &&
					ASSOCIATIONS.find((association) => association.id === id)!.locationId === locationId &&
					sorted([one.firstRecordId!, one.secondRecordId!]) === sorted(pair),
			);
			const relationId = byRecords ? relation?.id : fields.relationId;
			const list = get(`relations/${firstRecordId}`, { locationId, associationIds: id });
			return {
				...base,
				id: relationId,
				names: byRecords
					? nameRelation([byKey ? key : id, ...pair], byKey && id, relationId)
					: [relationId!],
				reads: byRecords ? [...(byKey ? [readAssociation] : []), list] : [],
				change:
					relationId === undefined
						? undefined
						: {
								method: 'DELETE',
								path: `/associations/relations/${relationId}?locationId=${locationId}`,
							},
			};
		}
		case 'create':
			return {
				...base,
				id: undefined,
				names: [key],
				reads: [get(`key/${key.toLowerCase()}`, { locationId })],
				change: { method: 'POST', path: '/associations/', values: { key, locationId } },
			};
		case 'update': {
			const values = Object.fromEntries(
				Object.entries(fields).filter(([name, value]) => name.endsWith('Label') && value !== ''),
			);
			return {
				...base,
				reads: [readAssociation],
				change: isNamed ? { method: 'PUT', path: `/associations/${id}`, values } : undefined,
			};
		}
		case 'relationCreate': {
			const name = [byKey ? key : id, firstRecordId, secondRecordId].join('/');
			const values = { locationId, associationId: id, firstRecordId, secondRecordId };
			return {
				...base,
				names: byKey ? [name, `${name}/${id}`] : [name],
				reads: [
					...(byKey || has('firstObjectKey') ? [readAssociation] : []),
					get(`relations/${firstRecordId}`, { locationId }),
				],
				change: isNamed ? { method: 'POST', path: '/associations/relations', values } : undefined,
			};
		}
		case 'get':
			return { ...base, reads: [readAssociation] };
		case 'getMany':
			return { ...base, names: [], reads: [get('', { locationId })] };
		case 'relationGetMany': {
			const { recordId } = fields;
			return {
				...base,
				names: [recordId!],
				reads: [get(`relations/${recordId}`, { locationId })],
			};
		}
	}
}

/** What a relation that is named by its records may be called: the more the node has learned, the more. */
const nameRelation = (ids: unknown[], associationId: unknown, relationId: unknown): string[] =>
	[[], [associationId], [relationId], [associationId, relationId]].map((learned) =>
		[...ids, ...learned.filter(Boolean)].join('/'),
	);

/** Whether the relations of an association can be seen in a location; a response may make believe that there are none. */
function isRelated({ faults }: Scenario, id: string | undefined, location: string): boolean {
	const isHidden = faults.some(({ fault }) => fault === 'list');
	return (
		location === LOCATIONS.one &&
		!isHidden &&
		ASSOCIATIONS.find((one) => one.id === id)?.locationId === location &&
		RELATIONS.some(({ associationId }) => associationId === id)
	);
}

/** What a response told whoever asked. */
function seenAs(scenario: Scenario, request: Request): Seen {
	const { fault, status, method } = request;
	if (fault) {
		// There is nothing of it that could be cut off or dribble.
		if (status === 204) return 'success';
		const { means } = FAULTS[scenario.faults[fault.rule]!.fault];
		// What is left of a refusal that is cut off is one all the same.
		return fault.kind === 'cut' && status !== null && status >= 400 ? 'refused' : means;
	}
	if (status === null) return 'lost';
	if (status === 429) return 'limited';
	if (status < 300) {
		const isDeletion = method === 'DELETE' && scenario.operation === 'delete';
		return isDeletion && scenario.deletion === 'unclear' ? 'unclear' : 'success';
	}
	if (status === 404) return 'notFound';
	return status === 400 && method === 'POST' ? 'duplicate' : 'refused';
}

/** What is another at HighLevel than before: what each may be called by. */
function findChanges({ operation }: Scenario, { before, after }: Observation): string[][] {
	const [from, other] = CHANGES[operation] === 'deleted' ? [before, after] : [after, before];
	const listMissing = <Thing>(things: Thing[], others: Thing[]) =>
		things.filter((thing) => !others.some((one) => isDeepStrictEqual(one, thing)));
	const nameAssociation = ({ id, key }: Association) => [
		...[id, `${key}/${id}`],
		// A key alone does not tell one sub-account's association from another's.
		...(operation === 'create' ? [key, key.replace('new_b', 'New_B')] : []),
	];
	const nameOfRecords = ({ id, associationId, firstRecordId, secondRecordId }: Relation) => {
		const key = ASSOCIATIONS.find((association) => association.id === associationId)?.key;
		const pairs = [
			[firstRecordId, secondRecordId],
			[secondRecordId, firstRecordId],
		];
		return [
			id,
			...pairs.flatMap((pair) => nameRelation([associationId, ...pair], false, id)),
			...pairs.flatMap((pair) => nameRelation([key, ...pair], associationId, id)),
		];
	};
	return operation.startsWith('relation')
		? listMissing(from.relations, other.relations).map(nameOfRecords)
		: listMissing(from.associations, other.associations).map(nameAssociation);
}

/** Notes for each item what the node says of it. */
function readClaims(
	scenario: Scenario,
	{ error, output, errorOutput, outputs }: Observation,
	intents: Intent[],
	lists: Record<string, string[]>,
): void {
	if (error) {
		assert('failed' in lists, `an error without an account: ${error.message}`);
		for (const { names, claims } of intents) {
			for (const claim of FAILURES) {
				if (names.some((name) => lists[claim]?.includes(name))) claims.add(claim);
			}
			const isAmbiguous =
				intents.filter((other) => other.names.some((name) => names.includes(name))).length > 1;
			if (claims.size === 0 || isAmbiguous) claims.add('silent');
		}
		return;
	}
	const indexOf = ({ pairedItem }: (typeof outputs)[number]) =>
		(pairedItem as { item: number } | undefined)?.item ?? -1;
	const isList = scenario.operation.endsWith('etMany');
	for (const one of outputs) {
		const intent = intents[indexOf(one)];
		assert(intent, `an output of no item: ${JSON.stringify(one.json)}`);
		const claim = readClaim(one.json);
		assert(isList || intent.claims.size === 0, `two outputs of item ${intent.index}`);
		intent.claims.add(claim);
		intent.json = one.json;
		const isError = FAILURES.some((failure) => failure === claim);
		if (scenario.onError === 'continueErrorOutput') {
			assert(errorOutput.includes(one) === isError, `item ${intent.index} is on the wrong output`);
		}
	}
	for (const list of [output, errorOutput]) {
		const indexes = list.map(indexOf);
		const isOrdered = indexes.every((index, at) => at === 0 || index >= indexes[at - 1]!);
		assert(isOrdered, `out of order: ${indexes.join()}`);
	}
	for (const { index, claims } of intents) {
		assert(isList || claims.size > 0, `no output of item ${index}`);
	}
}

function readClaim(json: IDataObject): Claim {
	const { error, details, deleted, confirmed, dryRun, existed } = json;
	if (typeof error === 'string') {
		const text = `${error} ${(details as IDataObject | undefined)?.description as string}`;
		if (/may already have processed|may have been/.test(text)) return 'unknown';
		return /Not sent|request was not sent|Nothing was sent/.test(text) ? 'notSent' : 'failed';
	}
	if (dryRun) return 'dry';
	if (existed) return 'existed';
	if (deleted === false) return 'absent';
	return confirmed === false ? 'unconfirmed' : 'done';
}

/** Compares the numbers in the text of an error with its lists, and with one another. */
function judgeCounts(
	{ operation }: Scenario,
	{ error }: Observation,
	intents: Intent[],
	lists: Record<string, string[]>,
): void {
	const verb = CHANGES[operation];
	const text = error!.description ?? '';
	const count = (words: string) => Number(new RegExp(`(\\d+) ${words}`).exec(text)?.[1] ?? 0);
	if (verb) {
		const changed = lists[verb]!.length;
		assert(count(`${verb}:`) === changed, `the text counts others: ${text}`);
		const isNothing = text.includes(`Nothing was ${verb}.`);
		assert(
			isNothing === (changed === 0 && lists.unknown!.length === 0),
			`nothing was ${verb}? ${text}`,
		);
	}
	if (intents.length === 1 || operation === 'getMany') return;
	const numbers = {
		failed: count('failed'),
		unknown: count('may have been'),
		notSent: count('not sent\\.'),
	};
	const total = numbers.failed + numbers.unknown + numbers.notSent;
	assert(total <= intents.length, `counts ${total} of ${intents.length} items: ${text}`);
	const isClear =
		intents.every(({ claims, item }) => claims.size === 1 && item.flaw === undefined) &&
		new Set(intents.map(({ names }) => names[0])).size === intents.length;
	for (const claim of FAILURES) {
		const listed = intents.filter(({ claims }) => claims.has(claim));
		const isCertain = listed.some(({ claims }) => claims.size === 1);
		const [least, most] = [
			isClear ? listed.length : Number(isCertain),
			isClear || claim !== 'notSent' ? listed.length : intents.length,
		];
		assert(
			least <= numbers[claim] && numbers[claim] <= most,
			`${claim}: ${numbers[claim]} in the text, ${least} to ${most} in the lists: ${text}`,
		);
	}
}

/** Nothing is sent after the failure that has stopped the run was known. */
function judgeStop({ error, sent, requests }: Observation, intents: Intent[]): void {
	const stopper = intents[Number(error!.context?.itemIndex)];
	if (!stopper) return;
	const last = requests.filter((request) => mayHaveSent(stopper, request)).at(-1);
	// Then it is another item's response that has stopped this one before it was sent.
	if (/^Not sent/.test(error!.message) && last?.status !== 429) return;
	const alike = findSent(sent, last);
	// Requests to the same path can't be told apart here.
	if (alike.length === 1) judgeLater(sent, alike[0]!.settledAt, 'the failure');
}

/** Nothing is sent under a token after the last request of its day. */
function judgeDay({ items, faults }: Scenario, { sent, requests }: Observation): void {
	const isLast = ({ fault }: Request) => fault && faults[fault.rule]!.fault === 'dayIsOver';
	const last = requests.find(isLast);
	// The requests of several tokens, or to one path at once, can't be told apart here.
	const isOne = items.every(({ token }) => token === items[0]!.token);
	const isFirst = last && requests.find(({ path }) => path === last.path) === last;
	if (!isOne || !isFirst || last.method === 'POST') return;
	judgeLater(sent, findSent(sent, last)[0]?.settledAt, 'the end of the day');
}

const findSent = (sent: Observation['sent'], request: Request | undefined) =>
	sent.filter(({ method, path }) => method === request?.method && path === request.path);

/** Nothing is sent after a response was known. */
function judgeLater(sent: Observation['sent'], settledAt: number | undefined, what: string): void {
	if (settledAt === undefined) return;
	const isAnotherKnown = sent.some((one) => one.settledAt && one.settledAt < settledAt);
	const later = sent.filter(({ startedAt }) => startedAt > settledAt);
	const paths = later.map(({ method, path }) => `${method} ${path}`).join();
	// Another response just before may have let two more go.
	assert(later.length <= (isAnotherKnown ? 2 : 0), `sent after ${what} was known: ${paths}`);
}

/** The items that ask for the same change under the same token: what HighLevel answered, and what is said of them. */
function judgeGroup(
	scenario: Scenario,
	{ requests, error }: Observation,
	group: string,
	members: Intent[],
	named: string[],
): void {
	const { token, id } = members[0]!;
	const own = requests.filter(
		(request) => request.token === token && members.some(({ change }) => isFor(request, change)),
	);
	const answers = own.map((request) => seenAs(scenario, request));
	const has = (...seen: Seen[]) => answers.some((answer) => seen.includes(answer));
	const claims = new Set(members.flatMap((member) => [...member.claims]));
	const is = (...some: Claim[]) => some.some((claim) => claims.has(claim));
	const isAlone = members.length === 1 && claims.size === 1;
	const mayTimeOut = isSlow(scenario);
	const where = `${group} [${answers.join()}] is ${[...claims].join()}`;
	const isDeletion = CHANGES[scenario.operation] === 'deleted';

	// Not sent again once it has succeeded: a deletion once for all, anything else once for each item.
	const allowed = isDeletion ? 1 : members.length;
	let succeeded = 0;
	for (const answer of answers) {
		assert(mayTimeOut || succeeded < allowed, `${where}: sent again after it had succeeded`);
		if (answer === 'success') succeeded += 1;
	}

	if (scenario.tries === 1) {
		const refusals = answers.filter((answer) => answer === 'refused').length;
		assert(refusals <= members.length, `${where}: sent again after it was refused`);
	}

	if (has('success') && !mayTimeOut) {
		assert(is('done', 'silent'), `${where}: a success that no item has`);
		if (error && isDeletion) assert(named.includes(id!), `${where}: a success that is not named`);
	}
	if (is('done')) assert(has('success'), `${where}: done without a success`);
	if (is('unconfirmed')) {
		const first = answers.findIndex((answer) => answer === 'lost' || answer === 'unclear');
		const later = answers.slice(first + 1);
		const isSaid = later.includes('notFound') || later.includes('duplicate');
		assert((first >= 0 && isSaid) || mayTimeOut, `${where}: unconfirmed without a lost response`);
	}
	const isNothingDone = [...claims].every((claim) => claim === 'failed' || claim === 'notSent');
	if (isNothingDone && claims.size > 0) {
		assert(!has('lost', 'success'), `${where}: it may have been done`);
	}
	if (is('notSent') && isAlone) {
		assert(
			answers.every((answer) => answer === 'limited' || answer === 'busy'),
			`${where}: it was sent`,
		);
	}
	if (is('unknown') && isAlone) {
		assert(has('lost', 'unclear') || mayTimeOut, `${where}: unknown without a lost response`);
		assert(mayTimeOut || !has('success'), `${where}: unknown in spite of a success`);
	}
	if (is('absent', 'existed')) {
		const isWanted = ({ item, claims: said }: Intent) =>
			item.succeeds || !(said.has('absent') || said.has('existed'));
		assert(members.every(isWanted), `${where}: succeeds without the option`);
		if (isAlone) assert(!has('lost', 'success'), `${where}: it may have been done`);
	}
	if (is('absent') && isAlone && own.length > 0) {
		assert(has('notFound'), `${where}: absent without HighLevel saying so`);
	}
}

/** What is read belongs to the item's own sub-account, and is what it asked for. */
function judgeReads(scenario: Scenario, { before, error }: Observation, intents: Intent[]): void {
	if (error) return;
	for (const { index, json, claims, token, id } of intents) {
		if (!json || !claims.has('done')) continue;
		let { locationId } = json;
		if (scenario.operation === 'get') {
			assert(json.id === id, `item ${index} asked for ${id} and got ${json.id}`);
			if (isMisled(scenario)) continue;
			locationId = before.associations.find((one) => one.id === id)?.locationId;
		}
		assert(locationId === locationOf(token), `item ${index} got one of ${locationId}`);
	}
}

/** Labels are those that an item that succeeded gave, as long as no other changed them after it. */
function judgeLabels(
	scenario: Scenario,
	{ before, after, error }: Observation,
	intents: Intent[],
): void {
	if (error || isSlow(scenario)) return;
	for (const association of after.associations) {
		const old = before.associations.find(({ id }) => id === association.id)!;
		const own = intents.filter(({ id, change }) => change && id === association.id);
		for (const name of ['firstObjectLabel', 'secondObjectLabel'] as const) {
			const giving = own.filter(({ fields }) => fields[name] !== '');
			const given = giving.map(({ fields }) => fields[name]);
			const isUpdated = giving.some(({ claims }) => claims.has('done'));
			assert(
				(isUpdated ? given : [...given, old[name]]).includes(association[name]),
				`${association.id}: ${name} is '${association[name]}', updated: ${isUpdated}`,
			);
		}
	}
}
