import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { INodeCredentialTestResult } from 'n8n-workflow';

import { readRun } from './workflow';
import type { CredentialFile, RawRun, WorkflowFile, WorkflowRun } from './workflow';

/** The owner of a temporary n8n, and nothing to keep secret: it listens on loopback only. */
export const OWNER = {
	email: 'demo@example.com',
	password: 'Demo-2026',
	firstName: 'Demo',
	lastName: 'Owner',
};

/** How long n8n may take for what is waited for, in ms. */
const LONGEST_WAIT = 120_000;

/** Calls n8n's REST API as its editor does. */
export interface Rest {
	/** Gives the `data` of n8n's response. Throws with n8n's message where it is no success. */
	<Data>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Data>;
}

/** What the tests and the demo do with a running n8n. */
export type N8nClient = ReturnType<typeof createClient>;

/**
 * A client of the n8n at this URL (without a slash at the end); n8n knows who it is after `setUpOwner`, once in the life
 * of an n8n, or `logIn`.
 */
export function createClient(url: string) {
	const rest = restClient(url);
	return {
		url,
		rest,
		/** All executions, or those of a workflow, the newest first. */
		async executions(workflowId?: string) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const all: Execution[] = [];
			for (let cursor: string | null | undefined = ''; typeof cursor === 'string'; ) {
				const path = `/executions?filter=${filter}&limit=100${cursor && `&cursor=${cursor}`}`;
				const page: Page = await rest('GET', path);
				all.push(...page.results);
				cursor = page.nextCursor;
			}
			return all;
		},
		setUpOwner: async () => {
			// A busy n8n says that it is ready a moment before its database is.
			await until('n8n to take its owner', async () => {
				const answer = await rest('POST', '/owner/setup', OWNER).catch((error: Error) => error);
				if (!(answer instanceof Error)) return true;
				if (/ gave 503: /.test(answer.message)) return undefined;
				throw answer;
			});
		},
		logIn: async () =>
			await rest<void>('POST', '/login', {
				emailOrLdapLoginId: OWNER.email,
				password: OWNER.password,
			}),
		/** What n8n's editor does when a credential is saved: asks n8n whether it works. Up to 2.30, n8n asks for its ID. */
		testCredential: async (credential: Omit<CredentialFile, 'id'>, id = '') =>
			await rest<INodeCredentialTestResult>('POST', '/credentials/test', {
				credentials: { id, ...credential },
			}),
		/** Stores a credential, and gives it as a node names it. */
		async createCredential(credential: Omit<CredentialFile, 'id'>) {
			const { id } = await rest<{ id: string }>('POST', '/credentials', credential);
			return { id, name: credential.name };
		},
		/** Stores a workflow and gives its ID. */
		async createWorkflow(workflow: WorkflowFile): Promise<string> {
			// Without pin data n8n's editor fails at the second Execute step.
			const body = {
				settings: { executionOrder: 'v1' },
				pinData: {},
				// n8n up to 2.0 stores none without it.
				active: false,
				...workflow,
				id: undefined,
			};
			return (await rest<{ id: string }>('POST', '/workflows', body)).id;
		},
		/**
		 * Runs a stored workflow from one of its triggers, as the editor's button does, and gives the execution's ID. `data`
		 * is what the trigger gives, where n8n cannot tell.
		 */
		async start(workflowId: string, trigger: string, data?: object): Promise<string> {
			const body = { triggerToStartFrom: { name: trigger, data } };
			return (await rest<{ executionId: string }>('POST', `/workflows/${workflowId}/run`, body))
				.executionId;
		},
		/** Does so and waits for its end. */
		async runStored(workflowId: string, trigger: string, data?: object): Promise<WorkflowRun> {
			return await this.finishedRun(await this.start(workflowId, trigger, data));
		},
		/** Stores a workflow, runs it from its first node and waits for its end. */
		async run(workflow: WorkflowFile): Promise<WorkflowRun> {
			return await this.runStored(await this.createWorkflow(workflow), workflow.nodes[0]!.name);
		},
		/** Switches a stored workflow on, so that its triggers start it. */
		async activate(workflowId: string): Promise<void> {
			const { versionId } = await rest<{ versionId: string }>('GET', `/workflows/${workflowId}`);
			await rest('POST', `/workflows/${workflowId}/activate`, { versionId });
		},
		/** Switches it off. */
		deactivate: async (workflowId: string) =>
			await rest<void>('POST', `/workflows/${workflowId}/deactivate`, {}),
		/** Waits until a workflow is run for the nth time, whatever starts it, and for the end of that run. */
		async nthRun(workflowId: string, n = 1): Promise<WorkflowRun> {
			const { id } = await until(`run ${n} of workflow ${workflowId}`, async () =>
				(await this.executions(workflowId)).at(-n),
			);
			return await this.finishedRun(id);
		},
		/** Waits for the end of an execution. */
		async finishedRun(executionId: string): Promise<WorkflowRun> {
			const run = await until(`the end of execution ${executionId}`, async () => {
				const { data, ...found } = await rest<RawRun & { data: string }>(
					...(['GET', `/executions/${executionId}`] as const),
				);
				// n8n 1 notes the end before it stores what came of it.
				const stored = parse(data) as RawRun['data'] | undefined;
				return isOver(found) && stored?.resultData && { ...found, data: stored };
			});
			return readRun(run);
		},
	};
}

/** An execution, as n8n lists it. */
interface Execution {
	id: string;
	status: string;
}

interface Page {
	results: Execution[];
	/** n8n 1 has none. */
	nextCursor?: string | null;
}

/** Whether an execution has ended, with success or without. */
export const isOver = ({ status }: Pick<Execution, 'status'>) =>
	!['new', 'running', 'waiting'].includes(status);

/** @param url where n8n listens, without a slash at the end */
function restClient(url: string): Rest {
	// n8n ties a session to the browser that began it.
	const browserId = randomUUID();
	let cookie = '';
	return async (method, path, body) => {
		const response = await fetch(`${url}/rest${path}`, {
			method,
			headers: {
				...{ 'browser-id': browserId, 'content-type': 'application/json' },
				...(cookie && { cookie }),
				// A busy n8n closes a connection that has idled just when it is used again.
				connection: 'close',
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const session = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		if (session) cookie = session.split(';')[0] ?? '';
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} /rest${path} gave ${response.status}: ${text}`);
		return JSON.parse(text).data;
	};
}

/** Asks again and again until there is an answer other than `false`, for two minutes unless told how many ms. */
export async function until<Answer>(
	what: string,
	ask: () => Promise<Answer | undefined | false>,
	longest = LONGEST_WAIT,
): Promise<Answer> {
	for (const began = Date.now(); Date.now() - began < longest; ) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) return answer;
		await sleep(50);
	}
	throw new Error(`Timed out waiting for ${what}.`);
}
