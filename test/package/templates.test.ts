import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';

import { ROOT } from '../program/bootstrap';

const FOLDER = join(ROOT, 'examples');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

/** n8n's neutral color of sticky notes; a note without a color is yellow. */
const WHITE = 7;

const SECTIONS = [
	"Who it's for",
	'How it works',
	'How to set up',
	'Requirements',
	'How to customize',
];

/** What n8n asks of a template before it takes it into its library (n8n Creator hub, Template submission guidelines). */
describe.each(files)('%s is ready for the template library', (file) => {
	const text = readFileSync(join(FOLDER, file), 'utf8');
	const { name, nodes } = JSON.parse(text) as { name: string; nodes: INode[] };
	const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
	const content = (note: INode) => String(note.parameters.content);

	test('its title says what is done to what, and where', () => {
		expect(name).toMatch(/^(Back up|Delete|Restore) .*HighLevel/);
		expect(name.length).toBeLessThanOrEqual(80);
	});

	test('one yellow note is its description, the others are short and white', () => {
		const [overview, ...others] = notes as [INode, ...INode[]];
		expect(overview.parameters.color).toBeUndefined();
		expect(content(overview).split('\n')[0]).toBe(`# ${name}`);
		const headings = [...content(overview).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
		expect(headings).toEqual(SECTIONS);
		expect(content(overview).split(/\s+/).length).toBeLessThanOrEqual(240);
		expect(content(overview)).toContain('Self-hosted n8n');
		expect(content(overview)).not.toMatch(/<\w/);
		expect(others.length).toBeGreaterThan(0);
		for (const note of others) {
			expect(note.parameters.color).toBe(WHITE);
			expect(content(note).split(/\s+/).length).toBeLessThanOrEqual(50);
		}
	});

	test('it has no credential, address or name of somebody', () => {
		for (const { credentials = {} } of nodes) {
			for (const { id } of Object.values(credentials)) {
				expect(id).toMatch(/^(highLevel|openAi)\w*$/);
			}
		}
		expect(text).not.toMatch(/pit-|@[\w-]+\.\w+|sk-\w/);
	});
});
