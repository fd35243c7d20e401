import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import fc from 'fast-check';

import { HighLevelAssociationsTrigger } from '../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node';
import { testWebhookHeader } from '../../nodes/HighLevelAssociations/webhook/header';
import { createSigner, event, LOCATION } from '../simulator/webhooks';
import { startN8n, type Database, type N8nSettings } from './webhookServer';

const signer = createSigner();
const chosen = { events: ['AssociationDelete', 'RelationCreate'], publicKey: signer.publicKey };
const MINUTE = 60_000;

let n8n = startN8n();
let database: Database;
beforeEach(() => {
	database = { workflowId: randomUUID(), staticData: '{}' };
});

/** Sends a body as HighLevel does. */
async function send(
	body: object | string | Buffer,
	{
		headers = {},
		parameters,
		...settings
	}: N8nSettings & { headers?: Record<string, string> } = {},
) {
	const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
	return await n8n(
		database,
		{ body: bytes, headers: { 'x-ghl-signature': signer.sign(bytes), ...headers } },
		{ parameters: { ...chosen, ...parameters }, ...settings },
	);
}

const started = { status: 200, message: undefined, items: expect.anything() };
const dropped = (words: RegExp) => ({
	status: 200,
	message: expect.stringMatching(words),
	items: undefined,
});
const refused = (status: number, words: RegExp) => ({
	status,
	message: expect.stringMatching(words),
	items: undefined,
});

test('starts with the body as it came', async () => {
	const body = event();
	const { items } = await send(body);
	expect(items).toEqual([{ json: body }]);
	expect(Object.getOwnPropertyNames(items![0])).toEqual(['json']);
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
	])('is of the bytes that came: a body with %s', async (_, change) => {
		const body = event();
		const bytes = change(JSON.stringify(body));
		expect((await send(bytes)).items).toEqual([{ json: body }]);
		const other = JSON.stringify(event());
		const headers = { 'x-ghl-signature': signer.sign(other) };
		expect(await send(change(other), { headers })).toEqual(refused(401, /not the signature/));
	});

	test('missing', async () => {
		const request = { body: JSON.stringify(event()) };
		expect(await n8n(database, request, { parameters: chosen })).toEqual(
			refused(401, /X-GHL-Signature is missing/),
		);
	});

	test('of the old kind only', async () => {
		const request = { body: JSON.stringify(event()), headers: { 'x-wh-signature': 'c2lnbmVk' } };
		expect(await n8n(database, request, { parameters: chosen })).toEqual(
			refused(401, /X-WH-Signature/),
		);
	});

	test('of another key', async () => {
		const bytes = JSON.stringify(event());
		const headers = { 'x-ghl-signature': createSigner().sign(bytes) };
		expect(await send(bytes, { headers })).toEqual(refused(401, /not the signature/));
	});

	test('of another spelling of its bytes', async () => {
		const bytes = JSON.stringify(event());
		const signature = signer.sign(bytes);
		for (const spelling of [
			signature.slice(0, -2),
			` ${signature}`,
			`${signature}, ${signature}`,
			signature.replace(/.==$/, '$&='),
		]) {
			expect(await send(bytes, { headers: { 'x-ghl-signature': spelling } })).toMatchObject({
				status: 401,
			});
		}
		expect(await send(bytes)).toEqual(started);
	});

	test("is HighLevel's where the user has entered no key", async () => {
		const parameters = { events: chosen.events };
		const body = JSON.stringify(event());
		const request = { body, headers: { 'x-ghl-signature': signer.sign(body) } };
		expect(await n8n(database, request, { parameters })).toEqual(refused(401, /not the signature/));
	});

	test('is verified with a key in PEM too', async () => {
		expect(await send(event(), { parameters: { publicKey: signer.pem } })).toEqual(started);
	});

	test('nothing is let in where the key is none', async () => {
		for (const publicKey of ['', 'none', signer.publicKey.slice(0, -8)]) {
			expect(await send(event(), { parameters: { publicKey } })).toEqual(
				refused(401, /Public Key/),
			);
		}
		const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
		const publicKey = other.publicKey.export({ type: 'spki', format: 'pem' }).toString();
		const body = JSON.stringify(event());
		const headers = {
			'x-ghl-signature': sign(null, Buffer.from(body), other.privateKey).toString('base64'),
		};
		expect(await send(body, { headers, parameters: { publicKey } })).toEqual(
			refused(401, /Public Key/),
		);
	});
});

