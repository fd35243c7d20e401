import { parseArgs, type ParseArgsConfig } from 'node:util';

import { Problem } from './problem';

/**
 * Reads a program's arguments.
 *
 * @param usage how to call it
 * @throws {Problem} with what is wrong and `usage`, where the arguments are others
 */
export function readArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
	args: string[],
	options: Options,
	usage: string,
) {
	try {
		return parseArgs({ args, options }).values;
	} catch (error) {
		throw new Problem(`${(error as Error).message.split(/\.\s/)[0]}. ${usage}`);
	}
}
