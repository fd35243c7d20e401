const { existsSync, readFileSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { npm, runNpm } = require('./npm');
const { Problem } = require('./problem');
const { progress } = require('./progress');

const ROOT = join(__dirname, '..', '..');
const OLDEST_NODE = 20;
/** gulp gives a copy its source's time, in ms and rounded. */
const COPY_ROUNDING = 2;

/**
 * Makes a clone ready to run: installs the dependencies and builds the package, each only where it is missing or out of
 * date, and lets this process load TypeScript. It is plain JavaScript without dependencies, as none is there yet.
 * @throws {Problem} with a sentence that says what is missing
 */
async function bootstrap() {
	const [major = 0] = process.versions.node.split('.').map(Number);
	if (major < OLDEST_NODE) {
		throw new Problem(
			`This is Node ${process.versions.node}. Install Node ${OLDEST_NODE} or newer, then run this again.`,
		);
	}
	if (!dependenciesAreCurrent()) {
		await progress('Installing the dependencies', () =>
			npm(['ci'], { what: 'A dependency of the tests', cwd: ROOT }),
		);
	}
	if (!buildIsCurrent()) await progress('Building the package', build);
	// @ts-expect-error -- "moduleResolution": "node" does not read the exports of tsx; Node does
	require('tsx/cjs');
}

/** Whether node_modules holds what package-lock.json names. npm writes its own copy of the lock there when it has finished. */
function dependenciesAreCurrent() {
	const written = join(ROOT, 'node_modules', '.package-lock.json');
	if (!existsSync(written)) return false;
	/** @type {(file: string) => Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} */
	const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
	const installed = packages(written);
	return Object.entries(packages(join(ROOT, 'package-lock.json'))).every(
		([path, { version, optional, devOptional }]) => {
			const there = installed[path];
			// npm leaves out optional packages that are not for this platform; the root has the empty path.
			return path === '' || (there ? there.version === version : (optional ?? devOptional));
		},
	);
}

/** Whether dist holds an output for each source, none older than its source, and nothing else. */
function buildIsCurrent() {
	const dist = join(ROOT, 'dist');
	if (!existsSync(dist)) return false;
	const sources = [...files('nodes'), ...files('credentials')].filter((file) =>
		/\.(ts|svg|json)$/.test(file),
	);
	const outputs = files('dist').filter((file) => /\.(js|svg|json)$/.test(file));
	return (
		sources.length === outputs.length &&
		sources.every((source) => {
			const output = join('dist', source.replace(/\.ts$/, '.js'));
			return outputs.includes(output) && changed(output) + COPY_ROUNDING >= changed(source);
		})
	);
}

async function build() {
	const { code, stdout, stderr } = await runNpm(['run', 'build'], { cwd: ROOT });
	if (code !== 0) throw new Problem(`The package could not be built.\n${stdout}${stderr}`);
}

/** @param {string} folder below the root */
const files = (folder) =>
	readdirSync(join(ROOT, folder), { recursive: true })
		.map((name) => join(folder, String(name)))
		.filter((file) => statSync(join(ROOT, file)).isFile());

/** @param {string} file below the root */
const changed = (file) => statSync(join(ROOT, file)).mtimeMs;

module.exports = { bootstrap, buildIsCurrent, ROOT };
