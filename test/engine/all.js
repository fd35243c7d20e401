/** All engine tests as one file, so that Stryker has them loaded once for each mutant. Each has its own copy of the node. */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

// One loads the node in another n8n, which what Stryker changes does not bear on; the other has snapshots by its name.
const LEFT_OUT = ['oldestN8n.test.ts', 'sentences.test.ts'];
/** Most changes are noticed sooner by others: these wait for a rate limit, or make up runs and then shrink them. */
const isSlow = (/** @type {string} */ name) =>
	/^(delivery|rateLimit|backUp|.*\.property)\./.test(name);
const files = readdirSync(__dirname)
	.filter((name) => name.endsWith('.test.ts') && !LEFT_OUT.includes(name))
	.sort((one, other) => Number(isSlow(one)) - Number(isSlow(other)));

for (const file of files) {
	describe(file, () => {
		jest.isolateModules(() => {
			// What an earlier file has put in the place of n8n's `sleep` is not this one's.
			require(join(__dirname, 'shortSleep'));
			require(join(__dirname, file));
		});
	});
}
