const project = (name, setupFiles = []) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	setupFiles: setupFiles.map((file) => `<rootDir>/test/${file}`),
	setupFilesAfterEnv: ['<rootDir>/test/environment.js'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

/** Types are checked by `tsc` in `npm test`, once for all files, so ts-jest only translates. */
module.exports = {
	projects: [
		project('simulator'),
		project('engine', ['engine/shortSleep.js']),
		project('package'),
		project('n8n'),
	],
	testTimeout: 60_000,
	// n8n's error reporter prints each error that a test provokes.
	silent: true,
};
