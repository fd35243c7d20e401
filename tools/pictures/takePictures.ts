import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';

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
import { installN8n } from '../../test/n8n/install/install';

const FOLDER = join(ROOT, 'docs', 'pictures');

const CREDENTIAL = { name: 'HighLevel account', type: 'highLevelPrivateIntegrationApi' };

/** Around what a picture shows, in pixels. */
const MARGIN = 16;

/** What belongs to the editor and not to the workflow. */
const FURNITURE = [
	...[
		'canvas-controls',
		'canvas-minimap',
		'execute-workflow-button',
		'canvas-handle-plus-wrapper',
		'logs-panel',
	],
	...['radio-button-workflow', 'radio-button-executions', 'radio-button-evaluation'],
];

/**
 * Opens each example in n8n's editor and writes `docs/pictures/<example>.png`, and one of the node's panel.
 *
 * @throws {Problem} with a sentence where something is missing
 */
export async function takePictures(): Promise<void> {
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
	const browser = await startBrowser(chromium);
	onEnd(async () => await browser.close());

	const data = {
		token: 'pit-demo',
		locationId: LOCATION,
		apiVersion: '2021-07-28',
		baseUrl: simulator.url,
	};
	const credential = await n8n.createCredential({ ...CREDENTIAL, data });
	const page = await signIn(browser, n8n);
	await page.setViewportSize({ width: 1440, height: 900 });
	for (const [file, workflow] of exampleWorkflows(CREDENTIAL.type, credential)) {
		const name = basename(file, '.json');
		await progress(name, async () => {
			await openWorkflow(page, await n8n.createWorkflow(workflow));
			await takeCanvas(page, name);
			if (name === 'delete-association') await takePanel(page);
		});
	}
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
	const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
	const top = Math.min(...boxes.map((box) => box.top)) - MARGIN;
	const width = Math.max(...boxes.map((box) => box.right)) + MARGIN - left;
	const height = Math.max(...boxes.map((box) => box.bottom)) + MARGIN - top;
	await page.screenshot({
		path: join(FOLDER, `${name}.png`),
		clip: { x: left, y: top, width, height },
	});
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
	const top = tabs.y - MARGIN;
	const clip = {
		x: fields.x,
		y: top,
		width: fields.width,
		height: last.y + last.height + MARGIN - top,
	};
	await page.screenshot({ path: join(FOLDER, 'panel.png'), clip });
}

/** The editor moves what it shows into place. */
async function settled(page: Page): Promise<void> {
	await page.waitForLoadState('networkidle');
	await page.waitForTimeout(1_000);
}
