/** Loads the node and the trigger in an n8n whose n8n-workflow lacks these exports. */
async function loadWithout(...names: string[]): Promise<void> {
	const exports = Object.entries(jest.requireActual('n8n-workflow'));
	await jest.isolateModulesAsync(async () => {
		jest.doMock('n8n-workflow', () =>
			Object.fromEntries(exports.filter(([name]) => !names.includes(name))),
		);
		await import('../../nodes/HighLevelAssociations/HighLevelAssociations.node');
		await import('../../nodes/HighLevelAssociations/HighLevelAssociationsTrigger.node');
	});
}

const OLD = ['isDomainAllowed', 'createRunExecutionData'];

test.each([
	['1.105, in which a run cannot be stopped by hand', OLD],
	['1.82, which has no names of connections', [...OLD, 'NodeConnectionTypes']],
])('does not load in n8n up to %s, and says why', async (_, missing) => {
	await expect(loadWithout(...missing)).rejects.toThrow(
		/needs n8n 1\.\d+\.\d+ or newer\. Update n8n/,
	);
});

test('loads where a newer n8n has dropped a part that it does not need', async () => {
	await loadWithout('isDomainAllowed');
});
