import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../src/api';
import { Bunch } from '../src/live';
import { factsOf, shareOf, widthsOf } from '../src/parts/coverage';
import { chipsOf } from '../src/parts/facets';
import { quarters } from '../src/parts/form';
import { sparkPath } from '../src/parts/spark';
import { type Branch, linesOf } from '../src/parts/tree';
import { wordsOf } from '../src/state';
import type {
	Agent, Coverage, DataType, Facets, Limit, Scan, TreeNode,
} from '../src/types';
import { sameFingerprint } from '../src/views/agents';
import { byPlace } from '../src/views/finding';
import {
	type Draft, limitOf, limitsOf, lookedFor, pathsOf, problemOf, rangeOf, typesOf, whoOf,
} from '../src/views/newscan/draft';
import { languagesOf, NO_PICTURES } from '../src/views/pictures';
import { known, nextStep, shade } from '../src/views/overview';
import { withEvents } from '../src/views/scans';

const type = (id: string, category: string, current = true): DataType => ({
	id, name: id, category, category_name: category, risk: 'high',
	countries: '*', findings: 0, current,
});
const TYPES = [type('card_visa', 'card'), type('email', 'personal'),
	type('secret.x', 'secret'), type('card_old', 'card', false)];
const draft = (o: Partial<Draft> = {}): Draft => ({
	name: '', agents: new Set(['1']), targets: new Set(), paths: '/srv',
	preset: 'all',
	types: new Set(), limits: {}, pictures: NO_PICTURES, skip: false, ...o,
});

describe('what a scan looked for', () => {
	it.each([
		[[], 'Everything'], [['profile:pci_dss'], 'Payment cards'],
		[['eu', 'uk', 'us', 'latam', 'apac', 'mea'].map((r) => `profile:personal_${r}`),
			'Personal data'],
		[['card_*', 'iban'], 'card_*, iban'],
		[['profile:health'], 'health'],
		[['a', 'b', 'c', 'd', 'e'], 'a, b, c +2'],
	])('%o is said as %s', (types, words) => expect(lookedFor(types)).toBe(words));
});

describe('a new scan', () => {
	it('paths are lines, trimmed, each once', () =>
		expect(pathsOf(' /srv \n\n/home\n/srv\n')).toEqual(['/srv', '/home']));
	it('everything means the default profile', () =>
		expect(typesOf(draft(), TYPES)).toEqual([]));
	it.each<[Draft['preset'], string]>([
		['cards', 'profile:pci_dss'], ['personal', 'profile:personal_eu'],
		['secrets', 'profile:secrets'],
	])('%s are a profile of the catalogue', (preset, profile) =>
		expect(typesOf(draft({ preset }), TYPES)).toContain(profile));
	it('a whole family of types is one word, whatever its number', () => {
		const many = Array.from({ length: 400 }, (_, n) => type(`secret.k${n}`, 'secret'));
		const all = [...many, type('at_vat', 'vat'), type('at_id', 'id'), type('iban', 'bank')];
		const own = (ids: string[]) =>
			draft({ preset: 'own', types: new Set(ids) });
		const secrets = many.map((t) => t.id);
		expect(typesOf(own([...secrets, 'at_vat', 'iban']), all))
			.toEqual(['secret.*', 'at_vat', 'iban']);
		expect(problemOf(own(secrets), all)).toBe('');
		expect(problemOf(own(secrets.slice(1)), all)).toContain('too many');
	});
	it('own types are those that were chosen', () =>
		expect(typesOf(draft({ preset: 'own', types: new Set(['email']) }), TYPES))
			.toEqual(['email']));
	it.each<[string, Partial<Draft>]>([
		['at least one host', { agents: new Set() }],
		['at least one folder', { paths: ' \n' }],
		['does not begin with /', { paths: '/srv\nhome' }],
		['at least one data type', { preset: 'own' }],
	])('says: %s', (words, o) =>
		expect(problemOf(draft(o), TYPES)).toContain(words));
	it('a few hosts are named, more than fit means all', () => {
		expect(whoOf(draft(), [{ id: '1' } as Agent]))
			.toEqual({ agents: ['1'], paths: ['/srv'] });
		const many = Array.from({ length: 201 }, (_, n) => ({ id: `${n}` } as Agent));
		const all = draft({ agents: new Set(many.map((a) => a.id)) });
		expect(whoOf(all, many)).toEqual({ all: true, paths: ['/srv'] });
	});
	it('targets on other hosts need no folders, nor any host', () => {
		const d = draft({ agents: new Set(), targets: new Set(['7']), paths: '' });
		expect(problemOf(d, TYPES)).toBe('');
		expect(whoOf(d, [])).toEqual({ targets: ['7'] });
	});
	it('a whole draft has no problem', () =>
		expect(problemOf(draft(), TYPES)).toBe(''));
});

