import { afterEach, describe, expect, it, vi } from 'vitest';
import { Keyboard, KEYS, onKey } from '../src/keys';
import { go, place } from '../src/url';

const press = (key: string, o: KeyboardEventInit = {}) =>
	new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...o });

function send(k: Keyboard, el: Element, key: string, o?: KeyboardEventInit) {
	const e = press(key, o);
	el.addEventListener('keydown', (x) => k.handle(x as KeyboardEvent),
		{ once: true });
	el.dispatchEvent(e);
	return e;
}

describe('the table of keys', () => {
	it('binds each press once', () => {
		const all = KEYS.map((k) => k.press);
		expect(new Set(all).size).toBe(all.length);
	});
	it('no single key begins a pair', () => {
		const leads = KEYS.filter((k) => k.press.includes(' '))
			.map((k) => k.press.split(' ')[0]);
		for (const k of KEYS) expect(leads).not.toContain(k.press);
	});
	it('has a word for each key', () => {
		for (const k of KEYS) expect(k.word.length).toBeGreaterThan(2);
	});
});

describe('a keyboard', () => {
	afterEach(() => {
		document.body.replaceChildren();
		go('/', true);
	});

	it('g then f goes to the findings', () => {
		const k = new Keyboard();
		send(k, document.body, 'g');
		send(k, document.body, 'f');
		expect(place.value.path).toBe('/findings');
	});
	it('g and much later f does nothing', () => {
		let now = 0;
		const k = new Keyboard(KEYS, () => now);
		expect(k.find('g')).toBeUndefined();
		now = 5000;
		expect(k.find('f')).toBeUndefined();
	});
	it('a wrong second key is taken for itself', () => {
		const k = new Keyboard();
		k.find('g');
		expect(k.find('?')?.act).toBe('sheet');
	});
	it('letters in a field are text', () => {
		const field = document.createElement('input');
		document.body.append(field);
		const fn = vi.fn();
		const off = onKey('down', fn);
		send(new Keyboard(), field, 'j');
		expect(fn).not.toHaveBeenCalled();
		off();
	});
	it('Ctrl K works in a field too', () => {
		const field = document.createElement('input');
		document.body.append(field);
		const fn = vi.fn();
		const off = onKey('palette', fn);
		const e = send(new Keyboard(), field, 'K', { ctrlKey: true });
		expect(fn).toHaveBeenCalledOnce();
		expect(e.defaultPrevented).toBe(true);
		off();
	});
	it('Enter on a button belongs to the button', () => {
		const button = document.createElement('button');
		document.body.append(button);
		const fn = vi.fn();
		const off = onKey('open', fn);
		send(new Keyboard(), button, 'Enter');
		expect(fn).not.toHaveBeenCalled();
		off();
	});
	it('a listener that declines leaves the key to the one before', () => {
		const first = vi.fn();
		const offs = [onKey('down', first), onKey('down', () => false)];
		send(new Keyboard(), document.body, 'j');
		expect(first).toHaveBeenCalledOnce();
		for (const off of offs) off();
	});
	it('an open dialog keeps the keys', () => {
		const d = document.createElement('dialog');
		d.setAttribute('open', '');
		document.body.append(d);
		send(new Keyboard(), document.body, 'g');
		const k = new Keyboard();
		send(k, document.body, 'n');
		expect(place.value.path).toBe('/');
	});
});
