/** `npm run pictures`: takes the pictures of the README in the real editor. */
const { bootstrap } = require('../bootstrap');
const { main } = require('../program/main');

void main(async () => {
	await bootstrap();
	await require('./takePictures').takePictures();
});