describe('timestamp', () => {
	const at = (offset: number) => new Date(Date.now() + offset);

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
	])('in %s', async (_, write) => {
		for (const offset of [-4.9 * MINUTE, 0, 4.9 * MINUTE]) {
			expect(await send({ ...event(), timestamp: write(at(offset)) })).toEqual(started);
		}
		for (const offset of [-5.1 * MINUTE, 5.1 * MINUTE, -24 * 60 * MINUTE]) {
			expect(await send({ ...event(), timestamp: write(at(offset)) })).toEqual(
				refused(401, /5 minutes/),
			);
		}
	});

	test.each([undefined, null, '', 'yesterday', true, [], {}])(
		'that is none: %p',
		async (timestamp) => {
			expect(await send({ ...event(), timestamp })).toEqual(refused(401, /timestamp/));
		},
	);
});

describe('body', () => {
	test('larger than 1 MB', async () => {
		expect(await send(event({ filler: 'x'.repeat(1024 * 1024) }))).toEqual(refused(413, /1 MB/));
		expect(await send(event({ filler: 'x'.repeat(1000 * 1000) }))).toEqual(started);
	});

	test('larger than 1 MB, whether it says so or not', async () => {
		const large = event({ filler: 'x'.repeat(1024 * 1024) });
		expect(await send(large, { headers: { 'transfer-encoding': 'chunked' } })).toEqual(
			refused(413, /1 MB/),
		);
		expect(await send(event(), { headers: { 'content-length': '2000000' } })).toEqual(
			refused(413, /1 MB/),
		);
	});

	test.each(['', 'no JSON', '{"type":', '[]', 'null', '"AssociationDelete"', '1'])(
		'that is no JSON object: %p',
		async (body) => {
			expect(await send(body)).toEqual(refused(400, /JSON/));
		},
	);

	test('of which nothing can be read before it is verified', async () => {
		const request = { body: '{"type":', headers: { 'x-ghl-signature': signer.sign('') } };
		expect(await n8n(database, request, { parameters: chosen })).toEqual(
			refused(401, /not the signature/),
		);
	});
});

describe('fuzzed', () => {
	const flip = (bytes: Buffer, bits: number[]) => {
		const flipped = Buffer.from(bytes);
		for (const bit of new Set(bits.map((one) => one % (bytes.length * 8))))
			flipped[bit >> 3]! ^= 1 << (bit & 7);
		return flipped;
	};
	const bits = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });
	const accepted = async (body: string | Buffer, headers: Record<string, string>) =>
		(
			await n8n(
				database,
				{ body, headers },
				{ parameters: { ...chosen, events: ['others', ...chosen.events] } },
			)
		).status < 400;
	const bytes = Buffer.from(JSON.stringify(event()));
	const signature = signer.sign(bytes);

	test('the body', async () => {
		await fc.assert(
			fc.asyncProperty(bits, async (some) => {
				expect(await accepted(flip(bytes, some), { 'x-ghl-signature': signature })).toBe(false);
			}),
			{ numRuns: 1_000 },
		);
		expect(await accepted(bytes, { 'x-ghl-signature': signature })).toBe(true);
	});

	test('the signature', async () => {
		await fc.assert(
			fc.asyncProperty(bits, async (some) => {
				const other = flip(Buffer.from(signature), some).toString('latin1');
				expect(await accepted(bytes, { 'x-ghl-signature': other })).toBe(false);
			}),
			{ numRuns: 1_000 },
		);
	});

	test('each bit of the signature', async () => {
		for (let bit = 0; bit < signature.length * 8; bit++) {
			const other = flip(Buffer.from(signature), [bit]).toString('latin1');
			expect(await accepted(bytes, { 'x-ghl-signature': other })).toBe(false);
		}
	});

	test('the headers', async () => {
		const name = fc.constantFrom(
			'x-ghl-signature',
			'x-wh-signature',
			'x-ghl-signatur',
			'authorization',
			'content-type',
			'x-ghl-signature ',
		);
		await fc.assert(
			fc.asyncProperty(
				fc.dictionary(name, fc.oneof(fc.string(), fc.base64String(), fc.constant(signer.sign('')))),
				async (headers) => {
					expect(await accepted(bytes, headers)).toBe(false);
				},
			),
			{ numRuns: 1_000 },
		);
	});

	test('any bytes that are signed are answered, and start only what they may', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.uint8Array(),
					fc.json().map((text) => Buffer.from(text)),
				),
				async (some) => {
					const { status, items } = await send(Buffer.from(some));
					expect([400, 401]).toContain(status);
					expect(items).toBeUndefined();
				},
			),
		);
	});
});

