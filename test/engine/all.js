/** All engine tests as one file, so that Stryker has them loaded once for each mutant. Each has its own copy of the node. */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

// This one loads the node in another n8n, which what Stryker changes does not bear on.
const isLeftOut = (/** @type {string} */ name) => name === 'oldestN8n.test.ts';
const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'));

for (const file of files.filter((name) => !isLeftOut(name))) {
	describe(file, () => {
		jest.isolateModules(() => {
			// What an earlier file has put in the place of n8n's `sleep` is not this one's.
			require(join(__dirname, 'shortSleep'));
			require(join(__dirname, file));
		});
	});
}
