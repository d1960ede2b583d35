import { describe, expect, it } from 'vitest';
import { fraction, remaining, shareText, volume } from '../src/eta';
import type { Progress } from '../src/types';

const p = (o: Partial<Progress>): Progress => ({
	done_objects: 0, done_bytes: 0, total_objects: null, total_bytes: null,
	total_exact: true, bytes_per_second: 0, eta_seconds: null, findings: 0,
	partial: 0, unread: 0, current: '', stalled: false, ...o,
});
const half = { done_bytes: 50, total_bytes: 100 };

describe('how far', () => {
	it('bytes decide when they are known', () =>
		expect(fraction(p({ ...half, done_objects: 1, total_objects: 100 }))).toBe(0.5));
	it('objects decide when there are no bytes', () =>
		expect(fraction(p({ done_objects: 1, total_objects: 4 }))).toBe(0.25));
	it('without totals there is no share', () =>
		expect(fraction(p({ done_bytes: 9 }))).toBeNull());
	it('totals that still grow give no share, so no bar runs back', () =>
		expect(fraction(p({ ...half, total_exact: false }))).toBeNull());
	it('a share is never above one', () =>
		expect(fraction(p({ done_bytes: 101, total_bytes: 100 }))).toBe(1));
	it('99 percent is never shown', () =>
		expect(shareText(p({ done_bytes: 995, total_bytes: 1000 }))).toBe(''));
	it('both sides share a unit', () =>
		expect(volume(p({ done_bytes: 2 * 2 ** 30, total_bytes: 640 * 2 ** 30 })))
			.toBe('2.0 of 640 GiB'));
});

describe('how much longer', () => {
	it('one figure from a tenth on', () =>
		expect(remaining('running', p({ ...half, eta_seconds: [780, 900] })))
			.toBe('14 min left'));
	it('a range before a tenth is read', () =>
		expect(remaining('running', p({ done_bytes: 5, total_bytes: 100,
			eta_seconds: [600, 1800] }))).toBe('10 min to 30 min left'));
	it('finishing instead of the last percent', () =>
		expect(remaining('running', p({ done_bytes: 99, total_bytes: 100,
			eta_seconds: [0, 1] }))).toBe('finishing'));
	it('no figure while the totals are being counted', () =>
		expect(remaining('running', p({ ...half, total_exact: false,
			eta_seconds: [1, 2] }))).toBe('counting what there is'));
	it('a stalled scan says so', () =>
		expect(remaining('running', p({ ...half, stalled: true })))
			.toBe('no progress for a minute'));
	it('a paused scan has no end', () =>
		expect(remaining('paused', p({ ...half, eta_seconds: [1, 2] })))
			.toBe('paused'));
});
