import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import { cases } from '../../test/engine/operations';
import { progress } from '../../test/program/progress';
import type { StartedSimulator } from '../../test/simulator/start';
import type { N8nClient } from '../../test/n8n/harness/n8nClient';
import { HIGHLEVEL, node, sequence, TRIGGER } from '../../test/n8n/harness/workflow';

type Credentials = INode['credentials'];

const WIDE = { width: 1600, height: 900 };
const NARROW = { width: 1100, height: 800 };

const LOOKS = [
	{ look: 'light-wide', colorScheme: 'light', size: WIDE },
	{ look: 'dark-wide', colorScheme: 'dark', size: WIDE },
	{ look: 'light-narrow', colorScheme: 'light', size: NARROW },
	{ look: 'dark-narrow', colorScheme: 'dark', size: NARROW },
] as const;

/** Nodes of n8n's own to compare with, by type and version. */
const OTHERS: Array<[type: string, version: number, parameters: INodeParameters]> = [
	['hubspot', 2.2, { resource: 'company', operation: 'delete' }],
	['airtable', 2.2, { resource: 'record', operation: 'deleteRecord' }],
	['hubspotTrigger', 1, {}],
	['highLevel', 2, {}],
];

/** By the names that n8n's list of credentials has. */
const CREDENTIALS = [
	...['HighLevel Private Integration API', 'HighLevel Associations OAuth2 API'],
	...['HighLevel Webhook Header API', 'HubSpot Service Key'],
	...['Airtable Personal Access Token API', 'HighLevel OAuth2 API'],
];

const START = node('Start', 'n8n-nodes-base.manualTrigger', 1);

/** How long a step may take before the picture is taken of what is there instead, in ms. */
const LONGEST_STEP = 15_000;

/**
 * Takes pictures of each panel and credential, empty, filled and failed, in both themes, wide and narrow, and of some of
 * n8n's own: to be looked at, not to be kept.
 *
 * @param folder where they go
 * @param wanted beginnings of the names of panels; all of them if there are none
 */
export async function walk(
	page: Page,
	n8n: N8nClient,
	simulator: StartedSimulator,
	credentials: Credentials,
	folder: string,
	wanted: string[],
): Promise<void> {
	mkdirSync(folder, { recursive: true });
	page.setDefaultTimeout(LONGEST_STEP);

	const take = async (name: string, show: () => Promise<void>) => {
		if (wanted.length > 0 && !wanted.some((one) => name.startsWith(one))) return;
		await progress(name, async () => {
			await show().catch((error: Error) => process.stderr.write(`${name}: ${error.message}\n`));
			for (const { look, colorScheme, size } of LOOKS) {
				await page.emulateMedia({ colorScheme });
				await page.setViewportSize(size);
				await page.waitForTimeout(400);
				await page.screenshot({ path: join(folder, `${name}.${look}.png`) });
			}
			await page.setViewportSize(WIDE);
		});
	};
	const open = async (type: string, version: number, parameters: INodeParameters, own = {}) => {
		const panel = node(type.split('.').pop()!, type, version, parameters, {
			...{ id: 'panel', position: [240, 0] as [number, number], credentials: own },
		});
		const workflowId = await n8n.createWorkflow(sequence('Panel', START, panel));
		await page.goto(`/workflow/${workflowId}/panel`);
		await page.getByTestId('ndv').waitFor();
	};
	const execute = async () => {
		await page.getByTestId('node-execute-button').click();
		const done = page.locator(
			'[data-test-id^="node-run-status"], [data-test-id="node-error-view"]',
		);
		await done.first().waitFor();
	};

	for (const [name, { parameters }] of Object.entries(cases)) {
		const { resource, operation } = parameters;
		const show = async () => {
			await open(HIGHLEVEL, 1, parameters, credentials);
			await execute();
		};
		const file = name.replaceAll(' ', '-');
		await simulator.reset();
		await take(`${file}.empty`, async () => await open(HIGHLEVEL, 1, { resource, operation }));
		await take(`${file}.filled`, show);
		await simulator.set({ tokens: [] });
		await take(`${file}.failed`, show);
	}
	await take('tool.delete', async () => await open(`${HIGHLEVEL}Tool`, 1, {}));
	await take('trigger.empty', async () => await open(TRIGGER, 1, {}));
	await take('trigger.header', async () => {
		await open(TRIGGER, 1, { incomingAuthentication: 'headerAuth' });
	});
	await take('trigger.listening', async () => {
		await open(TRIGGER, 1, { events: ['RelationCreate'], appId: 'an-app' });
		await page.getByTestId('node-execute-button').click();
	});
	for (const [type, version, parameters] of OTHERS) {
		const full = `n8n-nodes-base.${type}`;
		await take(`n8n.${type}`, async () => await open(full, version, parameters));
	}
	for (const type of CREDENTIALS) {
		await take(`credential.${type.replaceAll(' ', '-')}`, async () => {
			await page.goto('/home/credentials/create');
			await page.getByTestId('new-credential-type-select').locator('input').fill(type);
			await page.getByText(type, { exact: true }).first().click();
			await page.getByTestId('new-credential-type-button').click();
			await page.getByTestId('editCredential-modal').waitFor();
		});
	}
}
