import Ajv from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cases } from './operations';
import { useSimulator } from './useSimulator';

const FOLDER = join(__dirname, '../../nodes/HighLevelAssociations/__schema__/v1.0.0');

const sim = useSimulator();

const fileOf = (resource: unknown, operation: unknown) => `${resource}/${operation}.json`;

/** The fields that the editor shows before a run, demanded one and all, and no others. */
function schemaIn(file: string): object {
	const schema = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
	return { ...schema, required: Object.keys(schema.properties), additionalProperties: false };
}

test.each(Object.entries(cases))(
	'%s gives the fields that the editor shows before',
	async (_, { parameters }) => {
		const validate = new Ajv({ strict: false }).compile(
			schemaIn(fileOf(parameters.resource, parameters.operation)),
		);
		const { output } = await sim.succeed({ parameters });
		expect(output).not.toHaveLength(0);
		for (const { json } of output) {
			validate(json);
			expect(validate.errors).toBeNull();
		}
	},
);

test('every schema is that of an operation', () => {
	const files = readdirSync(FOLDER, { recursive: true })
		.map(String)
		.filter((name) => name.endsWith('.json'));
	const expected = Object.values(cases).map(({ parameters }) =>
		fileOf(parameters.resource, parameters.operation),
	);
	expect(files.sort()).toEqual([...new Set(expected)].sort());
});
