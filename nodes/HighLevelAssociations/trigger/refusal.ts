/** Why a delivery is refused: the HTTP status that it is answered with, and words for whoever sent it. */
export class Refusal {
	constructor(
		readonly status: 400 | 401 | 413,
		readonly message: string,
	) {}
}