describe('events', () => {
	test('that are not chosen are dropped', async () => {
		for (const type of [
			'AssociationCreate',
			'AssociationUpdate',
			'RelationDelete',
			'ContactDelete',
			'others',
			'',
			'associationdelete',
		]) {
			expect(await send(event({ type }))).toEqual(dropped(/event/));
		}
		expect(await send({ ...event(), type: ['AssociationDelete'] })).toEqual(dropped(/event/));
	});

	test('all others are one choice', async () => {
		const parameters = { events: ['others'] };
		for (const type of ['ContactDelete', 'RecordDelete', 'others']) {
			expect(await send(event({ type }), { parameters })).toEqual(started);
		}
		expect(await send(event({ type: 'AssociationDelete' }), { parameters })).toEqual(
			dropped(/event/),
		);
	});

	test('are chosen by the words of the API', () => {
		const { properties } = new HighLevelAssociationsTrigger().description;
		const names = properties
			.find(({ name }) => name === 'events')!
			.options!.map((option) => 'value' in option && option.value);
		expect(names).toEqual([
			'others',
			'AssociationCreate',
			'AssociationDelete',
			'AssociationUpdate',
			'RelationCreate',
			'RelationDelete',
		]);
	});
});

describe('location', () => {
	test.each(['', LOCATION, `other, ${LOCATION}`, `${LOCATION}\nother`])(
		'is among %p',
		async (locationId) => {
			expect(await send(event(), { parameters: { locationId } })).toEqual(started);
		},
	);

	test.each(['other', LOCATION.toLowerCase(), `${LOCATION}x`])(
		'is not among %p',
		async (locationId) => {
			expect(await send(event(), { parameters: { locationId } })).toEqual(dropped(/location/));
		},
	);

	test('is missing', async () => {
		const body = { ...event(), locationId: undefined };
		expect(await send(body, { parameters: { locationId: LOCATION } })).toEqual(dropped(/location/));
	});
});

