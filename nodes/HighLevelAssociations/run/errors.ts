import type { IDataObject, NodeApiError, NodeOperationError } from 'n8n-workflow';

/** What is known of a failed item besides its error. */
interface Failure {
	/** Status or network code. */
	details?: IDataObject;
	/** Whether HighLevel received nothing that it could have carried out. */
	isNotSent?: boolean;
	/** Whether HighLevel says that the association or relation does not exist. */
	isNotFound?: boolean;
	/** Whether HighLevel says that it exists already. */
	isDuplicate?: boolean;
	/** Whether HighLevel refuses how many things of a list were asked for. */
	isLimitTooLarge?: boolean;
	/** Whether HighLevel may have carried out a change all the same. */
	mayHaveSucceeded?: boolean;
}

/** Why an item failed: the error that its user sees, and what else is known. */
export class ItemError extends Error {
	constructor(
		readonly error: NodeApiError | NodeOperationError,
		readonly failure: Failure,
	) {
		super(error.message);
	}
}

/** What work gives, or the ItemError that it fails with; any other error is thrown. */
export async function settle<Value>(work: Promise<Value>): Promise<Value | ItemError> {
	return await work.catch((error) => {
		if (error instanceof ItemError) return error;
		throw error;
	});
}

/** An item was not sent because the run was stopped before its turn. */
export class NotSent extends Error {}
