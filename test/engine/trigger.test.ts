import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import fc from 'fast-check';

import { HighLevelAssociationsTrigger } from '../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node';
import { testWebhookHeader } from '../../nodes/HighLevelAssociations/webhook/header';
import { RecentKeys } from '../../nodes/HighLevelAssociations/webhook/recentKeys';
import { createSigner, event, LOCATION } from '../simulator/webhooks';
import { createWorkflow, startN8n, type Settings } from './webhookServer';

const signer = createSigner();
const selected = { events: ['AssociationDelete', 'RelationCreate'], publicKey: signer.publicKey };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** As HighLevel's page of RelationCreate and RelationDelete shows it: without type, timestamp and webhookId. */
const relation = {
	id: '67ae0d741119d218c9d0c477',
	firstObjectKey: 'custom_objects.mad',
	firstRecordId: '67a349a79b28947ec1f65bb5',
	secondObjectKey: 'contact',
	secondRecordId: 'emqfhnG3g9D9chy9inTz',
	associationId: '669e5795add2094075906c65',
	locationId: 'eHy2cOSZxMQzQ6Yyvl8P',
};

let n8n: ReturnType<typeof startN8n>;
beforeEach(() => {
	n8n = startN8n();
});
afterEach(() => {
	jest.useRealTimers();
});

/** Sets the clock, and nothing else of time. */
function setNow(now: number): void {
	jest.useFakeTimers({
		now,
		doNotFake: [
			'hrtime',
			'nextTick',
			'performance',
			'queueMicrotask',
			'setImmediate',
			'setTimeout',
		],
	});
}

/** Sends a body as HighLevel does. */
async function send(
	body: object | string | Buffer,
	{ headers = {}, parameters, ...settings }: Settings & { headers?: Record<string, string> } = {},
) {
	const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
	return await n8n(
		{ body: bytes, headers: { 'x-ghl-signature': signer.sign(bytes), ...headers } },
		{ parameters: { ...selected, ...parameters }, ...settings },
	);
}

const started = { status: 200, message: undefined, items: expect.anything(), log: [] };
const rejected = (status: number, words: RegExp, log: unknown = expect.anything()) => ({
	status,
	message: expect.stringMatching(words),
	items: undefined,
	log,
});
const ignored = (words: RegExp) => rejected(200, words, []);
const delivery = async (...sent: Parameters<typeof send>) =>
	(await send(...sent)).items?.[0]?.json.delivery;

describe('output', () => {
	test("has the event's own fields, and beside them what is known of the delivery", async () => {
		const now = Date.now();
		setNow(now);
		const body = event();
		const delivery = {
			id: body.webhookId,
			type: 'AssociationDelete',
			associationId: body.id,
			relationId: null,
			sentAt: body.timestamp,
			receivedAt: new Date(now).toISOString(),
			late: false,
		};
		expect((await send(body)).items).toEqual([{ json: { ...body, delivery } }]);
	});

	test('names the relation and its association', async () => {
		const body = event({ type: 'RelationCreate', ...relation });
		expect(await delivery(body)).toMatchObject({
			type: 'RelationCreate',
			associationId: relation.associationId,
			relationId: relation.id,
		});
	});

	test('names neither for another event', async () => {
		const parameters = { events: ['others'] };
		expect(await delivery(event({ type: 'ContactDelete' }), { parameters })).toMatchObject({
			type: 'ContactDelete',
			associationId: null,
			relationId: null,
		});
	});

	test('cannot be forged by a body that has a delivery too', async () => {
		expect(await delivery(event({ delivery: 'forged' }))).toMatchObject({
			type: 'AssociationDelete',
		});
	});
});

