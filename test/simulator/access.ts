import { versions, type Endpoint } from './contract';
import type { World } from './world';

/** What is read of a request to decide whether it may be carried out. */
export interface Requester {
	version: string | undefined;
	token: string;
	/** The locations it is about: the one it names, and the one of the stored thing it names. */
	locations: unknown[];
}

/** The token in an `Authorization` header. */
export const readToken = (header: string | undefined): string =>
	/^Bearer\s+(.*)$/i.exec(header ?? '')?.[1] ?? '';

/** Why a request is refused, or nothing if it may be carried out. */
export function findRejection(
	world: World,
	endpoint: Endpoint,
	requester: Requester,
): { status: 401 | 403; message: string } | undefined {
	const { version } = requester;
	if (!version) return { status: 401, message: 'version header was not found.' };
	if (!(versions as readonly string[]).includes(version))
		return { status: 401, message: 'version header is invalid' };

	const token = world.token(requester.token);
	if (!token) return { status: 401, message: 'Invalid Private Integration token' };
	if (token === 'expired') return { status: 401, message: 'Invalid JWT' };
	if (!token.scopes.includes(endpoint.scope)) {
		return { status: 401, message: 'The token is not authorized for this scope.' };
	}

	const own = token.location ?? world.settings.location;
	// A location that is empty or no text is left to the validation.
	if (
		requester.locations.some(
			(location) => typeof location === 'string' && location !== '' && location !== own,
		)
	) {
		return { status: 403, message: 'The token does not have access to this location.' };
	}
	return undefined;
}
