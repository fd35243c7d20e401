/** `npm run bench`: measures the node in the real n8n beside n8n's HTTP Request node. */
const { bootstrap } = require('../../test/program/bootstrap');
const { main } = require('../../test/program/main');

void main(async () => {
	await bootstrap();
	await require('./bench').bench(process.argv.slice(2));
});
