import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { onEnd } from '../program/main';
import { pack } from '../n8n/install/communityPackage';
import type { Installation } from '../n8n/install/install';

/** The packed package, and what n8n needs in its environment to find it in the registry. */
export interface Published {
	name: string;
	env: NodeJS.ProcessEnv;
	remove(): Promise<void>;
}

/**
 * Packs the package, and makes an `npm` that finds it as if it were published. n8n installs community nodes with the
 * `npm` on its PATH (community-packages/npm-utils.js); what it asks the registry itself fails, as its proxy is not there,
 * and it then asks `npm`.
 */
export async function publish({ node }: Pick<Installation, 'node'>): Promise<Published> {
	const folder = await mkdtemp(join(tmpdir(), 'highlevel-registry-'));
	const remove = async () => await rm(folder, { recursive: true, force: true });
	onEnd(remove);
	const { name, version, filename } = await pack(folder);
	const path = [folder, dirname(node), process.env.PATH].join(delimiter);
	const script = `#!/bin/sh
PATH=\${PATH#*:}
case "$1 $2" in
"view ${name}@"*) echo '"${version}"' ;;
"pack ${name}@"*) exec npm pack '${join(folder, filename)}' --quiet ;;
*) exec npm "$@" --offline ;;
esac
`;
	await writeFile(join(folder, 'npm'), script, { mode: 0o755 });
	const closed = 'http://127.0.0.1:9';
	return {
		name,
		env: { PATH: path, HTTP_PROXY: closed, HTTPS_PROXY: closed, NO_PROXY: '127.0.0.1' },
		remove,
	};
}
