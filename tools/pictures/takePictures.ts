import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

import { ROOT } from '../../test/program/bootstrap';
import { onEnd } from '../../test/program/main';
import { Problem } from '../../test/program/problem';
import { progress } from '../../test/program/progress';
import { startSimulator } from '../../test/simulator/start';
import { LOCATION } from '../../test/simulator/webhooks';
import {
	findChromium,
	openNode,
	openWorkflow,
	signIn,
	startBrowser,
} from '../../test/browser/browser';
import { startN8n } from '../../test/n8n/harness/n8nServer';
import { exampleWorkflows } from '../../test/n8n/harness/examples';
import { createHome } from '../../test/n8n/harness/home';
import { freePort } from '../../test/n8n/harness/ports';
import { CREDENTIAL_TYPE, privateIntegration } from '../../test/n8n/harness/credentials';
import { seedUndo } from '../../test/n8n/harness/undoWorkflow';
import { installN8n } from '../../test/n8n/install/install';
import { walk } from './walk';

const FOLDER = join(ROOT, 'docs', 'pictures');

/** Around what a picture shows, in pixels. */
const MARGIN = 16;

/** So many lines are in the picture of the console. */
const PROGRESS_LINES = 4;

/** What belongs to the editor and not to the workflow. */
const FURNITURE = [
	...['canvas-controls', 'canvas-minimap', 'canvas-handle-plus-wrapper', 'logs-panel'],
	'execute-workflow-button',
	...['radio-button-workflow', 'radio-button-executions', 'radio-button-evaluation'],
];

/**
 * Opens each example in n8n's editor and writes `docs/pictures/<example>.png`, and one of the node's panel. With
 * `--walk FOLDER` it takes pictures of all panels instead, into that folder.
 *
 * @param names of examples, or beginnings of the names of panels; all of them if there are none
 * @throws {Problem} with a sentence where something is missing
 */
export async function takePictures(names: string[]): Promise<void> {
	const chromium = findChromium();
	if (!chromium)
		throw new Problem(
			'No Chromium is on PATH. Install it, e.g. with apt-get install chromium, then run this again.',
		);
	mkdirSync(FOLDER, { recursive: true });
	const simulator = await startSimulator();
	onEnd(async () => await simulator.stop());
	const home = await createHome(await installN8n());
	const n8n = await progress('Starting n8n', async () => await startN8n(home, { pages: true }));
	const debuggingPort = await freePort();
	const browser = await startBrowser(chromium, [
		`--remote-debugging-port=${debuggingPort}`,
		'--remote-allow-origins=*',
	]);
	onEnd(async () => await browser.close());

	const data = { locationId: LOCATION };
	const credential = await n8n.createCredential(privateIntegration(simulator, data));
	const page = await signIn(browser, n8n);
	const [flag, folder, ...panels] = names;
	if (flag === '--walk' && folder) {
		return await walk(page, n8n, simulator, { [CREDENTIAL_TYPE]: credential }, folder, panels);
	}
	await page.setViewportSize({ width: 1440, height: 900 });
	for (const [file, workflow] of exampleWorkflows(CREDENTIAL_TYPE, credential)) {
		const name = basename(file, '.json');
		if (names.length > 0 && !names.includes(name)) continue;
		// What it is for stands beside the picture.
		const nodes = workflow.nodes.filter((node) => node.name !== 'Overview');
		await progress(name, async () => {
			await openWorkflow(page, await n8n.createWorkflow({ ...workflow, nodes }));
			await takeCanvas(page, name);
			if (name === 'delete-association') await takePanel(page);
			if (name !== 'back-up-then-delete') return;
			await simulator.reset(seedUndo(3_000, 1_000, 2_500));
			await takeProgress(browser, page, debuggingPort);
			await simulator.reset();
		});
	}
}