describe('signature', () => {
	test.each([
		['spaces and line breaks', (body: string) => JSON.stringify(JSON.parse(body), null, '\t')],
		[
			'another order of keys',
			(body: string) =>
				JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body)).reverse())),
		],
		[
			'escaped characters',
			(body: string) =>
				body.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
		],
		['a line break at its end', (body: string) => `${body}\r\n`],
	])('is verified over the bytes received: a body with %s', async (_, change) => {
		const body = event();
		const bytes = change(JSON.stringify(body));
		expect((await send(bytes)).items).toMatchObject([{ json: body }]);
		const other = JSON.stringify(event());
		const headers = { 'x-ghl-signature': signer.sign(other) };
		expect(await send(change(other), { headers })).toEqual(rejected(401, /does not match/));
	});

	test.each([
		['is required', {}, /X-GHL-Signature is missing/],
		['is not replaced by the deprecated one', { 'x-wh-signature': 'c2lnbmVk' }, /X-WH-Signature/],
		['is not N/A', { 'x-ghl-signature': 'N/A' }, /did not sign/],
		['is not empty', { 'x-ghl-signature': '' }, /does not match/],
	])('%s', async (_, headers, words) => {
		const request = { body: JSON.stringify(event()), headers: headers as Record<string, string> };
		expect(await n8n(request, { parameters: selected })).toEqual(rejected(401, words));
	});

	test('of another key is rejected', async () => {
		const bytes = JSON.stringify(event());
		const headers = { 'x-ghl-signature': createSigner().sign(bytes) };
		expect(await send(bytes, { headers })).toEqual(rejected(401, /does not match/));
	});

	test('in another spelling of its bytes is rejected', async () => {
		const bytes = JSON.stringify(event());
		const one = signer.sign(bytes);
		for (const other of [
			one.slice(0, -2),
			` ${one}`,
			`${one}, ${one}`,
			one.replace(/.==$/, '$&='),
		]) {
			const headers = { 'x-ghl-signature': other };
			expect(await send(bytes, { headers })).toMatchObject({ status: 401 });
		}
		expect(await send(bytes)).toEqual(started);
	});

	test("is verified with HighLevel's key unless the user enters another", async () => {
		const body = JSON.stringify(event());
		const request = { body, headers: { 'x-ghl-signature': signer.sign(body) } };
		const { events, publicKey } = selected;
		expect(await n8n(request, { parameters: { events } })).toEqual(rejected(401, /does not match/));
		const parameters = { events, additionalOptions: { publicKey } };
		expect(await n8n(request, { parameters })).toEqual(started);
	});

	test('is verified with a key in PEM too', async () => {
		expect(await send(event(), { parameters: { publicKey: signer.pem } })).toEqual(started);
	});

	test('is never valid under a key that is not Ed25519', async () => {
		const invalid = rejected(401, /Public Key/);
		for (const publicKey of ['', 'none', signer.publicKey.slice(0, -8)]) {
			expect(await send(event(), { parameters: { publicKey } })).toEqual(invalid);
		}
		const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
		const publicKey = other.publicKey.export({ type: 'spki', format: 'pem' }).toString();
		const body = JSON.stringify(event());
		const signature = sign(null, Buffer.from(body), other.privateKey).toString('base64');
		const headers = { 'x-ghl-signature': signature };
		expect(await send(body, { headers, parameters: { publicKey } })).toEqual(invalid);
	});
});

describe('timestamp', () => {
	const NOW = Date.parse('2026-06-01T12:00:00.000Z');
	beforeEach(() => setNow(NOW));

	test.each([
		['ISO 8601', (time: Date) => time.toISOString()],
		[
			'ISO 8601 with an offset',
			(time: Date) => new Date(time.getTime() + 90 * MINUTE).toISOString().replace('Z', '+01:30'),
		],
		['ISO 8601 without a zone', (time: Date) => time.toISOString().replace('Z', '')],
		['milliseconds', (time: Date) => time.getTime()],
		['seconds', (time: Date) => Math.floor(time.getTime() / 1_000)],
		['milliseconds as text', (time: Date) => String(time.getTime())],
	])('in %s is read', async (_, write) => {
		for (const [age, late] of [
			[-12 * MINUTE, false],
			[5 * MINUTE, false],
			[12 * MINUTE, true],
			[2 * DAY, true],
		] as const) {
			const time = new Date(NOW - age);
			expect(await delivery(event({ timestamp: write(time) as string }))).toMatchObject({
				sentAt: time.toISOString(),
				late,
			});
		}
	});

	test.each([undefined, null, '', 'yesterday', true, [], {}, 9e15])(
		'that is none starts the workflow all the same: %p',
		async (timestamp) => {
			expect(await delivery({ ...event(), timestamp })).toMatchObject({
				sentAt: null,
				late: false,
			});
		},
	);

	test('older than the maximum age is ignored, where the user sets one', async () => {
		const parameters = { additionalOptions: { maxAge: 60 } };
		const at = (age: number) => event({ timestamp: new Date(NOW - age).toISOString() });
		expect(await send(at(61 * MINUTE), { parameters })).toEqual(ignored(/maximum age/));
		expect(await send(at(60 * MINUTE), { parameters })).toEqual(started);
		expect(await send({ ...event(), timestamp: undefined }, { parameters })).toEqual(started);
	});
});

