import { beforeEach, describe, expect, it } from 'vitest';
import { filterOf, go, only, params, place, routeOf, setParam, toggled }
	from '../src/url';

const q = (s: string) => new URLSearchParams(s);

describe('the address', () => {
	beforeEach(() => go('/findings?risk=high', true));

	it('holds the view', () => {
		expect(place.value.path).toBe('/findings');
		expect(params.value.get('risk')).toBe('high');
	});
	it('a parameter is set without losing the others', () => {
		setParam('sort', 'path');
		expect(place.value.query).toBe('risk=high&sort=path');
	});
	it('an empty parameter goes away', () => {
		setParam('risk', '');
		expect(place.value.query).toBe('');
	});
	it('going back brings the view back', () => {
		go('/scans');
		history.replaceState(null, '', '/findings?risk=high');
		dispatchEvent(new PopStateEvent('popstate'));
		expect(params.value.get('risk')).toBe('high');
	});
});

describe('filters', () => {
	it('a value is put in and taken out again', () => {
		const on = toggled(q('risk=high'), 'risk', 'low');
		expect(on.getAll('risk')).toEqual(['high', 'low']);
		expect(toggled(on, 'risk', 'low').toString()).toBe('risk=high');
	});
	it('in and out exclude each other', () => {
		expect(only(q('type=a&type=b'), 'type', 'a', true).toString())
			.toBe('type=b&-type=a');
		expect(only(q('-type=a'), 'type', 'a', false).toString()).toBe('type=a');
	});
	it('only filters count, in a fixed order', () => {
		expect(filterOf(q('sort=path&open=1&state=open&risk=low&risk=high&q=x'))
			.toString()).toBe('q=x&risk=high&risk=low&state=open');
	});
	it('two orders of the same filter are one filter', () => {
		expect(filterOf(q('type=b&type=a')).toString())
			.toBe(filterOf(q('type=a&type=b')).toString());
	});
});

describe('routes', () => {
	const routes = [
		{ path: /^\/findings(?:\/(\d+))?$/, view: 'findings' },
		{ path: /^\/hosts\/([^/]+)$/, view: 'host' },
	];
	it.each([
		['/findings', 'findings', ['']], ['/findings/17', 'findings', ['17']],
		['/hosts/a%20b', 'host', ['a b']],
	])('%s is the view %s', (path, view, args) =>
		expect(routeOf(routes, path)).toEqual({ view, args }));
	it.each(['/nowhere', '/findings/x', '/hosts/%zz'])('%s is no view', (path) =>
		expect(routeOf(routes, path)).toBeNull());
});
