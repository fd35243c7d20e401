/** `npm run pictures`: takes the pictures of the README in the real editor. */
const { bootstrap } = require('../../test/program/bootstrap');
const { main } = require('../../test/program/main');

void main(async () => {
	await bootstrap();
	await require('./takePictures').takePictures();
});
