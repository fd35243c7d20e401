import { Faults } from './faults';
import { RateLimit } from './rateLimit';
import { RequestLog } from './log';
import { OAuth } from './oauth';
import { createRandom, type Random } from './random';
import { defaults, type Settings, type Token } from './settings';
import { State } from './state';

/** Everything that a reset puts back to its start. */
export class World {
	settings!: Settings;
	state!: State;
	rateLimit!: RateLimit;
	faults!: Faults;
	oauth!: OAuth;
	random!: Random;
	readonly log = new RequestLog();
	private readonly startedWith: Settings;
	private tokens = new Map<string, Token>();

	/** `now` gives the time in ms since 1970. */
	constructor(
		settings: Partial<Settings>,
		readonly now: () => number,
	) {
		this.startedWith = { ...defaults, ...settings };
		this.reset({});
	}

	/** Starts anew with the settings of the start and these changes. */
	reset(changes: Partial<Settings>): void {
		const settings = { ...this.startedWith, ...changes };
		this.random = createRandom(settings.seed);
		this.change(settings);
		this.state = new State(this.settings);
		this.rateLimit = new RateLimit(() => this.settings, this.now);
		this.oauth = new OAuth(() => this.settings, this.now);
		this.log.clear();
	}

	/** Changes settings and leaves the state as it is. */
	change(changes: Partial<Settings>): void {
		this.settings = { ...this.settings, ...changes };
		const { faults, tokens } = changes;
		// Rules that did not change keep their count of how often they struck.
		if (faults) this.faults = new Faults(faults, this.random);
		if (tokens) this.tokens = new Map(tokens.map((token) => [token.name, token]));
	}

	/** The token of this name, `expired` if it no longer is one, or nothing if it never was. */
	token(name: string): Token | 'expired' | undefined {
		return this.tokens.get(name) ?? this.oauth.find(name);
	}
}
