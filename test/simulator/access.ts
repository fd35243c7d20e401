import { versions, type Endpoint } from './contract';
import type { World } from './world';

/** What is read of a request to decide whether it may be carried out. */
export interface Requester {
	version: string | undefined;
	token: string;
	/** The locations it is about: the one it names, and the one of the stored thing it names. */
	locations: unknown[];
}

const scopeMessage = 'The token is not authorized for this scope.';
const authClassMessage =
	'This authClass type is not allowed to access this scope. Please verify your IAM configuration if this is not the case.';

/** What a sub-account's endpoint says to an agency's token; seen in logs of live accounts. */
const agencyMessages = {
	authClass: authClassMessage,
	userType: "Token's user type mismatch!",
	scope: scopeMessage,
};

/** Reads the token in an `Authorization` header. */
export const readToken = (header: string | undefined): string =>
	/^Bearer\s+(.*)$/i.exec(header ?? '')?.[1] ?? '';

/** Finds why a request is refused; undefined if it may be carried out. Scopes are checked before the location. */
export function findRejection(
	world: World,
	endpoint: Endpoint,
	{ version, token: name, locations }: Requester,
): { status: 401 | 403; message: string } | undefined {
	if (!version) return { status: 401, message: 'version header was not found.' };
	if (!(versions as readonly string[]).includes(version))
		return { status: 401, message: 'version header is invalid' };

	const token = world.token(name);
	if (!token) return { status: 401, message: 'Invalid Private Integration token' };
	if (token === 'expired') return { status: 401, message: 'Invalid JWT' };
	if (endpoint.agency && !token.agency) return { status: 401, message: authClassMessage };
	if (!endpoint.agency && token.agency) {
		return { status: 401, message: agencyMessages[token.agency] };
	}
	if (!token.scopes.includes(endpoint.scope)) return { status: 401, message: scopeMessage };
	if (endpoint.agency) return undefined;

	const own = token.location ?? world.settings.location;
	// A location that is empty or no text is left to the validation.
	const isAnother = (location: unknown) =>
		typeof location === 'string' && location !== '' && location !== own;
	if (locations.some(isAnother)) {
		return { status: 403, message: 'The token does not have access to this location.' };
	}
	return undefined;
}
