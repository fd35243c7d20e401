/** `npm run pictures -- [EXAMPLE]...`: takes the pictures of the README in the real editor. */
const { bootstrap } = require('../../test/program/bootstrap');
const { main } = require('../../test/program/main');

void main(async () => {
	await bootstrap();
	await require('./takePictures').takePictures(process.argv.slice(2));
});
