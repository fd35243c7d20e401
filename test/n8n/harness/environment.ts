import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Installation } from '../install/install';
import { POSTGRES } from './services';

/** It reads its list of servers from the internet at each start. */
const CALLING = ['mcp-registry'];

/** Parts of n8n that no test needs. */
const NOT_NEEDED = [
	...['agents', 'chat-hub', 'dynamic-credentials', 'external-secrets', 'insights', 'instance-ai'],
	...['ldap', 'log-streaming', 'mcp', 'n8n-packages', 'oauth-server', 'otel', 'quick-connect'],
	...['runtime-credentials', 'source-control', 'sso-oidc', 'sso-saml', 'token-exchange'],
	...['workflow-builder', 'workflow-reviews'],
];

/** What n8n is told at its start. Ports are loopback's. */
export interface N8nSettings {
	/** The folder that n8n makes its `.n8n` in. */
	home: string;
	/** For the broker of its task runner; n8n's default would collide with another n8n. */
	brokerPort: number;
	/** For the editor. */
	port?: number;
	/** `info` unless told. */
	logLevel?: 'info' | 'debug';
	/**
	 * Whether n8n is whole and serves the editor's pages. Without, it has only what its REST API needs and no task runner,
	 * so that no Code node runs, and it starts in half the time.
	 */
	pages?: boolean;
	/** Values of credentials' hidden fields by type, for those whose stored values n8n does not use: OAuth2's URLs. */
	credentialOverwrites?: Record<string, Record<string, string>>;
	/** Whatever else n8n's environment is to contain. */
	env?: NodeJS.ProcessEnv;
	/** For n8n's queue mode: where Redis and PostgreSQL are, and other variables. */
	queueMode?: QueueModeSettings;
}

/** Ports are loopback's. */
export interface QueueModeSettings {
	redisPort: number;
	postgresPort: number;
	/** Variables of n8n. */
	variables?: Record<string, string>;
}

/**
 * The whole environment of an n8n, and no more: settings of the user's own n8n, npm and proxy stay out of it, and so
 * does everything that would call the internet, as far as n8n 2.41 has a setting for it.
 *
 * @param program n8n's program and the Node binary that it runs on
 */
export function n8nEnvironment(
	{ node, n8n }: Pick<Installation, 'node' | 'n8n'>,
	settings: N8nSettings,
): NodeJS.ProcessEnv {
	const { PATH, HOME, LANG, TMPDIR } = process.env;
	return {
		...{ PATH: `${dirname(node)}:${PATH}`, HOME, LANG, TMPDIR, TZ: 'UTC', GENERIC_TIMEZONE: 'UTC' },
		N8N_USER_FOLDER: settings.home,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		...(settings.port && { N8N_PORT: String(settings.port) }),
		N8N_RUNNERS_BROKER_PORT: String(settings.brokerPort),
		N8N_LOG_LEVEL: settings.logLevel ?? 'info',
		N8N_DISABLE_UI: String(!settings.pages),
		// With an external runner, which never comes, n8n starts none.
		...(!settings.pages && { N8N_RUNNERS_MODE: 'external', N8N_RUNNERS_AUTH_TOKEN: 'none' }),
		...(settings.credentialOverwrites && {
			CREDENTIALS_OVERWRITE_DATA: JSON.stringify(settings.credentialOverwrites),
		}),
		// The editor is served over plain HTTP on loopback.
		N8N_SECURE_COOKIE: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		// After 5 s without an answer, which a busy machine takes, n8n would refuse all with 'Database is not ready!'.
		DB_PING_TIMEOUT_MS: '300000',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		// Community packages n8n has vetted are listed from its server; ours is loaded without that.
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_DISABLED_MODULES: [...CALLING, ...(settings.pages ? [] : NOT_NEEDED)]
			.filter((name) => modulesOf(n8n).includes(name))
			.join(),
		...(settings.queueMode && queueEnvironment(settings.queueMode)),
		...settings.env,
	};
}

/** Runs that are started in the editor go to the workers too, as n8n 3 is to do it. */
const queueEnvironment = ({ redisPort, postgresPort, variables }: QueueModeSettings) => ({
	EXECUTIONS_MODE: 'queue',
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redisPort),
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: String(postgresPort),
	DB_POSTGRESDB_DATABASE: POSTGRES.database,
	DB_POSTGRESDB_USER: POSTGRES.user,
	DB_POSTGRESDB_PASSWORD: 'any',
	...variables,
});

/** The names of an n8n's modules: it does not start where it is told one that it has not. */
const modulesOf = (n8n: string): string[] =>
	readdirSync(join(dirname(n8n), '..', 'dist', 'modules')).map((name) => name.replace(/\.ee$/, ''));
