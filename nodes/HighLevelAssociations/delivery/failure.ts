import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

/** Why an item failed: the error that its user gets to see, and what else is known of it. */
export class Failure extends Error {
	constructor(
		readonly error: NodeApiError | NodeOperationError,
		/** Status or network code, and tries where there was more than one. */
		readonly details: IDataObject = {},
		/** Whether HighLevel was not asked at all. */
		readonly unsent = false,
		/** Whether HighLevel does not know what was asked for. */
		readonly notFound = false,
	) {
		super(error.message);
	}
}

/** An item was not sent because the run was stopped before its turn. */
export class Unsent extends Error {}
