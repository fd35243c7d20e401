import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../program/bootstrap';
import type { WorkflowFile } from './workflow';

const FOLDER = join(ROOT, 'examples');

/** The example workflows by the names of their files, each with its HighLevel nodes set to a stored credential. */
export function exampleWorkflows(credential: {
	id: string;
	name: string;
	type: string;
}): Map<string, WorkflowFile> {
	const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
	return new Map(
		files.map((file) => [
			file,
			withCredential(readFileSync(join(FOLDER, file), 'utf8'), credential),
		]),
	);
}

function withCredential(
	json: string,
	{ id, name, type }: { id: string; name: string; type: string },
): WorkflowFile {
	const workflow: WorkflowFile = JSON.parse(json);
	for (const node of workflow.nodes) {
		if (node.credentials?.[type]) node.credentials[type] = { id, name };
	}
	return workflow;
}
