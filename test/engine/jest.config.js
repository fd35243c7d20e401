/** The project `engine` alone, for Stryker, which knows one project only. */
const { projects } = require('../../jest.config');

const engine = projects.find(({ displayName }) => displayName === 'engine');

module.exports = {
	...engine,
	rootDir: '../..',
	testMatch: ['<rootDir>/test/engine/all.js', '<rootDir>/test/engine/sentences.test.ts'],
	testTimeout: 60_000,
	silent: true,
};
