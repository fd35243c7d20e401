import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { validationMessage, type Settings } from './settings';
import type { World } from './world';

/** Where the endpoints for tests live; they are neither limited nor logged. */
export const controlPrefix = '/__simulator';

/** Adds the endpoints with which a test reads and changes the simulator. */
export function addControlRoutes(app: FastifyInstance, world: World): void {
	const withSettings =
		(use: (settings: Partial<Settings>) => void) =>
		async ({ body }: FastifyRequest, reply: FastifyReply) => {
			const settings = (body ?? {}) as Partial<Settings>;
			const message =
				validationMessage(settings) ??
				(settings.port !== undefined ? 'The port cannot be changed.' : undefined);
			if (message !== undefined) return await reply.code(400).send({ statusCode: 400, message });
			use(settings);
			return world.settings;
		};

	app.get(`${controlPrefix}/requests`, async () => world.log.list());
	app.delete(`${controlPrefix}/requests`, async () => {
		world.log.clear();
		return [];
	});
	app.get(`${controlPrefix}/state`, async () => ({
		associations: world.state.listAssociations(),
		relations: world.state.listRelations(),
		records: Object.fromEntries(
			world.state.records.objects.map((object) => [object, world.state.records.list(object)]),
		),
		oauth: world.oauth.summary,
		settings: world.settings,
	}));
	app.delete(`${controlPrefix}/records/:id`, async (request) => {
		world.state.removeRecord((request.params as { id: string }).id);
		return [];
	});
	app.post(
		`${controlPrefix}/reset`,
		withSettings((settings) => world.reset(settings)),
	);
	app.put(
		`${controlPrefix}/settings`,
		withSettings((settings) => world.change(settings)),
	);
	app.post(`${controlPrefix}/oauth/expire`, async () => {
		world.oauth.expireAll();
		return world.oauth.summary;
	});
}
