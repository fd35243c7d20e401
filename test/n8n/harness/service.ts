import { appendFileSync, readFileSync } from 'node:fs';

import { end, start } from '../../program/processes';

/** A program that runs until it is ended. */
export interface Service {
	/** The ID of its process group: all processes that it has started are in it. */
	pid: number;
	/** Everything that it, and others with the same log, have printed up to now. */
	log(): string;
	/** Fulfilled when it has ended, by `stop` or by itself. */
	ended: Promise<void>;
	/** Ends it and all processes that it has started. */
	stop(): Promise<void>;
	/** Kills them, without a chance to save anything. */
	kill(): Promise<void>;
}

/** How a service is run. */
export interface ServiceSettings {
	cwd: string;
	env?: NodeJS.ProcessEnv;
	/** What it prints when it is ready. */
	ready: string;
	/** The file to which all that it prints is added. */
	logFile: string;
}

/** Starts a program and waits until it is ready. Throws with what it printed where it ends before. */
export async function startService(
	command: string,
	args: string[],
	{ ready, logFile, ...options }: ServiceSettings,
): Promise<Service> {
	const child = start(command, args, options);
	const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
	let printed = '';
	await new Promise<void>((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8').on('data', (text) => {
				appendFileSync(logFile, text);
				printed += text;
				if (printed.includes(ready)) resolve();
			});
		}
		void ended.then(() => reject(new Error(`${command} did not start:\n${printed}`)));
	});
	return {
		pid: child.pid!,
		log: () => readFileSync(logFile, 'utf8'),
		ended,
		stop: async () => await end(child),
		async kill() {
			process.kill(-child.pid!, 'SIGKILL');
			await ended;
		},
	};
}
