import { createHash, timingSafeEqual } from 'crypto';
import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	INodeCredentialTestResult,
} from 'n8n-workflow';

const MIN_SECRET_LENGTH = 16;

/** Whether a request contains the credential's header. Compares in constant time. */
export function hasHeader(
	headers: Record<string, string | string[] | undefined>,
	{ headerName, secret }: ICredentialDataDecryptedObject,
): boolean {
	const value = headers[String(headerName).trim().toLowerCase()];
	if (!secret || typeof value !== 'string') return false;
	return timingSafeEqual(digest(value), digest(String(secret)));
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Tests that the header can be sent and that its secret is hard to guess. Sends nothing: HighLevel sends the header. */
export async function testWebhookHeader(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const message = validate(String(data.headerName ?? '').trim(), String(data.secret ?? ''));
	if (message) return { status: 'Error', message };
	return { status: 'OK', message: 'The header is valid. Enter it in HighLevel too.' };
}

/** What is wrong with a header's name or value; undefined if they are valid. */
function validate(name: string, secret: string): string | undefined {
	if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
		return "'Header Name' is empty or contains a character that is invalid in header names.";
	if (!/^[\x21-\x7e]*$/.test(secret))
		return "'Secret' contains whitespace or a non-ASCII character.";
	if (secret.length < MIN_SECRET_LENGTH)
		return `'Secret' is too easy to guess. Use at least ${MIN_SECRET_LENGTH} random characters.`;
	return undefined;
}