describe('fingerprints', () => {
	it.each([
		['3f9a-77c1', '3F9A 77C1', true], ['3f9a-77c1', '3f9a-77c2', false],
		['', '', false], ['3f9a', '', false],
	])('%s and %s: %s', (a, b, same) => expect(sameFingerprint(a, b)).toBe(same));
});

describe('the tree', () => {
	const node = (id: string) => ({ id, has_children: true } as TreeNode);
	const branches = new Map<string, Branch>([
		['', { items: [node('a'), node('b')], next: 'more' }],
		['a', { items: [node('a1')], next: null }],
		['b', { items: [], next: null, error: new Error('down') }],
	]);
	it('shows the children of what is open, deeper', () =>
		expect(linesOf(branches, new Set(['a'])).map((l) => [l.node?.id, l.depth]))
			.toEqual([['a', 0], ['a1', 1], ['b', 0], [undefined, 0]]));
	it('says which parent has more and which failed', () => {
		const lines = linesOf(branches, new Set(['b']));
		expect(lines.map((l) => l.more ?? l.failed ?? l.node?.id))
			.toEqual(['a', 'b', 'b', '']);
	});
});

describe('live events', () => {
	it('are handed on in one bunch', () => {
		vi.useFakeTimers();
		const out = vi.fn();
		const b = new Bunch(out, 250);
		for (let n = 0; n < 50; n++) b.add('finding', { n });
		b.add('scan', {});
		expect(out).not.toHaveBeenCalled();
		vi.advanceTimersByTime(250);
		expect(out).toHaveBeenCalledTimes(2);
		expect(out.mock.calls[0]?.[1]).toHaveLength(50);
		b.add('scan', {});
		vi.advanceTimersByTime(250);
		expect(out).toHaveBeenCalledTimes(3);
		vi.useRealTimers();
	});
	it('move the progress of the scan they name', () => {
		const scan = (id: string) => ({ id, state: 'running', progress: {} } as Scan);
		const progress = { findings: 3 } as Scan['progress'];
		const r = withEvents([scan('1'), scan('2')],
			[{ id: '2', state: 'running', progress }]);
		expect(r.scans[1]?.progress.findings).toBe(3);
		expect(r.moved).toBe(false);
		expect(withEvents([scan('1')], [{ id: '1', state: 'done', progress }]).moved)
			.toBe(true);
		expect(withEvents([scan('1')], [{ id: '9', state: 'queued', progress }]).moved)
			.toBe(true);
	});
});

describe('the trend', () => {
	const days = ['1', '2', '3', '4'];
	it('begins a day before the first finding', () =>
		expect(known({ days, open: [0, 0, 5, 6], critical: [0, 0, 0, 1] }))
			.toEqual({ days: ['2', '3', '4'], open: [0, 5, 6], critical: [0, 0, 1] }));
	it('is empty while nothing was found', () =>
		expect(known({ days, open: [0, 0, 0, 0], critical: [0, 0, 0, 0] }).days)
			.toEqual([]));
});

