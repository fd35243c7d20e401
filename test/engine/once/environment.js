const { TestEnvironment } = require('jest-environment-node');

/** n8n's engine, loaded once for all test files of a process: Jest would load it anew for each, which takes seconds. */
module.exports = class extends TestEnvironment {
	/** @param {ConstructorParameters<typeof TestEnvironment>} parameters */
	constructor(...parameters) {
		super(...parameters);
		this.global.requireOnce = require;
	}
};
