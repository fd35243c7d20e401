import { run } from '../../program/processes';
import { n8nEnvironment } from './environment';
import { freePort } from './ports';

/** An n8n's command-line program, the Node binary for it, and the folder that n8n lives in. */
export interface N8nProgram {
	node: string;
	n8n: string;
	home: string;
	/** What Node is to be called with besides. */
	flags?: string[];
}

/** What a command may be run with besides. */
export interface CommandSettings {
	logLevel?: 'info' | 'debug';
	/** An open file for what it prints on stdout. */
	stdout?: number;
}

/** Runs one n8n command to its end, such as `['list:workflow']`, and gives its exit code and what it printed. */
export async function n8nCommand(
	{ node, n8n, flags = [], ...program }: N8nProgram,
	args: string[],
	{ logLevel, stdout }: CommandSettings = {},
) {
	const env = n8nEnvironment({ node, n8n }, { ...program, brokerPort: await freePort(), logLevel });
	return await run(node, [...flags, n8n, ...args], { cwd: program.home, env, stdout });
}
