import type { INodeProperties } from 'n8n-workflow';

import { throughDelivery } from '../../delivery/deliver';
import { associationDelete, associationDeleteFields } from './delete';

/** The Association resource: its Operation menu, then the fields of each operation. */
export const association: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['association'] } },
		routing: throughDelivery,
		options: [associationDelete],
		default: 'delete',
	},
	...associationDeleteFields,
];