describe('body', () => {
	test.each<[string, number, Record<string, string>]>([
		['', 1024 * 1024, {}],
		[', and does not say so,', 1024 * 1024, { 'transfer-encoding': 'chunked' }],
		[' by what it says', 1, { 'content-length': '2000000' }],
	])('larger than 1 MB%s is rejected', async (_, length, headers) => {
		const body = event({ filler: 'x'.repeat(length) });
		expect(await send(body, { headers })).toEqual(rejected(413, /1 MB/));
	});

	test('of almost 1 MB is accepted', async () => {
		expect(await send(event({ filler: 'x'.repeat(1000 * 1000) }))).toEqual(started);
	});

	test.each(['', 'no JSON', '{"type":', '[]', 'null', '"AssociationDelete"', '1'])(
		'that is not a JSON object is rejected: %p',
		async (body) => {
			expect(await send(body)).toEqual(rejected(400, /JSON/));
		},
	);

	test('is not parsed before it is verified', async () => {
		const request = { body: '{"type":', headers: { 'x-ghl-signature': signer.sign('') } };
		expect(await n8n(request, { parameters: selected })).toEqual(rejected(401, /does not match/));
	});
});

describe('nothing is let in by fuzzing', () => {
	const flip = (bytes: Buffer, bits: number[]) => {
		const flipped = Buffer.from(bytes);
		for (const bit of new Set(bits.map((one) => one % (bytes.length * 8))))
			flipped[bit >> 3]! ^= 1 << (bit & 7);
		return flipped;
	};
	const bits = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
	const parameters = { ...selected, events: ['others', ...selected.events] };
	const accepted = async (body: string | Buffer, headers: Record<string, string>) =>
		(await n8n({ body, headers }, { parameters })).status < 400;
	const bytes = Buffer.from(JSON.stringify(event()));
	const signature = signer.sign(bytes);

	test('the body', async () => {
		await fc.assert(
			fc.asyncProperty(bits, async (some) => {
				expect(await accepted(flip(bytes, some), { 'x-ghl-signature': signature })).toBe(false);
			}),
			{ numRuns: 300 },
		);
		expect(await accepted(bytes, { 'x-ghl-signature': signature })).toBe(true);
	});

	test('each bit of the signature', async () => {
		for (let bit = 0; bit < signature.length * 8; bit++) {
			const other = flip(Buffer.from(signature), [bit]).toString('latin1');
			expect(await accepted(bytes, { 'x-ghl-signature': other })).toBe(false);
		}
	});

	test('the headers', async () => {
		const signatures = ['x-ghl-signature', 'x-wh-signature', 'x-ghl-signatur', 'x-ghl-signature '];
		const name = fc.constantFrom(...signatures, 'authorization', 'content-type');
		const value = fc.oneof(fc.string(), fc.base64String(), fc.constant(signer.sign('')));
		await fc.assert(
			fc.asyncProperty(fc.dictionary(name, value), async (headers) => {
				expect(await accepted(bytes, headers)).toBe(false);
			}),
			{ numRuns: 300 },
		);
	});

	test('signed bytes of any kind get a response and start nothing', async () => {
		const some = fc.oneof(
			fc.uint8Array().map((bytes) => Buffer.from(bytes)),
			fc.json(),
		);
		await fc.assert(
			fc.asyncProperty(some, async (body) => {
				const { status, items } = await send(body);
				expect([200, 400]).toContain(status);
				expect(items).toBeUndefined();
			}),
		);
	});
});

