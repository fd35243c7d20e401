import type { Random } from './random';

/** A failure that is made to happen. */
export interface FaultRule {
	/** Only for this method. */
	method?: string;
	/** Only where this regular expression matches the undecoded path; by default, the whole associations API. */
	path?: string;
	/** How often it happens, from 0 to 1 (default). */
	probability?: number;
	/** How often it happens at most. */
	times?: number;
	/** `before`, or `after` the request was carried out, so that only its answer is lost. */
	stage?: 'before' | 'after';
	/** An answer with `status`; a broken connection; no answer ever; or the right answer, late. */
	kind: 'status' | 'reset' | 'hang' | 'slow';
	/** 503 by default. */
	status?: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON, a text as it is. */
	body?: unknown;
	/** Milliseconds to wait first; for `slow`, 1000 by default. */
	delay?: number;
}

export type Stage = 'before' | 'after';

/** A failure that happened, as the request log shows it. */
export interface FaultEntry {
	/** The position of the rule in the settings. */
	rule: number;
	stage: Stage;
	kind: FaultRule['kind'];
	status?: number;
}

interface Armed {
	rule: FaultRule;
	entry: FaultEntry;
	path: RegExp;
	left: number;
}

/** Decides which requests fail, and how. */
export class Faults {
	private readonly armed: Armed[];

	constructor(
		rules: FaultRule[],
		private readonly random: Random,
	) {
		this.armed = rules.map((rule, index) => ({
			rule,
			entry: {
				rule: index,
				stage: rule.stage ?? 'before',
				kind: rule.kind,
				...(rule.kind === 'status' && { status: rule.status ?? 503 }),
			},
			path: new RegExp(rule.path ?? '^/associations'),
			left: rule.times ?? Infinity,
		}));
	}

	/** The first rule that strikes this request at this stage. */
	strike(
		stage: Stage,
		method: string,
		path: string,
	): { rule: FaultRule; entry: FaultEntry } | undefined {
		return this.armed.find((armed) => this.strikes(armed, stage, method, path));
	}

	private strikes(armed: Armed, stage: Stage, method: string, path: string): boolean {
		const { rule, entry } = armed;
		if (entry.stage !== stage || armed.left === 0) return false;
		if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false;
		if (!armed.path.test(path)) return false;
		if (rule.probability !== undefined && this.random() >= rule.probability) return false;
		armed.left--;
		return true;
	}
}