describe('repeated delivery', () => {
	test('starts nothing', async () => {
		const body = event();
		expect(await send(body)).toEqual(started);
		expect(await send(body)).toEqual(dropped(/came before/));
		expect(await send({ ...body, timestamp: new Date().toISOString(), key: 'other' })).toEqual(
			dropped(/came before/),
		);
	});

	test('starts nothing after n8n was started anew', async () => {
		const bodies = [event(), event(), event()];
		for (const body of bodies) expect(await send(body)).toEqual(started);
		n8n = startN8n();
		for (const body of bodies) expect(await send(body)).toEqual(dropped(/came before/));
		expect(await send(event())).toEqual(started);
	});

	test('starts nothing after an older n8n was started anew, which answers before it stores the run', async () => {
		const body = event();
		expect(await send(body, { answersFirst: true })).toEqual(started);
		n8n = startN8n();
		expect(await send(body, { answersFirst: true })).toEqual(dropped(/came before/));
	});

	test('starts nothing where it comes at the same time', async () => {
		const body = event();
		const outcomes = await Promise.all([send(body), send(body), send(body)]);
		expect(outcomes.filter(({ items }) => items)).toHaveLength(1);
		expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200]);
	});

	test('is known by its signature where it has no ID', async () => {
		const body = JSON.stringify({ ...event(), webhookId: undefined });
		expect(await send(body)).toEqual(started);
		expect(await send(body)).toEqual(dropped(/came before/));
		expect(await send({ ...event(), webhookId: undefined })).toEqual(started);
	});

	test('starts the workflow where n8n failed to do so before', async () => {
		const body = event();
		const beforeAnswer = () => {
			throw new Error('The database is gone');
		};
		expect(await send(body, { beforeAnswer })).toMatchObject({ status: 500 });
		expect(await send(body)).toEqual(started);
	});

	test('of a trigger is new to another', async () => {
		const body = event();
		expect(await send(body)).toEqual(started);
		database = { ...database, workflowId: randomUUID() };
		database.staticData = JSON.stringify({
			'node:Another': JSON.parse(database.staticData)['node:Trigger'],
		});
		expect(await send(body)).toEqual(started);
	});

	test('may come as often as one likes while the workflow is tested', async () => {
		const body = event();
		expect(await send(body, { mode: 'manual' })).toEqual(started);
		expect(await send(body, { mode: 'manual' })).toEqual(started);
		expect(await send(body)).toEqual(started);
	});

	test('is remembered whatever order deliveries are answered in', async () => {
		const [first, second] = [event(), event()];
		let answerFirst = () => {};
		const waits = new Promise<void>((resolve) => (answerFirst = resolve));
		const slow = send(first, { beforeAnswer: async () => await waits });
		expect(await send(second)).toEqual(started);
		answerFirst();
		expect(await slow).toEqual(started);
		n8n = startN8n();
		expect(await send(first)).toEqual(dropped(/came before/));
		expect(await send(second)).toEqual(dropped(/came before/));
	});

	test('may start the workflow where n8n was killed before the run was stored', async () => {
		const [first, second] = [event(), event()];
		let storeFirst = () => {};
		const waits = new Promise<void>((resolve) => (storeFirst = resolve));
		const slow = send(first, { beforeStored: async () => await waits });
		expect(await send(second)).toEqual(started);
		expect(await send(first)).toEqual(dropped(/came before/));
		const killed = { ...database };
		storeFirst();
		await slow;
		n8n = startN8n();
		database = killed;
		expect(await send(second)).toEqual(dropped(/came before/));
		expect(await send(first)).toEqual(started);
	});

	test('is forgotten once its timestamp is too old anyway', async () => {
		const now = jest.spyOn(Date, 'now');
		try {
			const begin = Date.parse('2026-06-01T12:00:00Z');
			for (let minute = 0; minute <= 60; minute++) {
				now.mockReturnValue(begin + minute * MINUTE);
				const timestamp = new Date(begin + (minute + 5) * MINUTE).toISOString();
				const body = event({ timestamp });
				expect(await send(body)).toEqual(started);
				now.mockReturnValue(begin + (minute + 10) * MINUTE);
				expect(await send(body)).toEqual(dropped(/came before/));
			}
			expect(
				Object.keys(JSON.parse(database.staticData)['node:Trigger'].deliveries).length,
			).toBeLessThan(15);
		} finally {
			now.mockRestore();
		}
	});
});