describe('events', () => {
	test.each([
		...['AssociationCreate', 'AssociationUpdate', 'RelationDelete', 'ContactDelete', 'others'],
		...['associationdelete', 'AssociationDeletedd'],
	])('that are not selected are ignored: %s', async (type) => {
		expect(await send(event({ type }))).toEqual(ignored(/event/));
	});

	test('without an option of their own are other events', async () => {
		const parameters = { events: ['others'] };
		for (const type of ['ContactDelete', 'RecordDelete', 'RelationUpdate', 'others']) {
			expect(await send(event({ type }), { parameters })).toEqual(started);
		}
		expect(await send(event(), { parameters })).toEqual(ignored(/event/));
		expect(await send({ id: '1', webhookId: randomUUID() }, { parameters })).toEqual(started);
	});

	test.each([
		['AssociationDeleted', 'AssociationDelete'],
		['RelationDeleted', 'RelationDelete'],
		['RelationCreated', 'RelationCreate'],
	])('called %s are %s', async (type, value) => {
		const parameters = { events: [value] };
		expect(await delivery(event({ type }), { parameters })).toMatchObject({ type: value });
		expect(await send(event({ type }), { parameters: { events: ['others'] } })).toEqual(
			ignored(/event/),
		);
	});

	test.each([undefined, null, '', ['RelationCreate']])(
		'of type %p are known by their fields',
		async (type) => {
			const { id: relationId, associationId } = relation;
			const ofRelation = { ...relation, type };
			const ofAssociation = { ...event(), type };
			const select = (...events: string[]) => ({ parameters: { events } });
			const others = select('AssociationDelete', 'others');
			expect(await send(ofRelation, others)).toEqual(ignored(/event/));
			const one = await delivery(ofRelation, select('RelationDelete'));
			expect(one).toMatchObject({ type: null, associationId, relationId });
			const relations = select('RelationDelete', 'others');
			expect(await send(ofAssociation, relations)).toEqual(ignored(/event/));
			const other = await delivery(ofAssociation, select('AssociationCreate'));
			expect(other).toMatchObject({ type: null, associationId: event().id, relationId: null });
		},
	);

	test('may have their fields in `data`', async () => {
		const { type, webhookId, ...data } = event({ type: 'RelationCreate', ...relation });
		const body = { id: 'of the envelope', type, webhookId, data };
		const parameters = { locationId: relation.locationId };
		expect(await delivery(body, { parameters })).toMatchObject({
			id: webhookId,
			associationId: relation.associationId,
			relationId: relation.id,
			sentAt: data.timestamp,
		});
		expect(await send(body, { parameters: { locationId: LOCATION } })).toEqual(ignored(/location/));
	});

	test('are named in the subtitle as in the panel', () => {
		const type = new HighLevelAssociationsTrigger();
		const subtitle = (parameters: Settings['parameters']) => {
			const workflow = createWorkflow(type, { parameters });
			const node = workflow.getNode('Trigger')!;
			const { expression } = workflow;
			return expression.getSimpleParameterValue(node, type.description.subtitle, 'internal', {});
		};
		const events = ['RelationCreate', 'others'];
		expect(subtitle({ events })).toBe('Relation Created, Other Event');
		expect(subtitle({ events, incomingAuthentication: 'headerAuth' })).toBe('');
	});
});

describe('location', () => {
	const address = `https://app.gohighlevel.com/v2/location/${LOCATION}/dashboard`;
	test.each(['', LOCATION, `other, ${LOCATION}`, `${LOCATION}\nother`, `other, ${address}`])(
		'is among %p',
		async (locationId) => {
			expect(await send(event(), { parameters: { locationId } })).toEqual(started);
		},
	);

	test.each(['other', LOCATION.toLowerCase(), `${LOCATION}x`, '={{ undefined }}', '={{ null }}'])(
		'is not among %p',
		async (locationId) => {
			expect(await send(event(), { parameters: { locationId } })).toEqual(ignored(/location/));
		},
	);

	test('that is missing is not the one that was entered', async () => {
		const body = { ...event(), locationId: undefined };
		expect(await send(body, { parameters: { locationId: LOCATION } })).toEqual(ignored(/location/));
	});
});

