/*
 * The one table of keys: it binds them, and the help sheet is made from it,
 * so that a documented key that does nothing cannot exist.
 */
import { go } from './url';
import { w } from './words';

export type Scope = 'everywhere' | 'lists';

export interface Key {
	press: string; /* "g o" is one after the other, "Ctrl+k" together */
	scope: Scope;
	word: string;
	act: string; /* a name that views listen to, or a path to go to */
}

export const KEYS: readonly Key[] = [
	{ press: 'Ctrl+k', scope: 'everywhere', word: w.keys.palette, act: 'palette' },
	{ press: '/', scope: 'everywhere', word: w.keys.search, act: 'search' },
	{ press: 'g o', scope: 'everywhere', word: w.keys.overview, act: '/' },
	{ press: 'g f', scope: 'everywhere', word: w.keys.findings, act: '/findings' },
	{ press: 'g t', scope: 'everywhere', word: w.keys.targets, act: '/targets' },
	{ press: 'g s', scope: 'everywhere', word: w.keys.scans, act: '/scans' },
	{ press: 'g a', scope: 'everywhere', word: w.keys.agents, act: '/agents' },
	{ press: 'n', scope: 'everywhere', word: w.keys.newScan, act: '/scans/new' },
	{ press: '?', scope: 'everywhere', word: w.keys.sheet, act: 'sheet' },
	{ press: 'j', scope: 'lists', word: w.keys.down, act: 'down' },
	{ press: 'k', scope: 'lists', word: w.keys.up, act: 'up' },
	{ press: 'Enter', scope: 'lists', word: w.keys.open, act: 'open' },
	{ press: 'x', scope: 'lists', word: w.keys.select, act: 'select' },
	{ press: 'Escape', scope: 'lists', word: w.keys.close, act: 'close' },
];

export type Handler = (e: KeyboardEvent) => boolean | void;
const handlers = new Map<string, Handler[]>();

/* The newest listener is asked first; false lets the next one have it. */
export function onKey(act: string, fn: Handler): () => void {
	const list = handlers.get(act) ?? [];
	handlers.set(act, [fn, ...list]);
	return () => {
		const now = handlers.get(act) ?? [];
		handlers.set(act, now.filter((h) => h !== fn));
	};
}

export function pressOf(e: KeyboardEvent): string {
	const mod = e.ctrlKey || e.metaKey ? 'Ctrl+' : '';
	return mod + (e.key.length === 1 && mod ? e.key.toLowerCase() : e.key);
}

const typing = (el: EventTarget | null): boolean =>
	el instanceof HTMLElement && (el.isContentEditable
		|| /^(TEXTAREA|SELECT)$/.test(el.tagName)
		|| (el instanceof HTMLInputElement
			&& !/^(checkbox|radio|button)$/.test(el.type)));

/* Enter and blank belong to the control that has the focus. */
const pressable = (el: EventTarget | null): boolean =>
	el instanceof HTMLElement && el.closest('button, a, summary, dialog') !== null;

const LEAD_MS = 1200;

export class Keyboard {
	private lead = '';
	private leadAt = 0;

	constructor(
		private readonly table: readonly Key[] = KEYS,
		private readonly clock: () => number = Date.now,
	) {}

	/* The entry that this press completes, if any. */
	find(press: string): Key | undefined {
		const fresh = this.clock() - this.leadAt < LEAD_MS;
		const whole = this.lead && fresh ? `${this.lead} ${press}` : press;
		this.lead = '';
		const hit = this.table.find((k) => k.press === whole)
			?? this.table.find((k) => k.press === press);
		if (!hit && this.table.some((k) => k.press.startsWith(press + ' '))) {
			this.lead = press;
			this.leadAt = this.clock();
		}
		return hit;
	}

	handle(e: KeyboardEvent): void {
		if (e.defaultPrevented || e.isComposing || e.altKey) return;
		const press = pressOf(e);
		if (typing(e.target) && press !== 'Ctrl+k' && press !== 'Escape') return;
		if (press === 'Enter' && pressable(e.target)) return;
		const modal = document.querySelector('dialog[open]');
		if (modal && press !== 'Ctrl+k') return;
		const hit = this.find(press);
		if (hit && run(hit, e)) e.preventDefault();
	}
}

function run(k: Key, e: KeyboardEvent): boolean {
	if (k.act.startsWith('/')) {
		go(k.act);
		return true;
	}
	for (const h of handlers.get(k.act) ?? [])
		if (h(e) !== false) return true;
	return false;
}
