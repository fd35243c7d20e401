import type { DeclarativeRestApiSettings, IDataObject, IHttpRequestOptions } from 'n8n-workflow';

/**
 * A request as an operation states it: `{parameter}` in its URL, query and body stands for the item's parameter of
 * that name, and `{locationId}` for the location of the operation or else of the credential.
 */
export type Template = DeclarativeRestApiSettings.HttpRequestOptions;

/** Which parameters a request takes, by the names in its places. */
export function parametersOf({ url, qs, body }: Template): string[] {
	const places = JSON.stringify([url, qs, body]).matchAll(/\{(\w+)\}/g);
	return [...new Set([...places].map(([, name]) => name!))];
}

/** Puts values into the places of a request; in the URL each becomes one percent-encoded segment. */
export function fill(template: Template, values: Record<string, string>): IHttpRequestOptions {
	const { url = '', qs, body } = template;
	return {
		...template,
		url: url.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!)),
		...(qs && { qs: filled(qs, values) }),
		...(body !== undefined && { body: filled(body as IDataObject, values) }),
	} as IHttpRequestOptions;
}

function filled(fields: IDataObject, values: Record<string, string>): IDataObject {
	const place = /^\{(\w+)\}$/;
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => {
			const parameter = typeof value === 'string' ? place.exec(value)?.[1] : undefined;
			return [name, parameter === undefined ? value : values[parameter]];
		}),
	);
}
