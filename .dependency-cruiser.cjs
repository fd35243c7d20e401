/** Arrows between the folders go down this list only: resources -> run -> transport, methods -> transport. */
const layer = (name, ...allowed) => ({
	name: `${name} imports only ${allowed.join(', ') || 'itself'}`,
	severity: 'error',
	from: { path: `^nodes/HighLevelAssociations/${name}/` },
	to: {
		path: '^(nodes|credentials)/',
		pathNot: [name, ...allowed].map((folder) =>
			folder === 'credentials' ? '^credentials/' : `^nodes/HighLevelAssociations/${folder}/`,
		),
	},
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		layer('resources', 'run', 'transport', 'credentials'),
		layer('run', 'transport', 'credentials'),
		layer('methods', 'transport', 'credentials'),
		layer('transport', 'credentials'),
		layer('webhook', 'credentials'),
		{
			name: 'credentials import nothing from nodes',
			severity: 'error',
			from: { path: '^credentials/' },
			to: { path: '^nodes/' },
		},
		{ name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
	],
	options: {
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		doNotFollow: { path: 'node_modules' },
	},
};
