import fc from 'fast-check';

import { itemsOf, useSimulator } from './useSimulator';

const sim = useSimulator();

test.each([
	['blank', '  \t\n '],
	['a dot', '.'],
	['the route word Relations', ' Relations '],
	['the route word key', 'key'],
	['the route word objectKey', 'objectKey'],
	['a NUL', 'abc\0'],
	['a zero-width character', 'abc\u200bdef'],
	['half of a character', 'abc\ud800'],
	['a boolean', true],
	['the word null', 'null'],
	['an object as text', '[object Object]'],
])('refuses an ID that is %s, names the field, and sends nothing', async (_, id) => {
	const { error, run } = await sim.run({ items: itemsOf([id]) });
	expect(error?.message).toMatch(/^'Association' /);
	expect(error).toMatchObject({
		description: expect.stringContaining("Enter 'Association'"),
		context: { itemIndex: 0 },
	});
	expect(run.data.resultData.lastNodeExecuted).toBe('HighLevel');
	expect(await sim.simulator.requests()).toEqual([]);
});

test.each([
	['a/b', '/associations/a%2Fb'],
	['x?y', '/associations/x%3Fy'],
	['x#y', '/associations/x%23y'],
	['%2e%2e', '/associations/%252e%252e'],
	['ü', '/associations/%C3%BC'],
	['../relations/x', '/associations/..%2Frelations%2Fx'],
	['a\\b', '/associations/a%5Cb'],
	['a'.repeat(200), `/associations/${'a'.repeat(200)}`],
])('sends %s as one encoded segment', async (id, path) => {
	await sim.run({ items: itemsOf([id]), onError: 'continueRegularOutput' });
	expect(await sim.simulator.requests()).toMatchObject([{ method: 'DELETE', path }]);
});

test('lets no ID reach another route', async () => {
	const parts =
		'.. . / // \\ % %2e %2F ? # ; @ : & = ü 𝒳 relations key objectKey associations null';
	const route = fc.constantFrom(
		...parts.split(' '),
		...[' ', '\n', '\0', '\ud800', 'http://127.0.0.1:1'],
	);
	const hostile = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 250 }),
		fc.array(route, { maxLength: 6 }).map((parts) => parts.join('')),
		fc.tuple(route, fc.string(), route).map((parts) => parts.join('')),
		fc.anything(),
	);
	const ids = fc.sample(hostile, { numRuns: 200, seed: 1 });
	const { output } = await sim.run({ items: itemsOf(ids), onError: 'continueRegularOutput' });
	expect(output).toHaveLength(200);
	const requests = await sim.simulator.requests();
	expect(requests.length).toBeGreaterThan(50);
	for (const { method, path } of requests) {
		expect(method).toBe('DELETE');
		expect(path).toMatch(/^\/associations\/(?!\.{1,2}$)([A-Za-z0-9\-_.!~*'()]|%[0-9A-F]{2})+$/);
	}
});
