import { readArguments } from '../program/arguments';
import { Problem } from '../program/problem';
import { scopes, type Scope } from './contract';
import { knobs, validationMessage, type Settings, type Token } from './settings';

/** What the arguments say to do. */
export interface Command {
	settings: Partial<Settings>;
	help: boolean;
	exitWithStdin: boolean;
}

/** The settings that have a flag of their own; `--settings` takes them all. */
const numbers = ['port', 'limit', 'window'] as const;

const flags: Record<string, string> = {
	...Object.fromEntries(numbers.map((key) => [key, knobs[key][2]])),
	token: 'NAME or NAME=scope,scope: a token and its scopes, all of them without =; repeatable',
	settings: 'all settings as a JSON object; a flag of its own goes first',
	'exit-with-stdin': 'end when standard input ends',
	help: 'this text',
};

/** What `--help` prints. */
export const helpText = (): string =>
	[
		'Usage: node test/simulator [flags]',
		'',
		'A simulated HighLevel on 127.0.0.1. Prints {"url":"..."} when it is ready.',
		'',
		...Object.entries(flags).map(([flag, help]) => `  --${flag}: ${help}`),
		'',
		'Settings, as --settings and PUT /__simulator/settings take them, with their defaults:',
		...Object.entries(knobs).map(
			([key, [standard, , help]]) => `  ${key}: ${help} (${JSON.stringify(standard)})`,
		),
		'',
		'To read and change it while it runs:',
		'  GET, DELETE /__simulator/requests: what it received, and forget that',
		'  GET /__simulator/state: associations, relations, records, OAuth counters, settings',
		'  POST /__simulator/reset: start again; the body changes settings',
		'  PUT /__simulator/settings: change settings, e.g. {"limit":20}',
		'  DELETE /__simulator/records/ID: remove a record and its relations',
		'  POST /__simulator/oauth/expire: end all OAuth access tokens',
		'',
	].join('\n');

function readToken(text: string): Token {
	const [name = '', listed] = text.split('=');
	if (name === '') throw new Problem('--token needs a name, e.g. pit-demo=associations.readonly.');
	return { name, scopes: (listed?.split(',').filter(Boolean) as Scope[]) ?? [...scopes] };
}

function readNumber(flag: string, text: string): number {
	const number = Number(text);
	if (text.trim() !== '' && Number.isFinite(number)) return number;
	throw new Problem(`--${flag} must be a number, not "${text}".`);
}

function readSettings(text: string): Partial<Settings> {
	try {
		return JSON.parse(text) as Partial<Settings>;
	} catch {
		throw new Problem(`--settings must be JSON, not "${text}".`);
	}
}

/** @throws {Problem} with a mistake in the arguments */
export function readCommand(args: string[]): Command {
	const options = {
		...Object.fromEntries(numbers.map((key) => [key, { type: 'string' as const }])),
		token: { type: 'string', multiple: true },
		settings: { type: 'string', default: '{}' },
		'exit-with-stdin': { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	} as const;
	const values = readArguments(args, options, '--help lists the flags.');
	const settings = readSettings(values.settings);
	for (const key of numbers) {
		const text = (values as Record<string, unknown>)[key];
		if (typeof text === 'string') settings[key] = readNumber(key, text);
	}
	if (values.token) settings.tokens = values.token.map(readToken);
	const message = validationMessage(settings);
	if (message !== undefined) throw new Problem(message);
	return { settings, help: values.help, exitWithStdin: values['exit-with-stdin'] };
}