describe('header instead of a signature', () => {
	const credential = { headerName: 'X-Webhook-Secret', secret: 'a-long-random-text' };
	const parameters = { incomingAuthentication: 'headerAuth' };
	const action = {
		contact_id: '1',
		location: { id: LOCATION },
		customData: { timestamp: 'long ago' },
	};
	const post = async (headers: Record<string, string>, more: object = {}, body: object = action) =>
		await n8n(
			database,
			{ body: JSON.stringify(body), headers },
			{ credential, parameters: { ...parameters, ...more } },
		);

	test('lets in what carries it, and nothing else', async () => {
		expect((await post({ 'x-webhook-secret': credential.secret })).items).toEqual([
			{ json: action },
		]);
		const wrong: Array<Record<string, string>> = [
			{},
			{ 'x-webhook-secret': '' },
			{ 'x-webhook-secret': 'a-long-random-tex' },
			{ 'x-other': credential.secret },
		];
		for (const headers of wrong) expect(await post(headers)).toEqual(refused(401, /header/));
	});

	test('lets in no signature', async () => {
		const body = JSON.stringify(event());
		const headers = { 'x-ghl-signature': signer.sign(body) };
		expect(await n8n(database, { body, headers }, { credential, parameters })).toEqual(
			refused(401, /header/),
		);
	});

	test('lets in nothing where the secret is empty', async () => {
		const headers = { 'x-webhook-secret': '' };
		const settings = { parameters, credential: { ...credential, secret: '' } };
		expect(await n8n(database, { body: '{}', headers }, settings)).toEqual(refused(401, /header/));
	});

	test('is not enough where the signature is chosen', async () => {
		const headers = { 'x-webhook-secret': credential.secret };
		expect(
			await n8n(database, { body: '{}', headers }, { credential, parameters: chosen }),
		).toMatchObject({ status: 401 });
	});

	test("knows the location of HighLevel's workflow action", async () => {
		const headers = { 'x-webhook-secret': credential.secret };
		expect(await post(headers, { locationId: LOCATION })).toEqual(started);
		expect(await post(headers, { locationId: 'other' })).toEqual(dropped(/location/));
	});

	test('tells a repeated delivery by its ID, where it has one', async () => {
		const headers = { 'x-webhook-secret': credential.secret };
		const body = { ...action, webhookId: '1' };
		expect(await post(headers, {}, body)).toEqual(started);
		expect(await post(headers, {}, body)).toEqual(dropped(/came before/));
		expect(await post(headers)).toEqual(started);
		expect(await post(headers)).toEqual(started);
	});

	test.each([
		[credential, 'OK'],
		[{ ...credential, secret: 'short' }, 'Error'],
		[{ ...credential, headerName: 'not a name' }, 'Error'],
		[{}, 'Error'],
	])('its credential is tested: %p', async (data, status) => {
		const tested = { id: '1', name: 'Header', type: 'highLevelWebhookHeaderApi', data };
		expect(await testWebhookHeader.call({} as never, tested)).toMatchObject({
			status,
			message: expect.stringMatching(/\w/),
		});
	});
});

describe('activation', () => {
	const {
		create,
		checkExists,
		delete: remove,
	} = new HighLevelAssociationsTrigger().webhookMethods.default;
	const hook = (values: Record<string, unknown>) =>
		({
			getNode: () => ({ name: 'Trigger' }),
			getNodeParameter: (name: string) => values[name],
		}) as never;

	test('asks nobody, as no API registers the URL', async () => {
		const context = hook({ incomingAuthentication: 'signature', publicKey: signer.publicKey });
		expect(await checkExists.call(context)).toBe(false);
		expect(await create.call(context)).toBe(true);
		expect(await remove.call(context)).toBe(true);
	});

	test('fails where the key can verify nothing', async () => {
		const context = hook({ incomingAuthentication: 'signature', publicKey: 'none' });
		await expect(create.call(context)).rejects.toThrow('The Public Key is not an Ed25519 key');
	});

	test('needs no key for a header', async () => {
		expect(await create.call(hook({ incomingAuthentication: 'headerAuth' }))).toBe(true);
	});
});
