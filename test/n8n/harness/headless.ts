import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { n8nCommand, type N8nProgram } from './commandLine';
import { readRun, type CredentialFile, type WorkflowFile, type WorkflowRun } from './workflow';

/** Imports a credential with `n8n import:credentials`, as its type and ID are, over one already there. */
export const importCredential = async (program: N8nProgram, credential: CredentialFile) =>
	await importFile(program, 'import:credentials', [credential]);

/** Imports a workflow with `n8n import:workflow`. n8n refuses one that does not say whether it is active. */
export const importWorkflow = async (
	program: N8nProgram,
	workflow: WorkflowFile & { id: string },
) => await importFile(program, 'import:workflow', [{ active: false, ...workflow }]);

async function importFile(program: N8nProgram, command: string, content: unknown[]): Promise<void> {
	const folder = await mkdtemp(join(program.home, 'import-'));
	const file = join(folder, 'import.json');
	try {
		await writeFile(file, JSON.stringify(content));
		const { stdout, stderr } = await n8nCommand(program, [command, `--input=${file}`]);
		// It ends with code 0 even where it has imported nothing.
		if (!/Successfully imported/.test(stdout))
			throw new Error(`${command} failed:\n${stdout}${stderr}`);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/**
 * Runs an imported workflow with `n8n execute`, from its Manual Trigger. `printed` is all that n8n printed.
 *
 * @throws where n8n ran nothing, as for an unknown ID or another trigger
 */
export async function execute(
	program: N8nProgram,
	workflowId: string,
	logLevel: 'info' | 'debug' = 'info',
): Promise<WorkflowRun & { printed: string }> {
	// Into a file: into a pipe, n8n's last words may be cut off, as it does not wait until they are read.
	const folder = await mkdtemp(join(program.home, 'printed-'));
	const path = join(folder, 'stdout');
	const file = await open(path, 'w');
	const args = ['execute', `--id=${workflowId}`];
	const { stderr } = await n8nCommand(program, args, { logLevel, stdout: file.fd });
	await file.close();
	const stdout = await readFile(path, 'utf8');
	await rm(folder, { recursive: true });
	const printed = stdout + stderr;
	// The run is printed as indented JSON among the lines of the log, with log level debug in colours.
	const [json] = /\{\n {2}"data": \{\n[^]*?\n\}/.exec(stripVTControlCharacters(stdout)) ?? [];
	if (!json) throw new Error(`n8n ran nothing:\n${printed}`);
	return { ...readRun(JSON.parse(json)), printed };
}
