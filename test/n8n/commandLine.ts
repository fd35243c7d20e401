import { run } from '../program/processes';
import { n8nEnvironment } from './environment';
import { freePort } from './ports';

/** An n8n's command-line program, the Node binary for it and its cache, and the folder that n8n lives in. */
export interface N8nProgram {
	node: string;
	n8n: string;
	compileCache: string;
	home: string;
}

/** Runs one n8n command to its end, such as `['list:workflow']`, and gives its exit code and what it printed. */
export async function n8nCommand({ node, n8n, ...program }: N8nProgram, args: string[], logLevel?: 'info' | 'debug') {
	const env = n8nEnvironment(node, { ...program, brokerPort: await freePort(), logLevel });
	return await run(node, [n8n, ...args], { cwd: program.home, env });
}
