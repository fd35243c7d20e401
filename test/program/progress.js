const SECOND = 1000;

/**
 * Prints what is being done while it is done, on stderr: on a terminal one line that counts the seconds, elsewhere a
 * plain line at the start, every ten seconds and at the end. Gives what the work gives.
 * @template Result
 * @param {string} text what is done, e.g. `Installing n8n`
 * @param {() => Promise<Result>} work
 * @param {() => string} [detail] how far it is, asked for each time that a line is printed
 */
async function progress(text, work, detail = () => '') {
	const terminal = process.stderr.isTTY;
	const began = Date.now();
	const line = () =>
		[`${text}, ${Math.round((Date.now() - began) / SECOND)} s`, detail()]
			.filter(Boolean)
			.join(', ');
	const print = () => process.stderr.write(terminal ? `\r\u001b[K${line()}` : `${line()}\n`);

	if (!terminal) process.stderr.write(`${text}...\n`);
	const timer = setInterval(print, terminal ? SECOND : 10 * SECOND);
	try {
		const result = await work();
		process.stderr.write(
			`${terminal ? '\r\u001b[K' : ''}${text}: done in ${Math.round((Date.now() - began) / SECOND)} s\n`,
		);
		return result;
	} catch (error) {
		if (terminal) process.stderr.write('\n');
		throw error;
	} finally {
		clearInterval(timer);
	}
}

module.exports = { progress };
