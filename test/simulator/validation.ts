import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';

import type { Endpoint, Schema } from './contract';

// Everything in a query is text, so a number is read from it, and one value stands for a list of one.
const ajvOfQueries = new Ajv({ allErrors: true, allowUnionTypes: true, coerceTypes: 'array' });
const ajvOfBodies = new Ajv({ allErrors: true, allowUnionTypes: true });

/** Makes the check of one part of a request for Fastify. */
export function compileCheck(part: string | undefined, schema: object): ValidateFunction {
	return (part === 'body' ? ajvOfBodies : ajvOfQueries).compile(schema);
}

/** The schema of an endpoint's path: a parameter must hold more than spaces. */
export function pathSchema(endpoint: Endpoint): Schema {
	const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
	return {
		type: 'object',
		properties: Object.fromEntries(names.map((name) => [name, { type: 'string', pattern: '\\S' }])),
	};
}

/** Says what is wrong with a request as HighLevel does, with a list of sentences like class-validator's. */
export function describeErrors(errors: readonly ErrorObject[]): string[] {
	return errors.map((error) => {
		const field = error.instancePath.split('/')[1] ?? '';
		switch (error.keyword) {
			case 'required':
				return `${error.params.missingProperty} should not be empty`;
			case 'minLength':
			case 'pattern':
				return `${field} should not be empty`;
			case 'additionalProperties':
				return `property ${error.params.additionalProperty} should not exist`;
			case 'maximum':
				return `${field} must not be greater than ${error.params.limit}`;
			case 'minimum':
				return `${field} must not be less than ${error.params.limit}`;
			case 'type':
				return `${field || 'body'} must be ${typeNames[error.params.type] ?? `a ${error.params.type}`}`;
			default:
				return `${field} ${error.message}`;
		}
	});
}

const typeNames: Record<string, string> = {
	number: 'a number string',
	array: 'an array',
	object: 'an object',
};
