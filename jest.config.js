const project = (name) => ({
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	setupFilesAfterEnv: ['<rootDir>/test/jest.setup.js'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
});

/** Types are checked by `tsc` in `npm test`, once for all files, so ts-jest only translates. */
module.exports = {
	projects: ['simulator', 'engine', 'package', 'n8n', 'browser'].map(project),
	testTimeout: 60_000,
	// n8n's error reporter prints each error that a test provokes.
	silent: true,
};
