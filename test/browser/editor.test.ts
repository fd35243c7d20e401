import type { Browser, Page } from 'playwright-core';

import { LOCATION } from '../simulator/webhooks';
import { findChromium, openNode, openWorkflow, signIn, startBrowser } from './browser';
import { exampleWorkflows } from '../n8n/harness/examples';
import { CREDENTIAL_TYPE, useN8n } from '../n8n/harness/useN8n';

jest.setTimeout(240_000);

const chromium = findChromium();
if (!chromium) {
	process.stderr.write(
		'The tests in a browser are skipped: no Chromium is on PATH. Install it, e.g. with apt-get install chromium.\n',
	);
}

// The user's way through one session: each test goes on where the one before has stopped.
(chromium ? describe : describe.skip)("in n8n's editor", () => {
	const n8n = useN8n({ pages: true });
	let browser: Browser;
	let page: Page;
	let workflows: { deletion: string; event: string };

	beforeAll(async () => {
		const credential = { name: 'HighLevel account', type: CREDENTIAL_TYPE };
		const data = n8n.credentialData({ locationId: LOCATION });
		const examples = exampleWorkflows({
			...credential,
			id: await n8n.editor.createCredential({ ...credential, data }),
		});
		workflows = {
			deletion: await n8n.editor.createWorkflow(examples.get('delete-association.json')!),
			event: await n8n.editor.createWorkflow(examples.get('after-a-crm-event.json')!),
		};
		browser = await startBrowser(chromium!);
		page = await signIn(browser, n8n.editor);
	});
	beforeEach(async () => await n8n.simulator.reset({ associations: 3, relations: 2 }));
	afterAll(async () => await browser?.close());

	/** Opens the list of the field Association. */
	const openList = async () => {
		await openWorkflow(page, workflows.deletion);
		await openNode(page, 'Delete association');
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
		const { associations } = await n8n.simulator.state();
		expect(associations.map(({ key }) => key)).toEqual([
			'student_teacher',
			'parent_child',
			'contact_opportunity',
		]);
	});

	test('a deletion that fails says in the panel what happened and what to do', async () => {
		await n8n.simulator.reset({ associations: 0 });
		await page.getByTestId('node-execute-button').click();
		const output = page.getByTestId('output-panel');
		await output.getByText('HighLevel answered 404: Association not found').first().waitFor();
		expect(await output.innerText()).toMatch(
			/Item 0 \(6d6f6e676f5f000000000002\) failed.* Nothing was deleted\. Check the ID\./s,
		);
	});

	test('a list without associations says why, and what to do', async () => {
		await n8n.simulator.reset({ associations: 0, system: 0 });
		await openList();
		const text = await page.getByTestId('rlc-error-container').innerText();
		expect(text).toMatch(/no associations/);
		expect(text).toMatch(/Create one in HighLevel .* or check the Location ID/);
	});

	test('a wrong token is told in words when the credential is saved', async () => {
		await page.getByTestId('rlc-input').press('Escape');
		await page.getByTestId('credential-edit-button').click();
		await page.getByTestId('parameter-input-token').locator('input').fill('pit-wrong');
		await page.getByTestId('credential-save-button').click();
		const dialog = page.getByTestId('editCredential-modal');
		await dialog.getByText('More details').click();
		await dialog
			.getByText('The token is wrong. HighLevel says: Invalid Private Integration token')
			.waitFor();
	});

	test("the trigger's panel says where in HighLevel its URL goes", async () => {
		await openWorkflow(page, workflows.event);
		await openNode(page, 'Relation created');
		const panel = await page.getByTestId('node-parameters').innerText();
		expect(panel).toMatch(/production URL.*marketplace app.*Webhooks/s);
		expect(panel).toContain('Authentication');
	});
});
