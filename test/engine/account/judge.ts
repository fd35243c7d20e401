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

type Request = Observation['requests'][number];
type Seen = Meaning | 'success' | 'notFound' | 'duplicate';

/** What an item may send. */
interface Intent {
	index: number;
	item: ScenarioItem;
	token: TokenName;
	/** Whether it can be sent. */
	isValid: boolean;
	/** Whether that is seen before anything is sent. */
	hasFlaw: boolean;
	/** The request that changes something, if it may send one. */
	change?: (request: Request) => boolean;
	/** Items of the same one ask for the same change. */
	group: string;
	reads: (request: Request) => boolean;
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

/** What is false in what the node says of a run; nothing if it is true. */
export function judge(scenario: Scenario, seen: Observation): string[] {
	const wrongs: string[] = [];
	const demand = (isTrue: boolean, wrong: string) => {
		if (!isTrue) wrongs.push(wrong);
	};
	const { operation, onError, cancelAfter } = scenario;
	const items = scenario.executeOnce ? scenario.items.slice(0, 1) : scenario.items;
	const verb = CHANGES[operation];
	const intents = items.map((item, index) => readIntent(scenario, item, index));
	const stops = onError === 'stopWorkflow';
	const { error, requests } = seen;

	for (const request of requests) {
		const isIntended = intents.some(
			(intent) =>
				intent.token === request.token &&
				intent.isValid &&
				(intent.change?.(request) || intent.reads(request)),
		);
		demand(isIntended, `nobody asked for ${describe(request)}`);
	}
	if (stops && intents.some(({ hasFlaw }) => hasFlaw)) {
		demand(requests.length === 0, 'sent in spite of a value that can not be sent');
	}

	const lines = seen.log
		.filter((line) => verb && line.startsWith(`${verb} `))
		.map((line) => line.slice(verb!.length + 1).split(' (') as [string, string?]);
	const logged = lines.map(([name]) => name);
	const doubted = lines.filter(([, doubt]) => doubt).map(([name]) => name);
	demand(new Set(logged).size === logged.length, `logged twice: ${logged.join()}`);
	const changes = findChanges(scenario, seen);

	if (cancelAfter !== undefined && (error ? !error.context?.failed : !seen.outputs.length)) {
		const text = seen.log.find((line) => line.startsWith('was stopped.')) ?? '';
		for (const change of changes) {
			const isNamed =
				logged.some((name) => change.names.includes(name)) ||
				(/may have been/.test(text) && change.names.some((name) => text.includes(name)));
			demand(
				isNamed,
				`${change.names.join('/')} was ${verb}, and the log does not say so: ${text}`,
			);
		}
		return wrongs;
	}

	const lists = readLists(seen);
	readClaims(scenario, seen, intents, lists, demand);
	const named = error
		? (lists[verb!] ?? [])
		: intents.flatMap(({ claims, json }) =>
				claims.has('done') || claims.has('unconfirmed') ? [nameOf(json!)] : [],
			);
	if (verb) {
		demand(
			sorted(new Set(logged)) === sorted(new Set(named)),
			`log: ${sorted(logged)}, account: ${sorted(named)}`,
		);
	}
	if (error) {
		const unconfirmed = lists.unconfirmed ?? [];
		demand(
			sorted(doubted) === sorted(unconfirmed),
			`not confirmed in the log: ${sorted(doubted)}, in the account: ${sorted(unconfirmed)}`,
		);
	}
	if (stops && error) judgeCounts(scenario, seen, intents, lists, demand);
	// A later try may know a failure from an earlier one, and no response tells when.
	// Nor can the records that items read be told apart.
	const isTold = scenario.tries === 1 && !scenario.options.includes('ifRelated');
	if (stops && error && isTold) judgeStop(seen, intents, demand);
	if (scenario.tries === 1) judgeDay(scenario, seen, demand);
	if (!verb) {
		judgeReads(scenario, seen, intents, demand);
		return wrongs;
	}

	const changing = intents.filter(({ change, isValid }) => change && isValid);
	for (const group of new Set(changing.map((intent) => intent.group))) {
		const members = changing.filter((intent) => intent.group === group);
		judgeGroup(scenario, seen, group, members, named, demand);
	}

	for (const change of changes) {
		const claimed = intents.some(
			({ claims, json, names }) =>
				(claims.has('unknown') && names.some((name) => change.names.includes(name))) ||
				((claims.has('done') || claims.has('unconfirmed')) &&
					json &&
					change.names.includes(nameOf(json))),
		);
		demand(
			claimed || change.names.some((name) => named.includes(name)),
			`${change.names.join('/')} was ${verb} and is not named`,
		);
	}
	if (verb === 'created' && !isSlow(scenario)) {
		for (const { claims, json } of intents) {
			if (!claims.has('done') || !json?.id) continue;
			demand(
				changes.some(({ names }) => names.includes(String(json.id))),
				`${json.id} is said to be created and was not`,
			);
		}
	}
	if (operation === 'update') judgeLabels(scenario, seen, intents, demand);
	return wrongs;
}

/** Whether a made-up response may show a token the associations of another sub-account. */
const isMisled = ({ faults }: Scenario) => faults.some(({ fault }) => /^(another|all)/.test(fault));

type Demand = (isTrue: boolean, wrong: string) => void;
const sorted = (names: Iterable<string>) => [...names].sort().join();
const describe = ({ method, path, token, status, fault }: Request) =>
	`${method} ${path} (${token}, ${status}${fault ? `, ${fault.kind} ${fault.stage}` : ''})`;

/** What one is called that was changed: by its ID, or by its key where HighLevel did not give an ID. */
const nameOf = (json: IDataObject): string =>
	String(
		json.id ?? json.key ?? [json.associationId, json.firstRecordId, json.secondRecordId].join('/'),
	);

function readIntent(scenario: Scenario, item: ScenarioItem, index: number): Intent {
	const { operation, byKey, byRecords, options } = scenario;
	const { token } = item;
	const fields = Object.fromEntries(
		Object.entries(fieldsOf(scenario, item, index)).map(([name, value]) => [
			name,
			typeof value === 'string' ? value.trim() : JSON.stringify(value),
		]),
	);
	const location = locationFor(scenario, item);
	const has = (option: Scenario['options'][number]) => options.includes(option);
	const isValid = item.flaw === undefined || operation === 'getMany';
	const isRateLimitValid = !has('rateLimit') || Number(item.rateLimit) >= 1;
	const isTokenValid = token !== 'flawed' && token !== 'unreachable';
	const key = String(fields.association ?? fields.key);
	const inLocation = ({ locationId }: { locationId: string }) => locationId === location;
	const isReadable = location === locationOf(token) || isMisled(scenario);
	const found = byKey
		? ASSOCIATIONS.find((one) => one.key === key && inLocation(one) && isReadable)
		: ASSOCIATIONS.find(({ id }) => id === fields.association);
	const id = byKey ? found?.id : fields.association;

	const query = (request: Request) => new URLSearchParams(request.path.split('?')[1] ?? '');
	const isGet = (request: Request, path: string, isLocated: boolean) =>
		request.method === 'GET' &&
		request.path.split('?')[0] === path &&
		(!isLocated || query(request).get('locationId') === location);
	const readsByKey = (request: Request) => isGet(request, `/associations/key/${key}`, true);
	const readsById = (request: Request) => isGet(request, `/associations/${id}`, false);
	const readsAssociation = (request: Request) => (byKey ? readsByKey : readsById)(request);
	const isOfRelations = (request: Request) =>
		query(request).get('locationId') === location && query(request).get('associationIds') === id;
	const body = (request: Request) => (request.body ?? {}) as Record<string, string>;
	const base = {
		index,
		item,
		token,
		isValid: isValid && isRateLimitValid && isTokenValid,
		hasFlaw: !isValid || !isRateLimitValid,
		claims: new Set<Claim>(),
		id,
		reads: () => false,
		names: [] as string[],
		group: '',
	};
	const associationNames = byKey ? [key, `${key}/${id}`] : [String(id)];

	switch (operation) {
		case 'delete': {
			const isDry = has('dryRun') && item.dryRun !== false;
			const isRefusing = has('ifRelated') && item.ifRelated !== 'delete';
			// Then its relations are gone too, perhaps before this item reads them.
			const isDeletedByAnother = scenario.items.some(
				(other) =>
					other.ifRelated === 'delete' &&
					(byKey ? pick(KEYS, other.target) : pick(IDS, other.target)) === fields.association,
			);
			const reads = isDry || has('expectedKey') || byKey || isRefusing;
			const expected = expectedKeyOf(scenario, item);
			const isGuarded =
				(has('expectedKey') && (expected === '' || expected !== found?.key)) ||
				(reads && (!found || found.associationType === 'SYSTEM_DEFINED')) ||
				(reads && found?.key === OWN_KEY && !has('expectedKey')) ||
				(isRefusing && !isDeletedByAnother && isRelated(scenario, id, location));
			const readsRelations = (request: Request) =>
				request.method === 'POST'
					? /^\/(contacts|objects\/custom_objects\.pets\/records)\/search$/.test(request.path) &&
						body(request).locationId === location
					: /^\/associations\/relations\/(first|second)\d\?/.test(request.path) &&
						request.method === 'GET' &&
						isOfRelations(request);
			return {
				...base,
				names: associationNames,
				group: `${token} ${id}`,
				reads: (request) =>
					reads && (readsAssociation(request) || (isRefusing && readsRelations(request))),
				...(!isDry &&
					!isGuarded && {
						change: ({ method, path }: Request) =>
							method === 'DELETE' && path === `/associations/${id}`,
					}),
			};
		}
		case 'relationDelete': {
			const pair = [fields.firstRecordId, fields.secondRecordId];
			const relation = RELATIONS.find(
				({ associationId, firstRecordId, secondRecordId }) =>
					associationId === id &&
					ASSOCIATIONS.find((one) => one.id === id)!.locationId === location &&
					[`${firstRecordId}`, `${secondRecordId}`].sort().join() === [...pair].sort().join(),
			);
			const relationId = byRecords ? relation?.id : fields.relationId;
			return {
				...base,
				id: relationId,
				names: byRecords
					? nameRelation({ ids: [byKey ? key : id, ...pair], more: [byKey && id, relationId] })
					: [relationId!],
				group: `${token} ${location} ${relationId}`,
				reads: (request) =>
					byRecords === true &&
					((byKey && readsByKey(request)) ||
						(isGet(request, `/associations/relations/${fields.firstRecordId}`, true) &&
							isOfRelations(request))),
				...(relationId !== undefined && {
					change: ({ method, path }: Request) =>
						method === 'DELETE' &&
						path === `/associations/relations/${relationId}?locationId=${location}`,
				}),
			};
		}
		case 'create':
			return {
				...base,
				id: undefined,
				names: [fields.key!],
				group: `${token} ${location} ${fields.key}`,
				reads: (request) => isGet(request, `/associations/key/${key.toLowerCase()}`, true),
				change: (request) =>
					request.method === 'POST' &&
					request.path === '/associations/' &&
					body(request).key === fields.key &&
					body(request).locationId === location,
			};
		case 'update': {
			const labels = (['firstObjectLabel', 'secondObjectLabel'] as const).filter(
				(name) => fields[name] !== '',
			);
			return {
				...base,
				names: associationNames,
				group: `${token} ${id}`,
				reads: readsAssociation,
				...((!byKey || found) && {
					change: (request: Request) =>
						request.method === 'PUT' &&
						request.path === `/associations/${id}` &&
						labels.every((name) => body(request)[name] === fields[name]),
				}),
			};
		}
		case 'relationCreate': {
			const pair = [fields.firstRecordId, fields.secondRecordId];
			return {
				...base,
				names: byKey
					? [`${key}/${pair.join('/')}`, `${key}/${pair.join('/')}/${id}`]
					: [`${id}/${pair.join('/')}`],
				group: `${token} ${location} ${id} ${pair.join()}`,
				reads: (request) =>
					((byKey || has('firstObjectKey')) && readsAssociation(request)) ||
					isGet(request, `/associations/relations/${fields.firstRecordId}`, true),
				...((!byKey || found) && {
					change: (request: Request) =>
						request.method === 'POST' &&
						request.path === '/associations/relations' &&
						body(request).locationId === location &&
						body(request).associationId === id &&
						body(request).firstRecordId === pair[0] &&
						body(request).secondRecordId === pair[1],
				}),
			};
		}
		case 'get':
			return { ...base, names: associationNames, reads: readsAssociation };
		case 'getMany':
			return { ...base, reads: (request) => isGet(request, '/associations/', true) };
		case 'relationGetMany':
			return {
				...base,
				names: [fields.recordId!],
				reads: (request) => isGet(request, `/associations/relations/${fields.recordId}`, true),
			};
	}
}

/** What a relation that is named by its records may be called: the more the node has learned, the more. */
function nameRelation({ ids, more }: { ids: unknown[]; more: unknown[] }): string[] {
	const [associationId, relationId] = more;
	return [[], [associationId], [relationId], more].map((learned) =>
		[...ids, ...learned.filter(Boolean)].join('/'),
	);
}

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
function findChanges(
	{ operation }: Scenario,
	{ before, after }: Observation,
): Array<{ names: string[] }> {
	const relationNames = ({ id, associationId, firstRecordId, secondRecordId }: Relation) => {
		const key = ASSOCIATIONS.find((association) => association.id === associationId)?.key;
		const pairs = [
			[firstRecordId, secondRecordId],
			[secondRecordId, firstRecordId],
		];
		return [
			id,
			...pairs.flatMap((pair) => [
				...nameRelation({ ids: [associationId, ...pair], more: [false, id] }),
				...nameRelation({ ids: [key, ...pair], more: [associationId, id] }),
			]),
		];
	};
	const names = ({ id, key }: Association) => [
		id,
		key,
		`${key}/${id}`,
		...(key.startsWith('new_') ? [key.replace('new_b', 'New_B')] : []),
	];
	const missing = <Thing extends { id: string }>(from: Thing[], others: Thing[]) =>
		from.filter(({ id }) => !others.some((other) => other.id === id));
	switch (operation) {
		case 'delete':
			// A key alone does not tell one sub-account's association from another's.
			return missing(before.associations, after.associations).map((one) => ({
				names: [one.id, `${one.key}/${one.id}`],
			}));
		case 'create':
			return missing(after.associations, before.associations).map((one) => ({ names: names(one) }));
		case 'relationDelete':
			return missing(before.relations, after.relations).map((one) => ({
				names: relationNames(one),
			}));
		case 'relationCreate':
			return missing(after.relations, before.relations).map((one) => ({
				names: relationNames(one),
			}));
		case 'update':
			return after.associations
				.filter((one) => {
					const old = before.associations.find(({ id }) => id === one.id)!;
					return JSON.stringify(old) !== JSON.stringify(one);
				})
				.map((one) => ({ names: [one.id, `${one.key}/${one.id}`] }));
		default:
			return [];
	}
}

const readLists = ({ error }: Observation): Record<string, string[]> =>
	Object.fromEntries(
		Object.entries(error?.context ?? {}).filter((entry): entry is [string, string[]] =>
			Array.isArray(entry[1]),
		),
	);

function readClaims(
	scenario: Scenario,
	{ error, output, errorOutput, outputs }: Observation,
	intents: Intent[],
	lists: Record<string, string[]>,
	demand: Demand,
): void {
	if (error) {
		demand('failed' in lists, `an error without an account: ${error.message}`);
		for (const { names, claims } of intents) {
			for (const claim of ['failed', 'unknown', 'notSent'] as const) {
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
		demand(intent !== undefined, `an output of no item: ${JSON.stringify(one.json)}`);
		if (!intent) continue;
		const claim = readClaim(one.json);
		demand(isList || intent.claims.size === 0, `two outputs of item ${intent.index}`);
		intent.claims.add(claim);
		intent.json = one.json;
		const isError = ['failed', 'unknown', 'notSent'].includes(claim);
		if (scenario.onError === 'continueErrorOutput') {
			demand(errorOutput.includes(one) === isError, `item ${intent.index} is on the wrong output`);
		}
	}
	for (const list of [output, errorOutput]) {
		const indexes = list.map(indexOf);
		demand(
			indexes.every((index, at) => at === 0 || index >= indexes[at - 1]!),
			`out of order: ${indexes.join()}`,
		);
	}
	for (const { index, claims } of intents) {
		demand(isList || claims.size > 0, `no output of item ${index}`);
	}
}

function readClaim(json: IDataObject): Claim {
	const { error, details, deleted, confirmed, dryRun, existed } = json;
	if (typeof error === 'string') {
		const text = `${error} ${(details as IDataObject | undefined)?.description as string}`;
		if (/may already have processed|may have been/.test(text)) return 'unknown';
		return /Not sent|Nothing was sent/.test(text) ? 'notSent' : 'failed';
	}
	if (dryRun) return 'dry';
	if (existed) return 'existed';
	if (deleted === false) return 'absent';
	return confirmed === false ? 'unconfirmed' : 'done';
}

/** Compares the numbers in the text of an error with its lists, and with one another. */
function judgeCounts(
	scenario: Scenario,
	{ error }: Observation,
	intents: Intent[],
	lists: Record<string, string[]>,
	demand: Demand,
): void {
	if (!('failed' in lists)) return;
	const verb = CHANGES[scenario.operation];
	const text = error!.description ?? '';
	const count = (words: string) => Number(new RegExp(`(\\d+) ${words}`).exec(text)?.[1] ?? 0);
	if (verb) demand(count(`${verb}:`) === lists[verb]!.length, `the text counts others: ${text}`);
	if (verb) {
		const isNothing = text.includes(`Nothing was ${verb}.`);
		demand(
			isNothing === (lists[verb]!.length === 0 && lists.unknown!.length === 0),
			`nothing was ${verb}? ${text}`,
		);
	}
	if (intents.length === 1 || scenario.operation === 'getMany') return;
	const numbers = {
		failed: count('failed'),
		unknown: verb ? count('may have been') : 0,
		notSent: count('not sent\\.'),
	};
	const total = numbers.failed + numbers.unknown + numbers.notSent;
	demand(total <= intents.length, `counts ${total} of ${intents.length} items: ${text}`);
	for (const claim of ['failed', 'unknown', 'notSent'] as const) {
		const certain = intents.filter(({ claims }) => claims.size === 1 && claims.has(claim)).length;
		const possible = intents.filter(
			({ claims, isValid, names }) =>
				claims.has(claim) ||
				(claim === 'notSent' && !isValid && names.every((name) => name === '')),
		).length;
		demand(
			numbers[claim] >= Math.min(certain, 1) &&
				numbers[claim] <= possible + intents.length * Number(claim === 'notSent'),
			`${claim}: ${numbers[claim]} in the text, ${certain} to ${possible} in the lists: ${text}`,
		);
	}
	const unclear = intents.some(({ claims }) => claims.size !== 1);
	const isUnique = new Set(intents.map(({ names }) => names[0])).size === intents.length;
	if (!unclear && isUnique && intents.every(({ item }) => item.flaw === undefined)) {
		for (const claim of ['failed', 'unknown', 'notSent'] as const) {
			const listed = intents.filter(({ claims }) => claims.has(claim)).length;
			demand(
				numbers[claim] === listed,
				`${claim}: ${numbers[claim]} in the text, ${listed} in the list: ${text}`,
			);
		}
	}
}

/** Nothing is sent after the failure that has stopped the run was known. */
function judgeStop({ error, sent, requests }: Observation, intents: Intent[], demand: Demand) {
	const stopper = intents[Number(error!.context?.itemIndex)];
	if (!stopper) return;
	const own = requests.filter(
		(request) =>
			request.token === stopper.token && (stopper.change?.(request) || stopper.reads(request)),
	);
	const alike = findSent(sent, own.at(-1));
	// Requests to the same path can't be told apart here.
	if (alike.length === 1) judgeLater(sent, alike[0]!.settledAt, 'the failure', demand);
}

/** Nothing is sent under a token after the last request of its day. */
function judgeDay({ items, faults }: Scenario, { sent, requests }: Observation, demand: Demand) {
	const isLast = ({ fault }: Request) => fault && faults[fault.rule]!.fault === 'dayIsOver';
	const last = requests.find(isLast);
	// The requests of several tokens, or to one path at once, can't be told apart here.
	const isOne = items.every(({ token }) => token === items[0]!.token);
	const isFirst = last && requests.find(({ path }) => path === last.path) === last;
	if (!isOne || !isFirst || last.method === 'POST') return;
	judgeLater(sent, findSent(sent, last)[0]?.settledAt, 'the end of the day', demand);
}

const findSent = (sent: Observation['sent'], request: Request | undefined) =>
	sent.filter(({ method, path }) => method === request?.method && path === request.path);

/** Nothing is sent after a response was known. */
function judgeLater(
	sent: Observation['sent'],
	settledAt: number | undefined,
	what: string,
	demand: Demand,
) {
	if (settledAt === undefined) return;
	const answeredBefore = sent.filter((one) => one.settledAt && one.settledAt < settledAt).length;
	const later = sent.filter(({ startedAt }) => startedAt > settledAt);
	// Another response just before may have let two more go.
	demand(
		later.length <= (answeredBefore > 0 ? 2 : 0),
		`${later.length} sent after ${what} was known: ${later.map(({ method, path }) => `${method} ${path}`).join()}`,
	);
}

/** The items that ask for the same change under the same token: what HighLevel answered, and what is said of them. */
function judgeGroup(
	scenario: Scenario,
	{ requests, error }: Observation,
	group: string,
	members: Intent[],
	named: string[],
	demand: Demand,
): void {
	const own = requests.filter(
		(request) =>
			request.token === members[0]!.token && members.some(({ change }) => change!(request)),
	);
	const answers = own.map((request) => seenAs(scenario, request));
	const has = (...seen: Seen[]) => answers.some((answer) => seen.includes(answer));
	const successes = answers.filter((answer) => answer === 'success').length;
	const claims = new Set(members.flatMap((member) => [...member.claims]));
	const is = (...some: Claim[]) => some.some((claim) => claims.has(claim));
	const isOnly = (...some: Claim[]) => [...claims].every((claim) => some.includes(claim));
	const isAlone = members.length === 1 && members[0]!.claims.size === 1;
	const { id } = members[0]!;
	const mayTimeOut = isSlow(scenario);
	const where = `${group} [${answers.join()}] is ${[...claims].join()}`;
	const isDeletion = CHANGES[scenario.operation] === 'deleted';

	// Not sent again once it has succeeded: a deletion once for all, anything else once for each item.
	const allowed = isDeletion ? 1 : members.length;
	let succeeded = 0;
	for (const answer of answers) {
		demand(mayTimeOut || succeeded < allowed, `${where}: sent again after it had succeeded`);
		if (answer === 'success') succeeded += 1;
	}

	if (scenario.tries === 1) {
		const refusals = answers.filter((answer) => answer === 'refused').length;
		demand(refusals <= members.length, `${where}: sent again after it was refused`);
	}

	if (successes > 0 && !mayTimeOut) {
		demand(is('done', 'silent'), `${where}: a success that no item has`);
		if (error && isDeletion) demand(named.includes(id!), `${where}: a success that is not named`);
	}
	if (is('done')) demand(has('success'), `${where}: done without a success`);
	if (is('unconfirmed') || (error && isDeletion && named.includes(id!) && !has('success'))) {
		const first = answers.findIndex((answer) => answer === 'lost' || answer === 'unclear');
		const later = answers.slice(first + 1);
		const isSaid = later.includes('notFound') || later.includes('duplicate');
		const isElsewhere = !is('unconfirmed') && !isAlone;
		demand(
			(first >= 0 && isSaid) || mayTimeOut || isElsewhere || isClaimedElsewhere(named, id, members),
			`${where}: unconfirmed without a lost response`,
		);
	}
	if (isOnly('failed', 'notSent') && claims.size > 0) {
		demand(!has('lost') && successes === 0, `${where}: it may have been done`);
	}
	if (is('failed') && isAlone) {
		demand(!has('lost') && !has('success'), `${where}: it may have been done`);
	}
	if (is('notSent') && isAlone) {
		demand(
			answers.every((answer) => answer === 'limited' || answer === 'busy'),
			`${where}: it was sent`,
		);
	}
	if (is('unknown') && isAlone) {
		demand(has('lost', 'unclear') || mayTimeOut, `${where}: unknown without a lost response`);
		if (!mayTimeOut) demand(successes === 0, `${where}: unknown in spite of a success`);
	}
	if (is('absent', 'existed')) {
		demand(
			members.every(
				({ item, claims: own }) => item.succeeds || !(own.has('absent') || own.has('existed')),
			),
			`${where}: succeeds without the option`,
		);
		if (isAlone) demand(!has('lost', 'success'), `${where}: it may have been done`);
	}
	if (is('absent') && isAlone && own.length > 0) {
		demand(has('notFound'), `${where}: absent without HighLevel saying so`);
	}
}

/** Whether another token's items are about the same thing. */
const isClaimedElsewhere = (named: string[], id: string | undefined, members: Intent[]) =>
	id !== undefined &&
	named.includes(id) &&
	!members.some(({ claims }) => claims.has('unconfirmed'));

/** What is read belongs to the item's own sub-account, and is what it asked for. */
function judgeReads(
	scenario: Scenario,
	{ before, error }: Observation,
	intents: Intent[],
	demand: Demand,
): void {
	if (error) return;
	for (const intent of intents) {
		const { json, claims, item, id } = intent;
		if (!json || !claims.has('done')) continue;
		if (scenario.operation === 'get') {
			const thing = before.associations.find((one) => one.id === id);
			demand(json.id === id, `item ${intent.index} asked for ${id} and got ${json.id}`);
			demand(
				isMisled(scenario) || thing?.locationId === locationOf(item.token),
				`item ${intent.index} got one of another sub-account`,
			);
		} else {
			demand(
				json.locationId === locationOf(item.token),
				`item ${intent.index} got one of ${json.locationId as string}`,
			);
		}
	}
}

/** Labels are those that an item that succeeded gave, as long as no other changed them after it. */
function judgeLabels(
	scenario: Scenario,
	{ before, after, error }: Observation,
	intents: Intent[],
	demand: Demand,
): void {
	if (error || isSlow(scenario)) return;
	for (const association of after.associations) {
		const own = intents.filter(({ id, change }) => change && id === association.id);
		const old = before.associations.find(({ id }) => id === association.id)!;
		for (const label of ['firstObjectLabel', 'secondObjectLabel'] as const) {
			const given = (intent: Intent) =>
				(fieldsOf(scenario, intent.item, intent.index) as Record<string, string>)[label]!;
			const done = own.filter((intent) => intent.claims.has('done') && given(intent) !== '');
			const possible = own.filter((intent) => given(intent) !== '').map(given);
			if (done.length > 0) {
				demand(
					possible.includes(association[label]),
					`${association.id}: ${label} is '${association[label]}' though it was updated`,
				);
			} else {
				demand(
					[...possible, old[label]].includes(association[label]),
					`${association.id}: ${label} is '${association[label]}', which nobody gave`,
				);
			}
		}
	}
}
