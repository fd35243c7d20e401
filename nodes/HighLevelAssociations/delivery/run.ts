import type { IExecuteSingleFunctions } from 'n8n-workflow';

import { bareToken } from '../../../credentials/HighLevelPrivateIntegrationApi.credentials';

/** What the items of one run of the node share. */
export interface Run {
	credentialType: string;
	/** The credential's base URL, without a slash at its end. */
	baseURL: string;
	/** A copy of a value in which the credential's token is nowhere spelled out. */
	withoutSecrets: <T>(value: T) => T;
}

const runs = new WeakMap<object, Promise<Run>>();

/** The run that an item belongs to. The engine hands all items of one run the same execute data, and no other run. */
export async function runOf(context: IExecuteSingleFunctions): Promise<Run> {
	const key = context.getExecuteData();
	const run = runs.get(key) ?? begin(context);
	runs.set(key, run);
	return await run;
}

async function begin(context: IExecuteSingleFunctions): Promise<Run> {
	const credentialType = 'highLevelPrivateIntegrationApi';
	const credentials = await context.getCredentials(credentialType);
	const token = bareToken(credentials);
	return {
		credentialType,
		baseURL: String(credentials.baseUrl).replace(/\/+$/, ''),
		withoutSecrets: (value) =>
			token === '' ? value : JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(token).slice(1, -1), '***')),
	};
}
