const { bootstrap } = require('./bootstrap');
const { main } = require('./main');

/**
 * Runs a tool that is written in TypeScript, with the arguments of this process, once the clone is ready.
 * @param {() => (args: string[]) => Promise<number | void>} load gives the tool
 */
function runTool(load) {
	void main(async () => {
		await bootstrap();
		return await load()(process.argv.slice(2));
	});
}

module.exports = { runTool };
