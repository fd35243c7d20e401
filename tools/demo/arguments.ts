import { parseArgs } from 'node:util';

import { Problem } from '../../test/program/problem';

/** What `npm start` was asked for. */
export interface DemoArguments {
	/** Stop after the run. */
	once: boolean;
	/** Where n8n's editor listens. */
	port: number;
}

const USAGE = 'Use: npm start -- [--once] [--port NUMBER]';

/** @throws {Problem} with how to call it, where the arguments are others */
export function readDemoArguments(args: string[]): DemoArguments {
	const { once, port } = parse(args);
	if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
		throw new Problem(`The port must be a number from 1 to 65535, not ${port}. ${USAGE}`);
	}
	return { once, port: Number(port) };
}

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			options: {
				once: { type: 'boolean', default: false },
				port: { type: 'string', default: '5678' },
			},
		}).values;
	} catch (error) {
		throw new Problem(`${error.message.split('. ')[0]}. ${USAGE}`);
	}
}