/** The console of Chromium's own developer tools, while the editor runs a backup that takes some minutes. */
async function takeProgress(browser: Browser, page: Page, debuggingPort: number): Promise<void> {
	const tools = `http://127.0.0.1:${debuggingPort}`;
	const response = await fetch(`${tools}/json/list`);
	const targets = (await response.json()) as Array<Record<'url' | 'webSocketDebuggerUrl', string>>;
	const { webSocketDebuggerUrl } = targets.find(({ url }) => url === page.url())!;
	const console = await browser.newPage({ viewport: { width: 1100, height: 300 } });
	const socket = webSocketDebuggerUrl.replace('ws://', '');
	await console.goto(`${tools}/devtools/devtools_app.html?ws=${socket}&panel=console`);
	await page.reload();
	await page.getByTestId('canvas-node').first().waitFor();
	const lines = new Promise<void>((resolve) => {
		let count = 0;
		page.on('console', (message) => {
			if (message.text().includes('Back up: ') && ++count === PROGRESS_LINES) resolve();
		});
	});
	await console.getByRole('button', { name: 'Clear console' }).click();
	await page.getByTestId('execute-workflow-button').click();
	await lines;
	await settled(console);
	await console.screenshot({ path: join(FOLDER, 'back-up-progress.png') });
	await console.close();
}

async function takeCanvas(page: Page, name: string): Promise<void> {
	const hidden = [
		...FURNITURE.map((id) => `[data-test-id="${id}"]`),
		'[class*="executionButtons"]',
	].join();
	await page.addStyleTag({ content: `${hidden} { visibility: hidden !important; }` });
	await page.getByTestId('zoom-to-fit').dispatchEvent('click');
	await settled(page);
	// Nodes are drawn with their names below them, outside of their boxes.
	const boxes = await page
		.locator(
			'[data-test-id="canvas-node"], [data-test-id="canvas-node"] *, [data-test-id="sticky"]',
		)
		.evaluateAll((elements) =>
			elements
				.filter(
					(element) =>
						element.matches('[data-test-id="canvas-node"], [data-test-id="sticky"]') ||
						[...element.childNodes].some(
							(child) => child.nodeType === child.TEXT_NODE && child.textContent?.trim(),
						),
				)
				.filter(
					(element) =>
						!element.closest('button') && element.checkVisibility({ visibilityProperty: true }),
				)
				.map((element) => element.getBoundingClientRect())
				.filter(({ width }) => width > 0)
				.map(({ left, top, right, bottom }) => ({ left, top, right, bottom })),
		);
	const x = Math.min(...boxes.map(({ left }) => left)) - MARGIN;
	const y = Math.min(...boxes.map(({ top }) => top)) - MARGIN;
	const width = Math.max(...boxes.map(({ right }) => right)) + MARGIN - x;
	const height = Math.max(...boxes.map(({ bottom }) => bottom)) + MARGIN - y;
	await page.screenshot({ path: join(FOLDER, `${name}.png`), clip: { x, y, width, height } });
}

/** The node's panel with an association picked and the list open. */
async function takePanel(page: Page): Promise<void> {
	await openNode(page, 'Delete association');
	await page.getByTestId('rlc-mode-selector').click();
	await page.getByTestId('mode-list').click();
	const list = page.getByTestId('rlc-input');
	await list.click();
	await page.getByTestId('rlc-item').first().click();
	await list.click();
	await page.getByTestId('rlc-item').last().waitFor();
	await settled(page);
	const tabs = await page.getByTestId('tab-params').boundingBox();
	const fields = await page.getByTestId('node-parameters').boundingBox();
	const last = await page.getByTestId('rlc-item').last().boundingBox();
	if (!tabs || !fields || !last) throw new Problem("The node's panel did not open.");
	const y = tabs.y - MARGIN;
	const clip = { x: fields.x, y, width: fields.width, height: last.y + last.height + MARGIN - y };
	await page.screenshot({ path: join(FOLDER, 'panel.png'), clip });
}

/** The editor moves what it shows into place. */
async function settled(page: Page): Promise<void> {
	await page.waitForLoadState('networkidle');
	await page.waitForTimeout(1_000);
}
