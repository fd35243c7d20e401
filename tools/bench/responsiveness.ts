import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';

import type { Home } from '../../test/n8n/harness/home';
import { deleteWorkflow, NODES } from '../../test/n8n/harness/deleteWorkflow';
import { isOver, until, type N8nClient } from '../../test/n8n/harness/n8nClient';
import { startN8n, type Server } from '../../test/n8n/harness/n8nServer';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import { deletable } from '../../test/n8n/harness/deletions';
import { progress } from '../../test/program/progress';
import type { StartedSimulator } from '../../test/simulator/start';
import { contestants, HTTP_REQUEST, NODE } from './contestants';
import { aligned, mebibytes, seconds } from './table';

/** Milliseconds between two questions whether n8n responds. */
const INTERVAL = 50;

/** What is run, one after the other in the same n8n. */
const RUNS: Array<{
	title: string;
	node: string;
	isNumbers?: boolean;
	onError?: INode['onError'];
}> = [
	{ title: 'HTTP Request', node: HTTP_REQUEST },
	{ title: 'This node', node: NODE },
	{ title: 'This node, numbers instead of IDs', node: NODE, isNumbers: true },
	{
		title: 'The same, On Error = Continue',
		...{ node: NODE, isNumbers: true, onError: 'continueRegularOutput' },
	},
];

/** Measures for how long an n8n is silent while it runs so many items without a limit, and gives a table. */
export async function measureResponsiveness(
	program: Home,
	simulator: StartedSimulator,
	items: number,
): Promise<string> {
	const server = await startN8n(program);
	try {
		const credential = await server.createCredential(privateIntegration(simulator));
		const credentials = { [CREDENTIAL_TYPE]: credential };
		const lines: string[][] = [];
		for (const { title, node, isNumbers, onError } of RUNS) {
			await simulator.reset({ limit: 0, associations: items, system: 0, relations: 0 });
			const stored = await deletable(simulator);
			const ids = isNumbers ? stored.map((_, index) => index) : stored;
			const contestant = contestants.find(({ name }) => name === node)!;
			const settings = { ...contestant.settings(simulator.url), onError };
			const workflow = deleteWorkflow({ ids, credentials, settings });
			const workflowId = await server.createWorkflow(workflow);
			const { silence, time, memory } = await progress(title, () => watch(server, workflowId));
			lines.push([title, seconds(silence), seconds(time), mebibytes(memory)]);
		}
		return [
			`${items} items in one n8n.`,
			...aligned([['', 'longest silence', 'time', 'memory'], ...lines]),
			'',
		].join('\n');
	} finally {
		await server.stop();
	}
}

/** Runs a workflow; how long n8n took to respond at most, how long it ran, and the most memory that it was seen to hold. */
async function watch(server: Server & N8nClient, workflowId: string) {
	let [silence, memory, hasEnded] = [0, 0, false];
	const watching = (async () => {
		let asked = performance.now();
		while (!hasEnded) {
			// A busy n8n closes a connection that has idled just when it is used again, and resets one now and then.
			const response = await fetch(`${server.url}/healthz`, {
				headers: { connection: 'close' },
			}).catch(() => undefined);
			await response?.text();
			silence = Math.max(silence, performance.now() - asked);
			memory = Math.max(memory, await readMemory(server.pid));
			await sleep(INTERVAL);
			if (response) asked = performance.now();
		}
	})();
	const executionId = await server.start(workflowId, NODES.trigger);
	// Not by the execution itself: its data is large, so that reading it would keep n8n busy.
	await until('the end of the run', async () => {
		const [execution] = await server.executions(workflowId);
		return execution && isOver(execution);
	});
	hasEnded = true;
	await watching;
	const { raw } = await server.finishedRun(executionId);
	const [task] = raw.data.resultData.runData[NODES.delete] ?? [];
	return { silence, time: task?.executionTime ?? NaN, memory };
}

/** The memory that the n8n holds which leads a process group, in bytes; 0 where the system does not say. */
async function readMemory(group: number): Promise<number> {
	const read = async (file: string) => await readFile(`/proc/${file}`, 'utf8').catch(() => '');
	const [child = group] = (await read(`${group}/task/${group}/children`)).match(/\d+/g) ?? [];
	return Number(/VmRSS:\s+(\d+)/.exec(await read(`${child}/status`))?.[1] ?? 0) * 1_024;
}
