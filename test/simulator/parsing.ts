/** Reads a query; `name`, `name[]` and `name[0]` given several times are one list. */
export function parseQuery(query: string): Record<string, string | string[]> {
	const values: Record<string, string | string[]> = Object.create(null);
	for (const [rawName, value] of new URLSearchParams(query)) {
		const name = rawName.replace(/\[\d*\]$/, '');
		const before = values[name];
		if (before === undefined) values[name] = name === rawName ? value : [value];
		else values[name] = [before, value].flat();
	}
	return values;
}

/** Text that should have been JSON. */
export class BrokenJson {
	constructor(
		readonly text: string,
		readonly message: string,
	) {}
}

/** Reads a body; one that is not what it says it is becomes text or `BrokenJson`, so that it can be logged before it is refused. */
export function parseBody(contentType: string, text: string): unknown {
	if (text === '') return undefined;
	if (contentType.includes('x-www-form-urlencoded')) return parseQuery(text);
	if (!contentType.includes('json')) return text;
	try {
		return JSON.parse(text);
	} catch (error) {
		return new BrokenJson(text, (error as Error).message);
	}
}