describe('app', () => {
	const mine = '6a044f181ec5bf79ae2e5e73';

	test('of somebody else is ignored where the App ID or the Location ID is entered', async () => {
		const body = event({ appId: 'theirs', locationId: 'theirs' });
		expect(await send(body, { parameters: { appId: mine } })).toEqual(ignored(/app/));
		expect(await send(body, { parameters: { locationId: LOCATION } })).toEqual(ignored(/location/));
		expect(await send(body)).toEqual(started);
	});

	test('is among those that are entered', async () => {
		const parameters = { appId: `other, ${mine}` };
		expect(await send(event({ appId: mine }), { parameters })).toEqual(started);
		expect(await send(event(), { parameters })).toEqual(ignored(/app/));
	});

	test("is not read from a sub-account's address", async () => {
		const parameters = { appId: `https://app.gohighlevel.com/v2/location/${mine}/settings` };
		expect(await send(event({ appId: mine }), { parameters })).toEqual(ignored(/app/));
	});

	test('or location that an event does not name is not said to be another', async () => {
		for (const parameters of [{ appId: mine }, { locationId: LOCATION }]) {
			const { message } = await send(event({ locationId: undefined }), { parameters });
			expect(message).toMatch(/^Ignored: not an event of the chosen (app|location)$/);
		}
	});
});

describe('duplicate', () => {
	test('starts nothing', async () => {
		const body = event();
		expect(await send(body)).toEqual(started);
		expect(await send(body)).toEqual(ignored(/duplicate/));
		const changed = { ...body, timestamp: new Date().toISOString(), key: 'other' };
		expect(await send(changed)).toEqual(ignored(/duplicate/));
	});

	test('starts nothing if both come at the same time', async () => {
		const body = event();
		const results = await Promise.all([send(body), send(body), send(body)]);
		expect(results.filter(({ items }) => items)).toHaveLength(1);
		expect(results.map(({ status }) => status)).toEqual([200, 200, 200]);
	});

	test('is known by its signature where it has no ID', async () => {
		const bytes = JSON.stringify(relation);
		expect(await delivery(bytes)).toMatchObject({ id: signer.sign(bytes) });
		expect(await send(bytes)).toEqual(ignored(/duplicate/));
		expect(await send({ ...relation, id: 'other' })).toEqual(started);
	});

	test.each([false, true])(
		'starts the workflow if n8n failed to do so before; after HighLevel had hung up: %s',
		async (isHungUp) => {
			const body = event();
			const failed = await send(body, { failsToStart: true, isHungUp });
			expect(failed).toMatchObject({ status: 500 });
			expect(await send(body)).toEqual(started);
		},
	);

	test('in one workflow is new to another', async () => {
		const body = event();
		expect(await send(body)).toEqual(started);
		expect(await send(body, { workflowId: '2' })).toEqual(started);
	});

	test('starts the workflow again while it is tested in the editor', async () => {
		const body = event();
		expect(await send(body, { mode: 'manual' })).toEqual(started);
		expect(await send(body, { mode: 'manual' })).toEqual(started);
		expect(await send(body)).toEqual(started);
	});

	test('is known for as long as HighLevel sends again, and then forgotten', async () => {
		const now = Date.now();
		setNow(now);
		const bodies = [event(), event()];
		for (const body of bodies) expect(await send(body)).toEqual(started);
		setNow(now + 3 * DAY);
		for (const body of bodies) expect(await send(body)).toEqual(ignored(/duplicate/));
		setNow(now + 3 * DAY + 1);
		for (const body of bodies) expect(await send(body)).toEqual(started);
	});

	test('is forgotten when too many others have come', () => {
		const keys = new RecentKeys(DAY, 2);
		for (const key of ['1', '2', '3']) expect(keys.add(key)).toBe(true);
		for (const key of ['2', '3']) expect(keys.add(key)).toBe(false);
		expect(keys.add('1')).toBe(true);
	});

	test('is not known to an n8n that was restarted', async () => {
		const body = event();
		expect(await send(body)).toEqual(started);
		n8n = startN8n();
		expect(await send(body)).toEqual(started);
	});
});

describe('log', () => {
	const words = /'Trigger' in workflow 1 rejected a request with 401: .+ does not match the body/;
	const headers = { 'x-ghl-signature': 'wrong' };

	test('has one line a minute for each reason and workflow', async () => {
		const now = Date.now();
		setNow(now);
		expect((await send(event(), { headers })).log).toEqual([expect.stringMatching(words)]);
		expect((await send(event(), { headers })).log).toEqual([]);
		expect((await send('[]')).log).toEqual([expect.stringContaining('400')]);
		expect((await send(event(), { headers, workflowId: '2' })).log).toHaveLength(1);
		setNow(now + MINUTE + 1);
		expect((await send(event(), { headers })).log).toHaveLength(1);
	});

	test('has nothing of the request', async () => {
		const { log } = await send(event({ key: 'secret' }), { headers });
		expect(log.join()).not.toMatch(/wrong|secret/);
	});
});

