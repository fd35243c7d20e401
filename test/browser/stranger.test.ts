import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

import { createHome, type Home } from '../n8n/harness/home';
import { startN8n, type Server } from '../n8n/harness/n8nServer';
import { describeSeeded, SEEDED, seedUndo } from '../n8n/harness/undoWorkflow';
import { CREDENTIAL_TYPE, TOKEN } from '../n8n/harness/useN8n';
import { installN8n } from '../n8n/install/install';
import { ROOT } from '../program/bootstrap';
import { accept, defaults } from '../simulator/settings';
import { startSimulator, type StartedSimulator } from '../simulator/start';
import { findChromium, openNode, signIn, startBrowser } from './browser';
import { publish, type Published } from './communityNodes';

/** The README as it is read: without its marks. */
const README = readFileSync(join(ROOT, 'README.md'), 'utf8').replaceAll(/[*`]/g, '');

/** Words of the README, which must be there. */
function quote(words: string): string {
	expect(README).toContain(words);
	return words;
}

const chromium = findChromium();

/** The tests are one path: each begins where the one before has ended. */
(chromium ? describe : describe.skip)('with an empty n8n and the README alone', () => {
	let published: Published;
	let simulator: StartedSimulator;
	let home: Home;
	let n8n: Server;
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		const installation = await installN8n();
		[published, simulator, home, browser] = await Promise.all([
			publish(installation),
			startSimulator({
				...seedUndo(6, 3, 4),
				associations: [{ key: SEEDED.key }, { key: 'temp_import', firstObjectLabel: 'Import' }],
				...accept(TOKEN),
			}),
			createHome(installation, { isEmpty: true }),
			startBrowser(chromium!),
		]);
		const credentialOverwrites = { [CREDENTIAL_TYPE]: { baseUrl: simulator.url } };
		n8n = await startN8n(home, { pages: true, env: published.env, credentialOverwrites });
		page = await signIn(browser, n8n);
	});
	afterAll(async () => {
		await browser?.close();
		await n8n?.stop();
		await Promise.all([home?.remove(), simulator?.stop(), published?.remove()]);
	});

	const createWorkflow = async () => {
		await page.getByTestId('universal-add').click();
		await page.getByText('New workflow', { exact: true }).click();
		await page.getByTestId('canvas-plus-button').first().waitFor();
	};

	/** Imports an example into a new workflow. */
	async function importExample(file: string): Promise<void> {
		quote(`(examples/${file})`);
		const [menu, entry] = quote('Import > From file').split(' > ') as [string, string];
		await createWorkflow();
		await page.getByTestId('workflow-menu').click();
		await page.getByText(menu, { exact: true }).hover();
		const [chooser] = await Promise.all([
			page.waitForEvent('filechooser'),
			page.getByText(entry, { exact: true }).click(),
		]);
		await chooser.setFiles(join(ROOT, 'examples', file));
		await page.getByTestId('canvas-node').first().waitFor();
	}

	/** Opens a node, in which n8n then chooses the only credential there is, and closes it. */
	async function chooseCredential(node: string): Promise<void> {
		await openNode(page, node);
		await page.getByTestId('credential-edit-button').waitFor();
		await page.getByTestId('ndv-close-button').click();
	}

	const output = () => page.getByTestId('output-panel');

	test('the package is installed from the page Community nodes', async () => {
		quote(`In n8n: Settings > Community nodes > Install, then enter ${published.name}.`);
		quote('The node is then found as HighLevel Associations when you add a node to a workflow.');
		await page.getByTestId('main-sidebar-settings').click();
		await page.getByRole('menuitem', { name: 'Community nodes' }).click();
		await page.getByRole('button', { name: 'Install a community node' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('textbox').fill(published.name);
		await dialog.getByText('I understand the risks').click();
		await dialog.getByRole('button', { name: 'Install' }).click();
		const card = page.getByTestId('community-package-card');
		await card.waitFor();
		expect(await card.innerText()).toContain(published.name);
		expect(await card.innerText()).toContain('HighLevel Associations Trigger');
	});

	test('the credential is created by hand, and its test fails and passes', async () => {
		await page.getByTestId('settings-back').click();
		await createWorkflow();
		await page.getByTestId('canvas-plus-button').first().click();
		await page.getByTestId('node-creator-search-bar').fill('highlevel associations');
		const creator = page.getByTestId('node-creator');
		await creator.getByText('HighLevel Associations', { exact: true }).click();
		await creator.getByText('Actions (10)').click();
		await creator.getByText('Delete association and its relations').click();
		await page.getByText('Connect to HighLevel Private Integration').click();

		const dialog = page.getByTestId('editCredential-modal');
		const wanted = quote('choose Private Integration at the top right of its window').split(' ');
		expect(await dialog.getByTestId('credential-mode-selector').innerText()).toContain(
			wanted.slice(1, 3).join(' '),
		);
		quote("paste the sub-account's address in HighLevel");
		quote("The credential's test tells you whether the token is valid");
		const fill = async (name: string, value: string) =>
			await dialog.getByTestId(`parameter-input-${name}`).locator('input').fill(value);
		await fill('token', 'pit-wrong');
		await fill('locationId', `https://app.example.com/v2/location/${defaults.location}/dashboard`);
		await dialog.getByTestId('credential-save-button').click();
		await dialog.getByText('More details').click();
		await dialog.getByText('The token is invalid. HighLevel says: ').waitFor();

		await fill('token', TOKEN);
		await dialog.getByTestId('credential-save-button').click();
		await dialog.waitFor({ state: 'hidden' });
		await page.getByTestId('credential-edit-button').click();
		await dialog.getByText('Connection tested successfully').waitFor();
		await dialog.getByLabel('Close').click();
	});

	test('the first deletion, of an association that is picked from the list', async () => {
		quote('An association is picked from the list by its labels');
		await page.getByTestId('rlc-input').click();
		await page.getByTestId('rlc-item').getByText('(temp_import)').click();
		await page.getByTestId('node-execute-button').click();
		await output().getByText('Association deleted successfully').waitFor();
		const columns = quote('{ deleted, id, message }').match(/\w+/g)!;
		expect(await output().locator('th').allInnerTexts()).toEqual(expect.arrayContaining(columns));
	});

	test('the first failure says what to do', async () => {
		await page.getByTestId('node-execute-button').click();
		await output().getByText('HighLevel returned 404: Association not found').first().waitFor();
		const [option, value] = quote('If Not Found to Succeed').split(' to ');
		expect(await output().innerText()).toContain(`set the option '${option}' to ${value}`);
		expect(await output().innerText()).toContain('Nothing was deleted.');
	});

	test('the first backup is a file, and a form restores from it what was deleted', async () => {
		const before = await simulator.state();
		await page.getByTestId('ndv-close-button').click();
		await importExample('back-up-then-delete.json');
		quote('choose your credential in each HighLevel node');
		await chooseCredential('Back up');
		await chooseCredential('Delete');
		await page.getByTestId('execute-workflow-button').click();
		await openNode(page, 'Delete');
		await output().getByText('Association deleted successfully').waitFor();
		expect(describeSeeded(await simulator.state()).pairs).toEqual([]);
		await page.getByTestId('ndv-close-button').click();
		await openNode(page, 'To a file');
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			output().getByTestId('ndv-download-binary-data').click(),
		]);

		await page.getByTestId('ndv-close-button').click();
		await importExample('restore-from-a-backup.json');
		await chooseCredential('Restore');
		const [form] = await Promise.all([
			page.context().waitForEvent('page'),
			page.getByTestId('execute-workflow-button').click(),
		]);
		await form.locator('input[type=file]').setInputFiles(await download.path());
		await form.getByRole('button', { name: 'Restore' }).click();
		const { pairs } = describeSeeded(before);
		const words = `${SEEDED.key}: ${pairs.length} relations restored, 0 existed, 0 failed.`;
		await form.getByText(words).waitFor();
		expect(describeSeeded(await simulator.state())).toEqual(describeSeeded(before));
	});
});
