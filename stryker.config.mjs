/**
 * Mutation testing: `npm run test:mutation` changes the code that decides what becomes of an item and of a request, in
 * one place at a time, and asks whether an engine test notices. What has not changed since the last run is not asked again.
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	mutate: ['nodes/HighLevelAssociations/{run,transport}/**/*.ts'],
	testRunner: 'jest',
	jest: { configFile: 'test/engine/jest.config.js', enableFindRelatedTests: false },
	coverageAnalysis: 'perTest',
	// What is evaluated once, at loading, would need all tests for each mutant.
	ignoreStatic: true,
	// What is late on a busy machine is not noticed by that.
	timeoutFactor: 4,
	incremental: true,
	incrementalFile: 'reports/mutation/incremental.json',
	htmlReporter: { fileName: 'reports/mutation/index.html' },
	reporters: ['clear-text', 'progress', 'html'],
	thresholds: { high: 95, low: 85, break: 85 },
	dryRunTimeoutMinutes: 30,
	cleanTempDir: 'always',
	ignorePatterns: ['/dist', '/docs', '/examples', '/reports'],
	packageManager: 'npm',
};
