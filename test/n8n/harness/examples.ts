import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../program/bootstrap';
import type { WorkflowFile } from './workflow';

const FOLDER = join(ROOT, 'examples');

/** The example workflows by the names of their files, each with its HighLevel nodes set to a stored credential. */
export function exampleWorkflows(
	type: string,
	credential: { id: string; name: string },
): Map<string, WorkflowFile> {
	const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
	return new Map(
		files.map((file) => [file, readWithCredential(join(FOLDER, file), type, credential)]),
	);
}

/** Reads a workflow as a user imports it, and sets its nodes that need a credential of this type to a stored one. */
export function readWithCredential(
	file: string,
	type: string,
	credential: { id: string; name: string },
): WorkflowFile {
	const workflow: WorkflowFile = JSON.parse(readFileSync(file, 'utf8'));
	for (const { credentials } of workflow.nodes) {
		if (credentials?.[type]) credentials[type] = credential;
	}
	return workflow;
}
