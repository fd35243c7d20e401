import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { readLocationId, readToken } from '../../../credentials/fields';
import { HighLevelPrivateIntegrationApi } from '../../../credentials/HighLevelPrivateIntegrationApi.credentials';
import { CLOUDFLARE, isAgencyToken, isCloudflare, isScopeMissing } from '../transport/errors';
import { isTimeout } from '../transport/networkErrors';
import { isWebPage, readMessage } from '../transport/response';

/**
 * Tests the credential with one read and says what HighLevel made of it. With a location it lists one association;
 * without one it asks for an ID that no association has, since that is all that needs no location.
 *
 * The node names it as `testedBy`: n8n's declarative tests cannot tell two responses of the same status apart.
 */
export async function testPrivateIntegration(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const message = await findProblem(this, credential.data ?? {});
	return message ? { status: 'Error', message } : { status: 'OK', message: 'The token is valid.' };
}

/** What is wrong with the credential; undefined if HighLevel accepts it. */
async function findProblem(
	{ helpers }: ICredentialTestFunctions,
	data: ICredentialDataDecryptedObject,
): Promise<string | undefined> {
	const token = readToken(data);
	const locationId = readLocationId(data.locationId);
	if (!/^[\x21-\x7e]+$/.test(token)) {
		return 'The token is empty or contains an invalid character. Copy it again from HighLevel.';
	}
	if (/[^\w-]/.test(locationId)) {
		return `'${locationId}' is not a Location ID. A Location ID looks like ve9EPM428h8vShlRW1KT.`;
	}
	const { headers } = await new HighLevelPrivateIntegrationApi().authenticate(data, { url: '' });
	try {
		// `request` is the only helper that n8n offers to a credential test (n8n-core, CredentialTestContext).
		const { statusCode, body } = await helpers.request({
			method: 'GET',
			uri: `${String(data.baseUrl)}/associations/${locationId ? '' : '000000000000000000000000'}`,
			qs: locationId ? { locationId, skip: 0, limit: 1 } : {},
			headers,
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: 20_000,
		});
		if (isCloudflare(statusCode, body)) return CLOUDFLARE;
		if ((statusCode < 500 && isWebPage(body)) || (statusCode >= 300 && statusCode < 400)) {
			return "A proxy or firewall responded instead of HighLevel. Check n8n's proxy settings.";
		}
		return judge(statusCode, readMessage(body).replaceAll(token, '***'), locationId !== '');
	} catch (error) {
		const { code: own, cause } = error as { code?: string; cause?: { code?: string } };
		const code = own ?? cause?.code ?? 'no response';
		const what = isTimeout(code) ? 'did not respond in time' : "can't be reached";
		return `HighLevel ${what} (${code}). Check n8n's network, then try again.`;
	}
}

function judge(status: number, said: string, hasLocation: boolean): string | undefined {
	if (status >= 200 && status < 300) return undefined;
	if (isAgencyToken(said)) {
		return "The token was made in the agency's settings. Create one in the sub-account under Settings > Private Integrations.";
	}
	if (isScopeMissing(status, said)) {
		return "The token is valid but lacks the scope associations.readonly, or it was made in the agency's settings. Deleting by ID still works if it has associations.write; everything that reads does not.";
	}
	if (/version header/i.test(said)) return `Choose another API Version. HighLevel says: ${said}`;
	if (status === 401) return `The token is invalid. HighLevel says: ${said}`;
	if (status === 403) {
		return hasLocation
			? `The token belongs to a different sub-account than the Location ID. HighLevel says: ${said}`
			: `The token is valid but has no access. HighLevel says: ${said}`;
	}
	if ([400, 404, 422].includes(status)) {
		return hasLocation
			? `The token is valid but HighLevel rejects the Location ID: ${said}`
			: undefined;
	}
	return `The token could not be checked: HighLevel returned ${status}. Try again later.`;
}
