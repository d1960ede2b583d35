/*
 * The address bar is the only store of view state: what is shown, how it is
 * filtered and sorted. Everything here reads or writes location.
 */
import { computed, signal } from '@preact/signals';

const here = () => ({
	path: location.pathname,
	query: location.search.replace(/^\?/, ''),
});

export const place = signal(here());
export const params = computed(() => new URLSearchParams(place.value.query));

addEventListener('popstate', () => (place.value = here()));

export function go(to: string, replace = false): void {
	if (to === location.pathname + location.search) return;
	history[replace ? 'replaceState' : 'pushState'](null, '', to);
	place.value = here();
}

export function withQuery(path: string, p: URLSearchParams): string {
	const s = p.toString();
	return s ? `${path}?${s}` : path;
}

/* The same path with one parameter set; empty takes it away. */
export function setParam(name: string, value: string, replace = false): void {
	const p = new URLSearchParams(params.value);
	if (value) p.set(name, value);
	else p.delete(name);
	go(withQuery(place.value.path, p), replace);
}

/* A copy of p in which value of name is there, or not there, toggled. */
export function toggled(
	p: URLSearchParams, name: string, value: string,
): URLSearchParams {
	const out = new URLSearchParams();
	let had = false;
	for (const [k, v] of p) {
		if (k === name && v === value) had = true;
		else out.append(k, v);
	}
	if (!had) out.append(name, value);
	return out;
}

const FILTERS = ['risk', 'state', 'category', 'type', 'target', 'agent',
	'group'];

/* Only what the list of findings takes as a filter, in a fixed order. */
export function filterOf(p: URLSearchParams): URLSearchParams {
	const out = new URLSearchParams();
	const keep = ['q', ...FILTERS, ...FILTERS.map((f) => '-' + f),
		'scan', 'under'];
	for (const k of keep)
		for (const v of p.getAll(k).sort()) if (v) out.append(k, v);
	return out;
}

/* Turn a value into its exclusion: "for" and "filter out" exclude each other. */
export function only(
	p: URLSearchParams, name: string, value: string, out: boolean,
): URLSearchParams {
	const drop = out ? name : '-' + name;
	const add = out ? '-' + name : name;
	const q = new URLSearchParams();
	for (const [k, v] of p)
		if (!(v === value && (k === drop || k === add))) q.append(k, v);
	q.append(add, value);
	return q;
}

/* The list of what stands: open or confirmed, as every count of them means. */
export function findingsAt(filter: Record<string, string>): string {
	const p = new URLSearchParams(filter);
	p.append('state', 'open');
	p.append('state', 'confirmed');
	return withQuery('/findings', p);
}

export interface Route<V> {
	path: RegExp;
	view: V;
}

const decoded = (part: string | undefined): string =>
	part === undefined ? '' : decodeURIComponent(part);

/* The first route whose pattern fits, with what its groups held. */
export function routeOf<V>(
	routes: readonly Route<V>[], path: string,
): { view: V; args: string[] } | null {
	for (const r of routes) {
		const m = r.path.exec(path);
		if (!m) continue;
		try {
			return { view: r.view, args: m.slice(1).map(decoded) };
		} catch {
			return null; /* a broken %-escape is no address of ours */
		}
	}
	return null;
}

/* Links of our own stay in the page; everything else is the browser's. */
export function takeClicks(root: HTMLElement): void {
	root.addEventListener('click', (e) => {
		if (e.defaultPrevented || e.button !== 0) return;
		if (e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
		const a = (e.target as Element).closest?.('a');
		if (!a || a.target || a.hasAttribute('download')) return;
		if (a.origin !== location.origin) return;
		if (a.pathname.startsWith('/api/')) return;
		e.preventDefault();
		go(a.pathname + a.search);
	});
}
