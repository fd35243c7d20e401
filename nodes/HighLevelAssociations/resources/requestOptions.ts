import type { INodeProperties } from 'n8n-workflow';

/** Items that the engine hands over in one go, and milliseconds that it leaves to the rest of n8n before the next. */
const BATCH = { batchSize: 25, batchInterval: 1 };

/** A display condition; its type leaves out objects, which n8n compares too (n8n-workflow, checkConditions). */
const equals = (value: object) => ({ _cnd: { eq: value as unknown as number } });

/**
 * Request Options with a default for Batching. Without it the engine evaluates the parameters of all items in one go, and
 * n8n, its editor included, does nothing else until it has: for many seconds where there are thousands.
 *
 * n8n replaces the first property of this name by its own, whose default is empty (n8n-core, DirectoryLoader). The second
 * one counts where no Batching is stored, or the default. Any other is left to n8n's own, which alone knows what the
 * editor has not stored of it: it leaves out what is as n8n suggests. The paths begin at the root, as n8n up to 2.30 takes
 * any other for the name of a property that it waits for (n8n-workflow, getParameterResolveOrder).
 */
export const requestOptions: INodeProperties[] = [
	{
		displayName: 'Request Options',
		name: 'requestOptions',
		type: 'collection',
		default: {},
	},
	{
		displayName: 'Request Options',
		name: 'requestOptions',
		type: 'hidden',
		default: { batching: { batch: BATCH } },
		displayOptions: {
			hide: {
				'/requestOptions.batching.batch': [
					equals({}),
					...Object.entries(BATCH).map(([name, value]) => equals({ [name]: value })),
				],
				...Object.fromEntries(
					Object.entries(BATCH).map(([name, value]) => [
						`/requestOptions.batching.batch.${name}`,
						[{ _cnd: { lt: value } }, { _cnd: { gt: value } }],
					]),
				),
			},
		},
	},
];