describe('header auth', () => {
	const credential = { headerName: 'X-Webhook-Secret', secret: 'a-long-random-text' };
	const parameters = { incomingAuthentication: 'headerAuth' };
	const customData = { timestamp: 'long ago' };
	const action = { contact_id: '1', location: { id: LOCATION }, customData };
	const headers = { 'x-webhook-secret': credential.secret };
	const post = async (body: object, more: object = {}) =>
		await n8n(
			{ body: JSON.stringify(body), headers },
			{ credential, parameters: { ...parameters, ...more } },
		);

	test('lets in what contains the header', async () => {
		expect((await post(action)).items).toMatchObject([
			{ json: { ...action, delivery: { id: null, type: null, sentAt: null, late: false } } },
		]);
	});

	const body = JSON.stringify(event());
	test.each<[string, Record<string, string>, string]>([
		['no header', {}, credential.secret],
		['an empty one', { 'x-webhook-secret': '' }, credential.secret],
		['a part of it', { 'x-webhook-secret': 'a-long-random-tex' }, credential.secret],
		['another header', { 'x-other': credential.secret }, credential.secret],
		['a signature instead', { 'x-ghl-signature': signer.sign(body) }, credential.secret],
		['an empty header for an empty secret', { 'x-webhook-secret': '' }, ''],
	])('does not let in %s', async (_, headers, secret) => {
		const settings = { parameters, credential: { ...credential, secret } };
		expect(await n8n({ body, headers }, settings)).toEqual(rejected(401, /header/));
	});

	test('is not enough where the signature is selected', async () => {
		const settings = { credential, parameters: selected };
		expect(await n8n({ body: '{}', headers }, settings)).toMatchObject({ status: 401 });
	});

	test("reads the location of HighLevel's workflow action", async () => {
		expect(await post(action, { locationId: LOCATION })).toEqual(started);
		expect(await post(action, { locationId: 'other' })).toEqual(ignored(/location/));
	});

	test('lets in a body that names no location', async () => {
		const contact = { id: '9aBcD', name: 'Canary', email: 'canary@example.com', phone: '' };
		expect(await post(contact, { locationId: LOCATION })).toEqual(started);
	});

	test('recognizes a duplicate by its ID, if it has one', async () => {
		const named = { ...action, webhookId: '1' };
		expect(await post(named)).toEqual(started);
		expect(await post(named)).toEqual(ignored(/duplicate/));
		expect(await post(action)).toEqual(started);
		expect(await post(action)).toEqual(started);
	});

	test.each([
		[credential, 'OK', /valid/],
		[{ ...credential, secret: 'short' }, 'Error', /'Secret' is too easy to guess/],
		[{ ...credential, secret: 'a long random text' }, 'Error', /'Secret' contains whitespace/],
		[{ ...credential, headerName: 'not a name' }, 'Error', /'Header Name'/],
		[{}, 'Error', /'Header Name'/],
	])('tests its credential: %p', async (data, status, words) => {
		const tested = { id: '1', name: 'Header', type: 'highLevelWebhookHeaderApi', data };
		expect(await testWebhookHeader.call({} as never, tested)).toEqual({
			status,
			message: expect.stringMatching(words),
		});
	});
});

describe('publishing', () => {
	const { create } = new HighLevelAssociationsTrigger().webhookMethods.default;
	const hook = (values: Record<string, unknown>) =>
		({
			getNode: () => ({ name: 'Trigger' }),
			getNodeParameter: (name: string, fallback: unknown) => values[name] ?? fallback,
		}) as never;

	test('fails under a key that can verify nothing', async () => {
		const parameters = { incomingAuthentication: 'signature', publicKey: signer.publicKey };
		expect(await create.call(hook(parameters))).toBe(true);
		const broken = { ...parameters, 'additionalOptions.publicKey': 'none' };
		await expect(create.call(hook(broken))).rejects.toThrow(
			"'Public Key' does not contain an Ed25519 key",
		);
	});

	test('needs no key for a header', async () => {
		expect(await create.call(hook({ incomingAuthentication: 'headerAuth' }))).toBe(true);
	});
});
