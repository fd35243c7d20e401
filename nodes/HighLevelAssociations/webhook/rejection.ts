/** Why a request is rejected: the HTTP status and the message of the response. */
export class Rejection {
	constructor(
		readonly status: 400 | 401 | 413,
		/** One of few, so that it can be logged once a minute. */
		readonly message: string,
	) {}
}
