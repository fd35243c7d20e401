import { createHash, timingSafeEqual } from 'crypto';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
} from 'n8n-workflow';

const SHORTEST = 16;

/** Whether a request carries the credential's header. Takes as long for a value that is nearly right as for any other. */
export function hasHeader(
	headers: Record<string, string | string[] | undefined>,
	{ headerName, secret }: ICredentialDataDecryptedObject,
): boolean {
	const value = headers[String(headerName).trim().toLowerCase()];
	if (!secret || typeof value !== 'string') return false;
	return timingSafeEqual(digest(value), digest(String(secret)));
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Says whether the header can be sent and is hard to guess. Nothing is asked of HighLevel: it is HighLevel that sends it. */
export async function testWebhookHeader(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const message = flawOf(String(data.headerName ?? '').trim(), String(data.secret ?? ''));
	if (message) return { status: 'Error', message };
	return { status: 'OK', message: 'The header can be used. Enter it at HighLevel too.' };
}

function flawOf(name: string, value: string): string | undefined {
	if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
		return 'The name is empty or holds a character that no header can have.';
	if (!/^[\x21-\x7e]*$/.test(value))
		return 'The secret holds a blank or a character that not every sender can send.';
	if (value.length < SHORTEST)
		return `The secret is too easy to guess. Use at least ${SHORTEST} random characters.`;
	return undefined;
}
