import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withLock } from './lock';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the second waits for the first, and says so', async () => {
	const path = join(folder, 'installed');
	const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
	const order: string[] = [];
	let finish = () => {};
	const first = withLock(path, 'first waits', async () => {
		await new Promise<void>((resolve) => (finish = resolve));
		order.push('first');
	});
	while (!existsSync(`${path}.lock`)) await new Promise((resolve) => setTimeout(resolve, 10));
	const second = withLock(path, 'second waits', async () => order.push('second'));
	while (said.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
	finish();
	await Promise.all([first, second]);
	expect(order).toEqual(['first', 'second']);
	expect(said.mock.calls).toEqual([['second waits\n']]);
	said.mockRestore();
});

test('takes over the lock of a process that has died', async () => {
	const path = join(folder, 'installed');
	mkdirSync(`${path}.lock`);
	const longAgo = new Date(Date.now() - 3_600_000);
	utimesSync(`${path}.lock`, longAgo, longAgo);
	expect(await withLock(path, 'waits', async () => 'done')).toBe('done');
	expect(existsSync(`${path}.lock`)).toBe(false);
});

test('lets the next one in after a failure', async () => {
	const path = join(folder, 'installed');
	await expect(
		withLock(path, 'waits', async () => {
			throw new RangeError('failed');
		}),
	).rejects.toThrow('failed');
	expect(await withLock(path, 'waits', async () => 'done')).toBe('done');
});
