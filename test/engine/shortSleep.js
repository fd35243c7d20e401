/**
 * Pauses between attempts last a fiftieth in the engine tests, so that a test sees the last of them. (Only n8n's `sleep`
 * is stood in for; what is counted in time, such as the rate limit's window, stays as it is.)
 */
jest.mock('n8n-workflow', () => {
	const actual = jest.requireActual('n8n-workflow');
	return {
		...actual,
		/** @param {number} milliseconds */
		sleep: async (milliseconds) => await actual.sleep(milliseconds / 50),
	};
});
