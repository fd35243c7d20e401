import { until } from './n8nClient';

/** A page of an n8n form, as a person without a browser sees it. */
export interface FormPage {
	/** Its HTML, with quotation marks as they are read. */
	text: string;
	/** Sends values by the labels of their fields, and gives the next page, if there is one. */
	submit(values: Record<string, string | string[] | File>): Promise<FormPage | undefined>;
}

/** Opens a page of a form. A form is there a moment after its workflow was switched on. */
export async function openForm(url: string): Promise<FormPage> {
	const response = await until(`the form ${url}`, async () => {
		const answer = await fetch(url);
		return answer.status !== 404 && answer;
	});
	const text = (await response.text()).replaceAll(/&#(x27|39);/g, "'").replaceAll('&quot;', '"');
	if (!response.ok) throw new Error(`GET ${url} gave ${response.status}: ${text}`);
	return { text, submit: async (values) => await submit(url, text, values) };
}

/** Does what the page's own script does (n8n, templates/form-trigger.handlebars). */
async function submit(url: string, text: string, values: Record<string, string | string[] | File>) {
	const body = new FormData();
	for (const [label, value] of Object.entries(values)) {
		body.set(fieldOf(text, label), Array.isArray(value) ? JSON.stringify(value) : value);
	}
	const response = await fetch(url, { method: 'POST', body });
	const answer = await response.text();
	if (!response.ok) throw new Error(`POST ${url} gave ${response.status}: ${answer}`);
	if (response.redirected) return await openForm(response.url);
	const [, waiting = url] = /"formWaitingUrl":"([^"]+)"/.exec(answer) ?? [];
	return waiting.includes('/form-waiting/') ? await nextPage(waiting) : undefined;
}

/** The name of a field: `field-0` and so on. */
function fieldOf(text: string, label: string): string {
	const [, name, list] =
		new RegExp(
			`<label class='form-label[^']*'(?: for='([^']+)')?>${label}</label>(?:\\s*<div[^>]*?\\sid='([^']+)')?`,
		).exec(text) ?? [];
	if (!name && !list) throw new Error(`The form has no field ${label}:\n${text}`);
	return (name ?? list)!;
}

/** Waits until the workflow shows its next page, or has ended without one. */
async function nextPage(url: string): Promise<FormPage | undefined> {
	const status = await until('the next page of the form', async () => {
		const asked = new URL(url);
		asked.pathname += '/n8n-execution-status';
		const found = (await (await fetch(asked)).text()).trim();
		return ['form-waiting', 'success', 'error', 'crashed', 'canceled'].includes(found) && found;
	});
	if (status === 'form-waiting') return await openForm(url);
	if (status === 'success') return undefined;
	throw new Error(`The workflow of the form ended: ${status}.`);
}
