import { CredentialTestContext } from 'n8n-core';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { HighLevelAssociations } from '../../nodes/HighLevelAssociations/HighLevelAssociations.node';
import { cloudflare } from '../simulator/cloudflare';
import { respond, TOKEN, useSimulator } from './useSimulator';

const sim = useSimulator();
const { testPrivateIntegration } = new HighLevelAssociations().methods.credentialTest;

/** What n8n shows of a credential. */
const check = async (more: ICredentialDataDecryptedObject = {}) =>
	await testPrivateIntegration.call(new CredentialTestContext(), {
		id: 'tested',
		name: 'Tested',
		type: 'highLevelPrivateIntegrationApi',
		data: sim.credentials({ apiVersion: '2021-07-28', locationId: '', ...more }),
	});

const OTHER_LOCATION = 'The token does not have access to this location.';

test.each([
	['with its Location ID', 've9EPM428h8vShlRW1KT'],
	['with its address', 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/'],
	['without a Location ID', ''],
])('a token that works is fine %s', async (_, locationId) => {
	expect(await check({ locationId })).toMatchObject({ status: 'OK' });
	expect(await sim.simulator.requests()).toHaveLength(1);
});

test('a Location ID of another sub-account is named', async () => {
	const { status, message } = await check({ locationId: 'elsewhere' });
	expect(status).toBe('Error');
	expect(message).toContain(
		`a different sub-account than the Location ID. HighLevel says: ${OTHER_LOCATION}`,
	);
});

test('a Location ID that was not entered is not named', async () => {
	await sim.fail(respond(403, { message: OTHER_LOCATION }));
	const { status, message } = await check();
	expect(status).toBe('Error');
	expect(message).toContain(OTHER_LOCATION);
	expect(message).not.toMatch(/Location ID/);
});

test.each(['authClass', 'userType', 'scope'] as const)(
	"a token of an agency's settings, refused by its %s, is told so",
	async (agency) => {
		const { scopes } = (await sim.simulator.state()).settings.tokens[0]!;
		await sim.simulator.set({ tokens: [{ name: TOKEN, scopes, agency }] });
		expect((await check()).message).toMatch(/made in the agency's settings/);
	},
);

test.each([
	[401, /^The token is invalid\. HighLevel says: Oops$/],
	[429, /^The token could not be checked: HighLevel returned 429/],
	[503, /^The token could not be checked: HighLevel returned 503/],
	[302, /^A proxy or firewall responded instead of HighLevel/],
])('what HighLevel says with %d is told', async (status, said) => {
	await sim.fail(respond(status, { message: 'Oops' }));
	expect(await check()).toEqual({ status: 'Error', message: expect.stringMatching(said) });
});

test.each([
	[{ kind: 'reset' }, /^HighLevel can't be reached \(ECONNRESET\)/],
	[{ kind: 'reset', stage: 'after' }, /^HighLevel can't be reached \(ECONNRESET\)/],
] as const)('a HighLevel that is away is no wrong token: %j', async (fault, said) => {
	await sim.fail(fault);
	expect(await check()).toEqual({ status: 'Error', message: expect.stringMatching(said) });
});

test('a version that HighLevel does not accept is no wrong token', async () => {
	const { message } = await check({ apiVersion: '2020-01-01' });
	expect(message).toBe('Choose another API Version. HighLevel says: version header is invalid');
});

test('what Cloudflare blocks is no wrong token and no wrong location', async () => {
	await sim.fail(cloudflare.blocked);
	for (const locationId of ['', sim.location]) {
		const { status, message } = await check({ locationId });
		expect(status).toBe('Error');
		expect(message).toMatch(/Cloudflare/);
		expect(message).not.toMatch(/token|Location ID/);
	}
});

test.each([200, 302, 403, 404])(
	'a web page with %d is no answer of HighLevel, and so proves no token',
	async (status) => {
		await sim.fail(respond(status, '<html>Sign in to this network</html>'));
		for (const locationId of ['', sim.location]) {
			const { status: result, message } = await check({ locationId });
			expect(result).toBe('Error');
			expect(message).toMatch(/^A proxy or firewall responded instead of HighLevel/);
		}
	},
);
