import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { INodeCredentialTestResult } from 'n8n-workflow';

import type { N8nProgram } from './commandLine';
import { OWNER, restClient, type Rest } from './rest';
import { startServer, type Server, type ServerSettings } from './server';
import {
	readRun,
	type CredentialFile,
	type RawRun,
	type WorkflowFile,
	type WorkflowRun,
} from './workflow';

/** How long one workflow may run, in ms. */
const LONGEST_RUN = 120_000;

/** A running n8n, with its owner signed in. */
export interface Editor extends Server {
	rest: Rest;
	/** What n8n's editor does when a credential is saved: asks n8n whether it works. */
	testCredential(credential: Omit<CredentialFile, 'id'>): Promise<INodeCredentialTestResult>;
	/** Stores a credential and gives its ID. */
	createCredential(credential: Omit<CredentialFile, 'id'>): Promise<string>;
	/** Stores a workflow and gives its ID. */
	createWorkflow(workflow: WorkflowFile): Promise<string>;
	/** Runs a stored workflow from one of its triggers, as the editor's button does, and waits for its end. */
	run(workflowId: string, trigger: string): Promise<WorkflowRun>;
	/** Switches a stored workflow on, so that its triggers start it. */
	activate(workflowId: string): Promise<void>;
	/** Switches it off. */
	deactivate(workflowId: string): Promise<void>;
	/** Waits for the first run that a trigger of the workflow has started, and for its end. */
	firstTriggeredRun(workflowId: string): Promise<WorkflowRun>;
}

/** Starts n8n's server in a home that has no owner yet, and makes one (`OWNER`). */
export async function startEditor(
	program: N8nProgram,
	settings: ServerSettings = {},
): Promise<Editor> {
	const server = await startServer(program, settings);
	const rest = restClient(server.url);
	try {
		await rest('POST', '/owner/setup', OWNER);
	} catch (error) {
		await server.stop();
		throw error;
	}

	const finished = async (executionId: string): Promise<WorkflowRun> => {
		const execution = await until(async () => {
			const found = await rest<{ status: string; data: string }>(
				'GET',
				`/executions/${executionId}`,
			);
			return ['new', 'running', 'waiting'].includes(found.status) ? undefined : found;
		}, `the end of execution ${executionId}`);
		return readRun({ ...execution, data: parse(execution.data) } as unknown as RawRun);
	};

	return {
		...server,
		rest,
		testCredential: async (credential) =>
			await rest('POST', '/credentials/test', { credentials: { id: '', ...credential } }),
		createCredential: async (credential) =>
			(await rest<{ id: string }>('POST', '/credentials', credential)).id,
		createWorkflow: async (workflow) =>
			(
				await rest<{ id: string }>('POST', '/workflows', {
					settings: {},
					...workflow,
					id: undefined,
				})
			).id,
		async run(workflowId, trigger) {
			const { executionId } = await rest<{ executionId: string }>(
				'POST',
				`/workflows/${workflowId}/run`,
				{
					triggerToStartFrom: { name: trigger },
				},
			);
			return await finished(executionId);
		},
		async activate(workflowId) {
			const { versionId } = await rest<{ versionId: string }>('GET', `/workflows/${workflowId}`);
			await rest('POST', `/workflows/${workflowId}/activate`, { versionId });
		},
		deactivate: async (workflowId) => await rest('POST', `/workflows/${workflowId}/deactivate`, {}),
		async firstTriggeredRun(workflowId) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId, mode: 'trigger' }));
			const id = await until(async () => {
				const { results } = await rest<{ results: Array<{ id: string }> }>(
					'GET',
					`/executions?filter=${filter}`,
				);
				return results.at(-1)?.id;
			}, `a triggered run of workflow ${workflowId}`);
			return await finished(id);
		},
	};
}

async function until<Answer>(
	ask: () => Promise<Answer | undefined>,
	what: string,
): Promise<Answer> {
	for (const began = Date.now(); Date.now() - began < LONGEST_RUN; ) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		await sleep(50);
	}
	throw new Error(`Waited in vain for ${what}.`);
}
