import { describe, expect, it, vi } from 'vitest';
import { type Chunk, PageCache } from '../src/pages';

const chunk = (at: number, n: number, total: number): Chunk<number> => ({
	items: Array.from({ length: n }, (_, i) => at + i), total, total_exact: true,
});

function cacheOf(total: number, keep = 40) {
	const asked: number[] = [];
	const failed = vi.fn();
	const cache = new PageCache<number>(async (at, limit) => {
		asked.push(at);
		return chunk(at, Math.max(0, Math.min(limit, total - at)), total);
	}, () => undefined, failed, 100, keep);
	return { cache, asked, failed };
}

describe('rows that stay on the server', () => {
	it('a row is there after its page was wanted', async () => {
		const { cache } = cacheOf(250);
		expect(cache.get(0)).toBeUndefined();
		await Promise.all(cache.want(0, 20));
		expect(cache.get(17)).toBe(17);
		expect(cache.total).toBe(250);
	});
	it('a range over a page border asks for both pages', async () => {
		const { cache, asked } = cacheOf(1000);
		await Promise.all(cache.want(90, 120));
		expect(asked).toEqual([0, 100]);
	});
	it('a page is asked for once, however often it is wanted', async () => {
		const { cache, asked } = cacheOf(1000);
		await Promise.all([...cache.want(0, 9), ...cache.want(0, 9)]);
		cache.want(0, 9);
		expect(asked).toEqual([0]);
	});
	it('nothing beyond the end is asked for', async () => {
		const { cache, asked } = cacheOf(150);
		await Promise.all(cache.want(0, 5));
		await Promise.all(cache.want(100, 900));
		expect(asked).toEqual([0, 100]);
	});
	it('keeps a bounded number of pages, the latest used', async () => {
		const { cache } = cacheOf(10_000, 3);
		for (const at of [0, 100, 200]) await Promise.all(cache.want(at, at));
		cache.get(0);
		await Promise.all(cache.want(300, 300));
		expect(cache.get(100)).toBeUndefined();
		expect(cache.get(0)).toBe(0);
	});
	it('a late answer to a dropped filter is thrown away', async () => {
		let answer: (c: Chunk<string>) => void = () => undefined;
		const changed = vi.fn();
		const cache = new PageCache<string>(
			() => new Promise((r) => (answer = r)), changed, () => undefined);
		const [wait] = cache.want(0, 0);
		cache.drop();
		answer({ items: ['old'], total: 1, total_exact: true });
		await wait;
		expect(cache.get(0)).toBeUndefined();
		expect(cache.total).toBeNull();
		expect(changed).not.toHaveBeenCalled();
	});
	it('a failure is told and the page can be asked again', async () => {
		let broken = true;
		const failed = vi.fn();
		const cache = new PageCache<number>(async (at) => {
			if (broken) throw new Error('down');
			return chunk(at, 1, 1);
		}, () => undefined, failed);
		await Promise.all(cache.want(0, 0));
		expect(failed).toHaveBeenCalledOnce();
		broken = false;
		await Promise.all(cache.want(0, 0));
		expect(cache.get(0)).toBe(0);
	});
	it('a row is changed in place', async () => {
		const { cache } = cacheOf(10);
		await Promise.all(cache.want(0, 0));
		cache.patch((r) => r === 3, () => 33);
		expect(cache.get(3)).toBe(33);
	});
});
