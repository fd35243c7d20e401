/** `npm run test:scale`: measures the node in n8n's queue mode, in large runs and for long. */
const { bootstrap } = require('../../test/program/bootstrap');
const { main } = require('../../test/program/main');

void main(async () => {
	await bootstrap();
	return await require('./scale').testScale(process.argv.slice(2));
});
