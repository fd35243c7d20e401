const { TestEnvironment } = require('jest-environment-node');

/** Skips what has not run yet. @param {import('@jest/types').Circus.DescribeBlock} block */
function skip(block) {
	block.mode = 'skip';
	for (const child of block.children) {
		if (child.type === 'describeBlock') skip(child);
		else if (child.startedAt == null) child.mode = 'skip';
	}
}

/** n8n's engine, loaded once for all test files of a process: Jest would load it anew for each, which takes seconds. */
module.exports = class extends TestEnvironment {
	/** @param {ConstructorParameters<typeof TestEnvironment>} parameters */
	constructor(...parameters) {
		super(...parameters);
		this.global.requireOnce = require;
	}

	/**
	 * Under Stryker the first test that fails ends the run: it has noticed the change. Jest only stops between files.
	 *
	 * @param {import('@jest/types').Circus.Event} event
	 * @param {import('@jest/types').Circus.State} state
	 */
	handleTestEvent(event, state) {
		const isMutated = process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined;
		if (isMutated && event.name === 'test_done' && event.test.errors.length > 0) {
			skip(state.rootDescribeBlock);
		}
	}
};
