/** `npm run pictures -- [EXAMPLE]...`: takes the pictures of the README in the real editor. */
require('../../test/program/runTool').runTool(() => require('./takePictures').takePictures);
