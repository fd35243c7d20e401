/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error -- the simulator is a program of its own, not part of the published node */
import { parseArgs } from 'node:util';

import { scopes, type Scope } from './contract';
import type { FaultRule } from './faults';
import { complaintAbout, flagOf, knobs, type Settings, type Token } from './settings';

/** What the arguments say to do. */
export interface Command {
	settings: Partial<Settings>;
	help: boolean;
	exitWithStdin: boolean;
}

/** A mistake in the arguments, as a sentence for the user. */
export class BadArguments extends Error {}

const shortcuts = ['reset', 'hang', 'slow'] as const;

const wrap = (text: string, width: number): string[] =>
	text.split(' ').reduce<string[]>(
		(lines, word) => {
			const line = lines.at(-1)!;
			return line.length + word.length < width
				? [...lines.slice(0, -1), `${line} ${word}`.trim()]
				: [...lines, word];
		},
		[''],
	);

/** What `--help` prints. */
export function helpText(): string {
	const entries = Object.entries(knobs).map(([key, knob]) => {
		const initial =
			key === 'tokens' ? 'pit-demo' : key === 'faults' ? 'none' : String(knob.default);
		const name = typeof knob.default === 'boolean' ? `--[no-]${flagOf(key)}` : `--${flagOf(key)}`;
		return [name, `${knob.help} (${initial})`];
	});
	entries.push(
		[
			'--reset, --hang, --slow',
			'share of requests, from 0 to 1, whose connection breaks, that get no answer, or a late one',
		],
		['--status-NNN', 'share of requests answered with this status, e.g. --status-503 0.05'],
		[
			'--settings',
			'all settings at once, as a JSON object with the names of PUT /__simulator/settings',
		],
		[
			'--exit-with-stdin',
			'end when standard input ends, so that no simulator outlives the program that started it',
		],
		['--help', 'this text'],
	);
	const lines = entries.map(
		([flag, text]) => `  ${flag!.padEnd(25)}${wrap(text!, 75).join(`\n${' '.repeat(27)}`)}`,
	);
	return [
		'Usage: node test/simulator [flags]',
		'',
		'A simulated HighLevel Associations API on 127.0.0.1. Prints {"url":"..."} when it is ready.',
		'',
		...lines,
		'',
		'To read and change it while it runs:',
		'  GET, DELETE /__simulator/requests   what it received, and forget that',
		'  GET  /__simulator/state             associations, relations, OAuth counters, settings',
		'  POST /__simulator/reset             start anew; the body changes settings',
		'  PUT  /__simulator/settings          change settings, e.g. {"limit":20}',
		'  POST /__simulator/oauth/expire      end all OAuth access tokens',
		'',
	].join('\n');
}

function readToken(text: string): Token {
	const [, name = '', listed, location] = /^([^=@]*)(?:=([^@]*))?(?:@(.*))?$/s.exec(text) ?? [];
	const wanted =
		listed === undefined ? [...scopes] : (listed.split(',').filter(Boolean) as Scope[]);
	const unknown = wanted.find((scope) => !scopes.includes(scope));
	if (name === '')
		throw new BadArguments('--token needs a name, e.g. pit-demo=associations.readonly.');
	if (unknown !== undefined)
		throw new BadArguments(
			`--token: there is no scope "${unknown}"; there are ${scopes.join(', ')}.`,
		);
	return { name, scopes: wanted, ...(location !== undefined && { location }) };
}

function readJson(flag: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new BadArguments(`--${flag} must be JSON, not "${text}".`);
	}
}

function readNumber(flag: string, text: string): number {
	const number = Number(text);
	if (text.trim() === '' || !Number.isFinite(number))
		throw new BadArguments(`--${flag} must be a number, not "${text}".`);
	return number;
}

const shortcutFlags = (args: string[]): string[] => [
	...shortcuts,
	...args.flatMap((arg) => /^--(status-[2-5]\d\d)(?:=|$)/.exec(arg)?.[1] ?? []),
];

function readShortcut(flag: string, text: string): FaultRule {
	const probability = readNumber(flag, text);
	if (!flag.startsWith('status-')) return { kind: flag as FaultRule['kind'], probability };
	return { kind: 'status', status: Number(flag.slice('status-'.length)), probability };
}

function parseFlags(args: string[]) {
	const flag = { type: 'boolean' as const };
	const value = { type: 'string' as const };
	const options: Record<string, { type: 'boolean' | 'string'; multiple?: boolean }> = {
		settings: value,
		'exit-with-stdin': flag,
		help: flag,
	};
	for (const [key, knob] of Object.entries(knobs)) {
		options[flagOf(key)] =
			typeof knob.default === 'boolean'
				? flag
				: { ...value, multiple: Array.isArray(knob.default) };
		if (typeof knob.default === 'boolean') options[`no-${flagOf(key)}`] = flag;
	}
	for (const shortcut of shortcutFlags(args)) options[shortcut] = value;
	try {
		return parseArgs({ args, options }).values as Record<
			string,
			string | string[] | boolean | undefined
		>;
	} catch (error) {
		throw new BadArguments(`${(error as Error).message.split(/\.\s/)[0]}; --help lists the flags.`);
	}
}

/** Reads the arguments; throws `BadArguments`. */
export function readCommand(args: string[]): Command {
	const values = parseFlags(args);
	const settings: Record<string, unknown> = {};
	if (typeof values.settings === 'string')
		Object.assign(settings, readJson('settings', values.settings));
	for (const [key, knob] of Object.entries(knobs)) {
		const flag = flagOf(key);
		const value = values[flag];
		if (values[`no-${flag}`] === true) settings[key] = false;
		else if (key === 'tokens' && Array.isArray(value)) settings[key] = value.map(readToken);
		else if (key === 'faults' && Array.isArray(value))
			settings[key] = value.map((text) => readJson(flag, text));
		else if (typeof value === 'string' && typeof knob.default === 'number')
			settings[key] = readNumber(flag, value);
		else if (value !== undefined) settings[key] = value;
	}
	const chances = shortcutFlags(args).flatMap((flag) =>
		typeof values[flag] === 'string' ? [readShortcut(flag, values[flag])] : [],
	);
	if (chances.length > 0)
		settings.faults = [...((settings.faults as FaultRule[] | undefined) ?? []), ...chances];
	const complaint = complaintAbout(settings, (key) => `--${flagOf(key)}`);
	if (complaint !== undefined) throw new BadArguments(complaint);
	return {
		settings,
		help: values.help === true,
		exitWithStdin: values['exit-with-stdin'] === true,
	};
}
