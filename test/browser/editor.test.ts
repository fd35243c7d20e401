import type { Browser, Page } from 'playwright-core';

import { exampleWorkflows } from '../n8n/harness/examples';
import { CREDENTIAL_TYPE, LOCATION, useN8n } from '../n8n/harness/useN8n';
import { findChromium, openNode, openWorkflow, signIn, startBrowser } from './browser';

const chromium = findChromium();
if (!chromium) {
	process.stderr.write(
		'The tests in a browser are skipped: no Chromium is on PATH. Install it, e.g. with apt-get install chromium.\n',
	);
}

(chromium ? describe : describe.skip)("in n8n's editor", () => {
	const n8n = useN8n({ associations: 3, relations: 2 });
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		browser = await startBrowser(chromium!);
		page = await signIn(browser, n8n.client);
	});
	afterAll(async () => await browser?.close());

	/** Opens the panel of a node of an example that was not opened before, with a credential that works. */
	async function openExample(file: string, node: string): Promise<void> {
		const credential = await n8n.createCredential({ locationId: LOCATION });
		const workflow = exampleWorkflows(CREDENTIAL_TYPE, credential).get(file)!;
		await openWorkflow(page, await n8n.client.createWorkflow(workflow));
		await openNode(page, node);
	}

	/** Opens the list of the field Association. */
	const openList = async () => {
		await openExample('delete-association.json', 'Delete association');
		await page.getByTestId('rlc-mode-selector').click();
		await page.getByTestId('mode-list').click();
		await page.getByTestId('rlc-input').click();
	};

	test('an association is found by a part of its label, and deleted with a warning and a button', async () => {
		await openList();
		expect(await page.getByTestId('parameter-input-operation').locator('input').inputValue()).toBe(
			'Delete',
		);
		expect(await page.getByTestId('node-parameters').innerText()).toContain(
			'All relations of the association are deleted too. This cannot be undone.',
		);
		await page.getByTestId('rlc-item').nth(2).waitFor();
		await page.getByTestId('rlc-search').fill('owner');
		await page.getByTestId('rlc-item').nth(1).waitFor({ state: 'detached' });
		await page.getByTestId('rlc-item').getByText('Pet ↔ Owner (pet_owner)').click();

		await page.getByTestId('node-execute-button').click();
		const output = page.getByTestId('output-panel');
		await output.getByText('Association deleted successfully').waitFor();
		expect(await output.innerText()).toMatch(
			/deleted\s+id\s+message\s+true\s+6d6f6e676f5f000000000002/,
		);
		expect(await n8n.deletions()).toEqual(['/associations/6d6f6e676f5f000000000002']);
	});

	test('a list without associations says why, and what to do', async () => {
		await n8n.simulator.reset({ associations: 0, system: 0 });
		await openList();
		const text = await page.getByTestId('rlc-error-container').innerText();
		expect(text).toMatch(/No associations found/);
		expect(text).toMatch(/Create one in HighLevel .* or check the 'Location ID'/);
	});

	test('an object is named by its key where an association is created', async () => {
		await openExample('delete-association.json', 'Delete association');
		await page.getByTestId('parameter-input-operation').locator('input').click();
		await page.getByRole('option', { name: 'Create' }).click();
		const mode = page
			.getByTestId('resource-locator-firstObjectKey')
			.getByTestId('rlc-mode-selector');
		await mode.waitFor();
		expect(await mode.locator('input').inputValue()).toBe('By Key');
	});

	test("the trigger's panel says where in HighLevel its URL goes", async () => {
		await openExample('after-a-crm-event.json', 'Relation created');
		const panel = await page.getByTestId('node-parameters').innerText();
		expect(panel).toMatch(/Production URL.*marketplace app.*Webhooks/s);
		expect(panel).toContain('Authentication');
	});
});
