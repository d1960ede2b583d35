/* Numbers, sizes, times and paths as people read them. */
import { w } from './words';

const plain = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', {
	notation: 'compact', maximumFractionDigits: 1,
});
const share = new Intl.NumberFormat('en', {
	style: 'percent', maximumFractionDigits: 1,
});
const change = new Intl.NumberFormat('en', {
	style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1,
});

export const count = (n: number): string => plain.format(n);

export const brief = (n: number): string =>
	n < 1000 ? plain.format(n) : short.format(n);

/* 0.142 → "14.2 %"; the sign is a real minus. Changes have one digit each. */
export function percent(f: number, signed = false): string {
	const s = (signed && f ? change : share).format(Math.abs(f))
		.replace('%', ' %');
	if (f < 0) return '−' + s;
	return signed && f > 0 ? '+' + s : s;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(n: number): string {
	let unit = 0;
	while (n >= 1024 && unit < UNITS.length - 1) {
		n /= 1024;
		unit++;
	}
	const digits = unit === 0 || n >= 100 ? 0 : 1;
	return `${n.toFixed(digits)} ${UNITS[unit]}`;
}

export const rate = (n: number): string => bytes(n) + '/s';

/* Seconds as the two largest units that matter: "14 min", "3 h 20 min". */
export function span(seconds: number): string {
	const s = Math.max(0, Math.round(seconds));
	if (s < 1) return w.time.instant;
	if (s < 60) return w.time.seconds(s);
	const min = Math.round(s / 60);
	if (min < 60) return w.time.minutes(min);
	const h = Math.floor(min / 60);
	if (h < 24) return w.time.hours(h, min % 60);
	return w.time.days(Math.floor(h / 24), h % 24);
}

/* How long ago, short enough for a column: "10d ago". */
export function ago(time: string | null, now = Date.now()): string {
	if (!time) return w.time.never;
	const s = Math.max(0, (now - Date.parse(time)) / 1000);
	if (s < 45) return w.time.now;
	if (s < 3570) return w.time.ago(Math.max(1, Math.round(s / 60)), 'm');
	if (s < 84_600) return w.time.ago(Math.round(s / 3600), 'h');
	if (s < 86400 * 90) return w.time.ago(Math.round(s / 86400), 'd');
	if (s < 86400 * 700) return w.time.ago(Math.round(s / 86400 / 30.4), 'mo');
	return w.time.ago(Math.round(s / 86400 / 365), 'y');
}

const stamp = new Intl.DateTimeFormat('en-GB', {
	dateStyle: 'medium', timeStyle: 'medium',
});

export const moment = (time: string | null): string =>
	time ? stamp.format(new Date(time)) : w.time.never;

/* The folder part and the name, so that a narrow cell can cut the middle. */
export function splitPath(path: string): [string, string] {
	const at = path.lastIndexOf('/');
	return at < 0 ? ['', path] : [path.slice(0, at + 1), path.slice(at + 1)];
}

export function initials(name: string): string {
	const words = name.trim().split(/[\s._-]+/).filter(Boolean);
	const first = words[0] ?? '?';
	const second = words[1];
	return (second ? first.charAt(0) + second.charAt(0) : first.slice(0, 2))
		.toUpperCase();
}

export interface Piece {
	text: string;
	hit: boolean;
}

/* So much of what stands before a value is shown that both fit the pane. */
const BEFORE = 22;

/* The context cut around the masked value that stands in it. */
export function pieces(context: string, masked: string): Piece[] {
	const at = masked ? context.indexOf(masked) : -1;
	if (at < 0) return [{ text: masked || context, hit: true }];
	const before = context.slice(0, at);
	return [
		{
			text: before.length > BEFORE
				? '…' + before.slice(1 - BEFORE) : before,
			hit: false,
		},
		{ text: masked, hit: true },
		{ text: context.slice(at + masked.length), hit: false },
	].filter((p) => p.text !== '');
}
