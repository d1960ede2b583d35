import { describe, expect, it } from 'vitest';
import { ago, brief, bytes, count, initials, percent, pieces, span, splitPath }
	from '../src/format';

describe('numbers', () => {
	it.each([
		[0, '0'], [999, '999'], [49717, '49,717'],
	])('a count of %d reads %s', (n, text) => expect(count(n)).toBe(text));

	it.each([
		[999, '999'], [1000, '1K'], [49717, '49.7K'], [11_600_000, '11.6M'],
	])('%d in brief reads %s', (n, text) => expect(brief(n)).toBe(text));

	it.each([
		[-0.142, '−14.2 %'], [0.184, '+18.4 %'], [0, '0 %'],
		[-0.31, '−31.0 %'],
	])('a change of %d reads %s', (n, text) =>
		expect(percent(n, true)).toBe(text));

	it.each([
		[0, '0 B'], [1023, '1023 B'], [1024, '1.0 KiB'],
		[468.7 * 2 ** 30, '469 GiB'], [12.4 * 2 ** 30, '12.4 GiB'],
		[2 ** 60, '1024 PiB'],
	])('%d bytes read %s', (n, text) => expect(bytes(n)).toBe(text));
});

describe('times', () => {
	it.each([
		[0, 'less than 1 s'], [1, '1 s'], [59, '59 s'], [60, '1 min'], [840, '14 min'],
		[3600, '1 h'], [12000, '3 h 20 min'], [90000, '1 d 1 h'],
	])('%d seconds last %s', (s, text) => expect(span(s)).toBe(text));

	const now = Date.parse('2026-11-21T12:00:00Z');
	it.each([
		['2026-11-21T11:59:40Z', 'just now'], ['2026-11-21T11:58:00Z', '2m ago'],
		['2026-11-21T07:00:00Z', '5h ago'],
		['2026-11-21T11:00:05Z', '1h ago'], ['2026-11-20T12:10:00Z', '1d ago'], ['2026-11-11T12:00:00Z', '10d ago'],
		['2026-07-21T12:00:00Z', '4mo ago'], ['2021-11-21T12:00:00Z', '5y ago'],
		['2026-11-21T12:01:00Z', 'just now'],
	])('%s was %s', (t, text) => expect(ago(t, now)).toBe(text));

	it('what never happened says so', () => expect(ago(null)).toBe('never'));
});

describe('paths and names', () => {
	it.each([
		['/srv/a.csv', '/srv/', 'a.csv'], ['a.csv', '', 'a.csv'], ['/', '/', ''],
	])('%s splits into folder and name', (path, folder, file) =>
		expect(splitPath(path)).toEqual([folder, file]));

	it.each([
		['Anna Novak', 'AN'], ['anna', 'AN'], ['a', 'A'], ['', '?'],
		['s.chen', 'SC'],
	])('%s has the initials %s', (name, text) =>
		expect(initials(name)).toBe(text));
});

describe('context of a match', () => {
	it('the masked value is the hit between what stands around it', () => {
		expect(pieces('card;4111**1111;X', '4111**1111')).toEqual([
			{ text: 'card;', hit: false }, { text: '4111**1111', hit: true },
			{ text: ';X', hit: false },
		]);
	});

	it('a long beginning is cut so that the value is seen', () => {
		const p = pieces('x'.repeat(80) + '****', '****');
		expect(p[0]?.text.length).toBeLessThanOrEqual(23);
		expect(p[0]?.text.startsWith('…')).toBe(true);
	});

	it('without its context the masked value stands alone', () => {
		expect(pieces('', '****')).toEqual([{ text: '****', hit: true }]);
	});
});