describe('small things', () => {
	it.each([
		[0, 100, 0], [1, 10000, 1], [100, 100, 5], [25, 100, 3], [5, 0, 0],
	])('%d of %d has the shade %d', (n, most, h) => expect(shade(n, most)).toBe(h));
	it.each([
		[0, 0], [1, 1], [11, 1], [12, 2], [16, 3], [24, 4],
	])('%d characters light %d quarters', (n, q) => expect(quarters(n)).toBe(q));
	it('a line needs two days', () => {
		expect(sparkPath([1])).toBe('');
		expect(sparkPath([1, 2])).toBe('M0.0 28.0L86.0 2.0');
		expect(sparkPath([0, 0, 0, 1, 2])).toBe(sparkPath([0, 1, 2]));
		expect(sparkPath([0, 0])).toBe('');
	});
	it('matches stand under their places', () => {
		const m = (place: string, offset: number) =>
			({ place, offset } as Parameters<typeof byPlace>[0][number]);
		expect(byPlace([m('a', 1), m('b', 2), m('a', 3)]).map(([p, l]) =>
			[p, l.map((x) => x.offset)])).toEqual([['a', [1, 3]], ['b', [2]]]);
	});
	it('chips name what the address filters', () => {
		const facets = { type: [{ value: 'card_visa', name: 'Visa', count: 1 }] };
		const chips = chipsOf(new URLSearchParams(
			'risk=critical&-type=card_visa&sort=path'), facets as Facets);
		expect(chips.map((c) => [c.field, c.not, c.word])).toEqual([
			['risk', false, 'Critical'], ['type', true, 'Visa']]);
	});
	it('a failure has words for a person', () =>
		expect(wordsOf(new Failure(409, 'Too late', 'it changed.')))
			.toBe('It changed'));
	it('a master that is not there is named', () =>
		expect(wordsOf(new Failure(0, 'It cannot be reached', 'Look.')))
			.toBe('It cannot be reached. Look.'));
	it.each([
		[{ open: 0, agents: 0, scans: 0 }, 1], [{ open: 0, agents: 1, scans: 0 }, 2],
		[{ open: 0, agents: 1, scans: 1 }, 3], [{ open: 5, agents: 1, scans: 1 }, 4],
	])('the next first step of %o is %d', (s, step) => {
		const d = { figures: { open: { value: s.open }, remediated: { value: 0 } },
			recent: [], agents: { total: s.agents },
			scans: Array.from({ length: s.scans }) };
		expect(nextStep(d as unknown as Parameters<typeof nextStep>[0])).toBe(step);
	});
});

const DEPTH: Limit = { name: 'depth', default: 8, low: 1, high: 16,
	unit: 'count', text: 'containers within containers' };
const OUTPUT: Limit = { name: 'output', default: 2 ** 36, low: 1, high: null,
	unit: 'bytes', text: 'bytes that one object unpacks to' };

describe('limits of a new scan', () => {
	it.each<[string, Limit['unit'], number]>([
		['4', 'count', 4], [' 1,000 ', 'count', 1000], ['64 GiB', 'bytes', 2 ** 36],
		['1.5g', 'bytes', 1.5 * 2 ** 30], ['2 MB', 'bytes', 2 ** 21],
		['7', 'bytes', 7], ['7 b', 'bytes', 7], ['4k', 'count', NaN],
		['x', 'count', NaN], ['-1', 'count', NaN], ['1.5', 'count', NaN],
		['99999999999999999999', 'bytes', NaN],
	])('%s of %s is %d', (text, unit, v) =>
		expect(limitOf(text, unit)).toBe(v));
	it('only what was typed is in the order', () => {
		const d = draft({ limits: { depth: '4', output: ' ' } });
		expect(limitsOf(d, [DEPTH, OUTPUT])).toEqual({ depth: 4 });
		expect(problemOf(d, TYPES, [DEPTH, OUTPUT])).toBe('');
	});
	it.each(['0', '17', 'four', '4.5'])('%s is refused with the range', (depth) =>
		expect(problemOf(draft({ limits: { depth } }), TYPES, [DEPTH]))
			.toContain('1 to 16'));
	it('a range without an end says where it begins', () => {
		expect(rangeOf(OUTPUT)).toBe('from 1 B on; 64.0 GiB when empty');
		expect(rangeOf(DEPTH)).toBe('1 to 16; 8 when empty');
	});
});

