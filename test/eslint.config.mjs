import { join } from 'node:path';
import { config } from '@n8n/node-cli/eslint';

/** The rules for published nodes, such as that they import nothing of Node's: no rule for programs that never ship. */
const forNodes = config
	.flatMap(({ rules }) => Object.keys(rules ?? {}))
	.filter((name) => name.startsWith('@n8n/community-nodes/'));

/** The lint of test/ and tools/: n8n's, less its rules for published nodes, and with one on promises. */
export default [
	...config,
	{
		files: ['**/*.ts'],
		languageOptions: {
			parserOptions: { project: join(import.meta.dirname, 'tsconfig.json') },
		},
		rules: {
			...Object.fromEntries(forNodes.map((name) => [name, 'off'])),
			'@typescript-eslint/no-floating-promises': 'error',
		},
	},
];
