/** All engine tests as one file, so that Stryker has n8n's engine loaded once for each mutant and not once for each file. */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.ts'))) {
	describe(file, () => void require(join(__dirname, file)));
}
