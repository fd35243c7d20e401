import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withLock } from './lock';

test('the second waits for the first, also one that fails, and says so', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'lock-'));
	const path = join(folder, 'installed');
	const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
	const order: string[] = [];
	let finish = () => {};
	const first = withLock(path, 'first waits', async () => {
		await new Promise<void>((resolve) => (finish = resolve));
		order.push('first');
		throw new RangeError('failed');
	}).catch((error) => order.push(error.message));
	while (!existsSync(`${path}.lock`)) await new Promise((resolve) => setTimeout(resolve, 10));
	const second = withLock(path, 'second waits', async () => order.push('second'));
	while (said.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
	finish();
	await Promise.all([first, second]);
	expect(order).toEqual(['first', 'failed', 'second']);
	expect(said.mock.calls).toEqual([['second waits\n']]);
	said.mockRestore();
	rmSync(folder, { recursive: true });
});
