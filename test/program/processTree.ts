import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

interface Row {
	pid: number;
	parent: number;
	state: string;
	command: string;
}

function rows(): Row[] {
	return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
		.split('\n')
		.flatMap((line) => {
			const [, pid, parent, state = '', command = ''] =
				/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
			return pid ? [{ pid: Number(pid), parent: Number(parent), state, command }] : [];
		});
}

/** A process and all that it and its children have started and that are there now. */
export function processTree(pid: number): Row[] {
	const all = rows();
	const below = (parent: number): Row[] =>
		all.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
	return [...all.filter((row) => row.pid === pid), ...below(pid)];
}

/** Waits until none of these processes is there, and gives those that are still there after 20 seconds. */
export async function leftOf(processes: Row[]): Promise<Row[]> {
	const pids = processes.map(({ pid }) => pid);
	const left = () =>
		rows().filter(({ pid, state }) => pids.includes(pid) && !state.startsWith('Z'));
	for (let tries = 0; tries < 200 && left().length > 0; tries++) await sleep(100);
	return left();
}
