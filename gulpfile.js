const { execFileSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const { dest, series, src } = require('gulp');

/** Empties dist, so that a renamed or deleted source leaves nothing behind. */
async function clean() {
	rmSync('dist', { recursive: true, force: true });
}

/** Compiles nodes/ and credentials/ as tsconfig.json says. */
async function compile() {
	execFileSync(process.execPath, [require.resolve('typescript/bin/tsc')], { stdio: 'inherit' });
}

/** Copies what tsc leaves out: icons and codex files. */
function assets() {
	return src('nodes/**/*.{svg,json}', { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.default = series(clean, compile, assets);
