/** `npm test`: makes a fresh clone ready, runs everything and ends with a line `N passed, N failed`. */
const { bootstrap } = require('./program/bootstrap');
const { main } = require('./program/main');
const { Problem } = require('./program/problem');

void main(async () => {
	try {
		await bootstrap();
	} catch (error) {
		if (!(error instanceof Problem)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.stdout.write('0 passed, 1 failed\n');
		return 1;
	}
	return await require('./suites').runSuites();
});
