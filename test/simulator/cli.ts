import { Problem } from '../program/problem';
import { helpText, readCommand, type Command } from './arguments';
import { createSimulator } from './server';

function fail(message: string, exitCode: number): void {
	process.stderr.write(`${message}\n`);
	process.exitCode = exitCode;
}

async function run({ settings, exitWithStdin }: Command): Promise<void> {
	const simulator = await createSimulator(settings);
	const stop = () => void simulator.close().then(() => process.exit());
	process.once('SIGTERM', stop);
	process.once('SIGINT', stop);
	if (exitWithStdin) process.stdin.once('end', stop).once('error', stop).resume();
	process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`);
}

async function main(): Promise<void> {
	try {
		const command = readCommand(process.argv.slice(2));
		if (command.help) process.stdout.write(helpText());
		else await run(command);
	} catch (error) {
		if (error instanceof Problem) return fail(error.message, 2);
		const { code, message } = error as NodeJS.ErrnoException;
		if (code !== 'EADDRINUSE') return fail(message, 1);
		fail('The port is in use; --port 0 takes a free one.', 1);
	}
}

void main();
