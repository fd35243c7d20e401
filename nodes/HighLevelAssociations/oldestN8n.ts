import * as n8nWorkflow from 'n8n-workflow';

/** The oldest n8n that the package is tested with. */
export const OLDEST_N8N = '1.123.81';

/** Came with n8n 1.109, the first that tells a declarative node that it is stopped by hand, and with n8n 1.120. */
const NEWER = ['isDomainAllowed', 'createRunExecutionData'];

if (!NEWER.some((name) => name in n8nWorkflow)) {
	throw new Error(
		`n8n-nodes-highlevel-associations needs n8n ${OLDEST_N8N} or newer. Update n8n, then restart it.`,
	);
}
