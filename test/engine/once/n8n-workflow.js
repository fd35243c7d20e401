/** Its `sleep` keeps to the timers of the test, which may be fake ones. */
module.exports = {
	...requireOnce('n8n-workflow'),
	/** @param {number} milliseconds */
	sleep: async (milliseconds) =>
		await new Promise((resolve) => {
			setTimeout(resolve, milliseconds);
		}),
};