describe('text in pictures', () => {
	const read = (languages: string[], more = '') => draft({
		pictures: { on: true, languages: new Set(languages), more },
	});
	it('is not read unless it is asked for', () =>
		expect(languagesOf(draft().pictures)).toEqual([]));
	it('languages are chosen and typed, each once', () =>
		expect(languagesOf(read(['eng', 'deu'], ' isl, eng chi_tra_vert').pictures))
			.toEqual(['eng', 'deu', 'isl', 'chi_tra_vert']));
	it.each<[string, Draft]>([
		['Choose a language', read([])],
		['“../eng” is no name', read(['eng'], '../eng')],
		['At most 8', read(['eng'], 'a b c d e f g h')],
	])('%s', (words, d) => expect(problemOf(d, TYPES)).toContain(words));
	it('eight of them can be started', () =>
		expect(problemOf(read(['eng'], 'a b c d e f g'), TYPES)).toBe(''));
});

const covered = (o: Partial<Coverage> = {}): Coverage => ({
	whole: false, objects: 1000, full: 1000, partial: 0, unread: 0, folders: 0,
	unchanged: 0, bytes: 4096, unread_bytes: 0, members: 0, members_partial: 0,
	members_unread: 0, places: 0, left_out: 0, rested_seconds: 0, reasons: [],
	...o,
});

describe('coverage', () => {
	it('100 % is said only when the server says whole', () => {
		expect(shareOf(covered({ whole: true }))).toBe('100 % read');
		expect(shareOf(covered())).toBe('not everything was read');
		expect(shareOf(covered(), true)).toBe('all fully read so far');
		expect(shareOf(covered({ objects: 10 ** 7, full: 10 ** 7 - 1 })))
			.toContain('99.9 %');
		expect(shareOf(covered({ objects: 0, full: 0 }))).not.toContain('%');
		expect(shareOf(covered({ full: 875 }))).toContain('87.5 %');
	});
	it('one object in a million can be seen in the bar', () => {
		const x = widthsOf(covered({ full: 10 ** 6, partial: 1, unread: 0 }));
		expect(x.partial).toBeGreaterThan(1);
		expect(x.unread).toBe(0);
		expect(x.full + x.partial).toBe(100);
		expect(widthsOf(covered({ full: 0, unread: 3 })).unread).toBe(100);
		expect(widthsOf(covered({ full: 0 })).full).toBe(0);
	});
	it('sums without anything to tell are left out', () => {
		const names = (o: Partial<Coverage>) =>
			factsOf(covered(o)).map(([name]) => name);
		expect(names({})).toEqual(['Bytes read']);
		expect(names({ unchanged: 7 })).toContain('Unchanged, empty before');
		expect(names({ rested_seconds: 0.4 })).toEqual(['Bytes read']);
		expect(factsOf(covered({ rested_seconds: 42 })))
			.toContainEqual(['Rest for slow targets', '42 s']);
		expect(names({ members: 3, folders: 1, left_out: 2, places: 4 }))
			.toHaveLength(5);
		expect(factsOf(covered({ members: 1204, members_unread: 3,
			members_partial: 1, unread_bytes: 1024 }))).toEqual([
			['Bytes not read', '1.0 KiB of 4.0 KiB'],
			['Members not fully read', '4 of 1,204']]);
	});
});
