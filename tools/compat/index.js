/** `npm run test:compat`: tests the packed node in each n8n that the README names. */
const { bootstrap } = require('../../test/program/bootstrap');
const { main } = require('../../test/program/main');

void main(async () => {
	await bootstrap();
	return await require('./compat').testCompatibility(process.argv.slice(2));
});
