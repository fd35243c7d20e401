import { dirname, join } from 'node:path';

const nextToEngine = { paths: [requireOnce.resolve('n8n-core')] };

/** The engine's own copy of a package, or of a file in one that the package does not export. */
export function requireOfEngine<Exports>(name: string, file?: string): Exports {
	const path = requireOnce.resolve(name, nextToEngine);
	return requireOnce(file ? join(dirname(path), file) : path) as Exports;
}
