import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';

import type { Server } from '../n8n/harness/n8nServer';
import { OWNER } from '../n8n/harness/n8nClient';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Nothing but loopback is to be found, so that neither the browser nor n8n's pages call the internet. */
const FLAGS = [
	...['--no-sandbox', '--no-first-run', '--disable-gpu', '--disable-quic', '--disable-sync'],
	...['--disable-background-networking', '--disable-component-update'],
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** How long the editor may take for one step, in ms: it is large, and a machine may be busy. */
const LONGEST_STEP = 150_000;

selectors.setTestIdAttribute('data-test-id');

/** The Chromium of this machine, or nothing where it has none; none is ever downloaded. */
export function findChromium(): string | undefined {
	const folders = (process.env.PATH ?? '').split(delimiter);
	return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
}

/** Starts a browser, with an own empty profile that goes when it is closed. */
export async function startBrowser(executablePath: string, flags: string[] = []): Promise<Browser> {
	return await chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}

/** Opens n8n's editor and signs its owner in, as `npm start` tells to. */
export async function signIn(browser: Browser, { url }: Pick<Server, 'url'>): Promise<Page> {
	const context = await browser.newContext({
		baseURL: url,
		viewport: { width: 1600, height: 900 },
		colorScheme: 'light',
	});
	context.setDefaultTimeout(LONGEST_STEP);
	const page = await context.newPage();
	await page.goto('/signin');
	await page.getByTestId('emailOrLdapLoginId').locator('input').fill(OWNER.email);
	await page.getByTestId('password').locator('input').fill(OWNER.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL(/\/(home|workflow)/);
	return page;
}

/** Opens a stored workflow. */
export async function openWorkflow(page: Page, workflowId: string): Promise<void> {
	await page.goto(`/workflow/${workflowId}`);
	await page.getByTestId('canvas-node').first().waitFor();
}

/** Opens the panel of a node on the canvas. */
export async function openNode(page: Page, name: string): Promise<void> {
	await page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).dblclick();
	await page.getByTestId('ndv').waitFor();
}
