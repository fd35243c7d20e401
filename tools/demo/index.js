/** `npm start`: makes a fresh clone ready and shows the node in the real n8n. */
const { bootstrap } = require('../../test/program/bootstrap');
const { main } = require('../../test/program/main');

void main(async () => {
	await bootstrap();
	await require('./demo').demo(process.argv.slice(2));
});
