/** @param {string} name of the folder in test/ */
const project = (name) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	setupFilesAfterEnv: ['<rootDir>/test/jest.setup.js'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

/**
 * The tests of these projects share one n8n, which Jest starts before the first and ends after the last.
 * @param {string} name
 */
const onN8n = (name) => ({
	...project(name),
	globalSetup: '<rootDir>/test/n8n/harness/jest.setup.ts',
	globalTeardown: '<rootDir>/test/n8n/harness/jest.teardown.ts',
});

/** Types are checked by `tsc` in `npm test`, once for all files, so ts-jest only translates. */
module.exports = {
	projects: [
		...['simulator', 'package', 'program'].map(project),
		{
			...project('engine'),
			setupFiles: ['<rootDir>/test/engine/shortSleep.js'],
			testEnvironment: require.resolve('./test/engine/once/environment'),
			moduleNameMapper: { '^(n8n-core|n8n-workflow)$': '<rootDir>/test/engine/once/$1.js' },
		},
		...['n8n', 'browser'].map(onN8n),
	],
	// A busy machine may take a minute for what takes seconds.
	testTimeout: 300_000,
	// Many tests wait for an n8n, so that one process fewer than there are cores, Jest's default, leaves cores idle.
	maxWorkers: '100%',
	// n8n's error reporter prints each error that a test provokes.
	silent: true,
};
