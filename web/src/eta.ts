/* What is said about a scan that runs: how far, how fast, how much longer. */
import { bytes, percent, span } from './format';
import type { Progress, ScanState } from './types';
import { w } from './words';

/* Below this share the end is only a range. */
export const SURE = 0.1;

/* Done as a fraction, null while the totals are not known or still grow. */
export function fraction(p: Progress): number | null {
	if (!p.total_exact) return null;
	if (p.total_bytes && p.total_bytes > 0)
		return Math.min(1, p.done_bytes / p.total_bytes);
	if (p.total_objects && p.total_objects > 0)
		return Math.min(1, p.done_objects / p.total_objects);
	return null;
}

/* Words for when it ends; a person must never read a made-up figure. */
export function remaining(state: ScanState, p: Progress): string {
	if (state !== 'running') return w.scanState[state];
	if (p.stalled) return w.scan.stalled;
	const f = fraction(p);
	if (f === null) return w.scan.counting;
	if (f >= 0.99) return w.scan.finishing;
	if (!p.eta_seconds) return w.scan.counting;
	const [low, high] = p.eta_seconds;
	if (f >= SURE) return w.scan.left(span((low + high) / 2));
	const a = span(low);
	const b = span(high);
	return w.scan.left(a === b ? a : w.scan.range(a, b));
}

/* "468.7 of 640 GiB": one unit where both share it. */
export function volume(p: Progress): string {
	if (!p.total_bytes || !p.total_exact) return bytes(p.done_bytes);
	const done = bytes(p.done_bytes);
	const total = bytes(p.total_bytes);
	const unit = total.slice(total.indexOf(' '));
	const bare = done.endsWith(unit) ? done.slice(0, -unit.length) : done;
	return w.scan.of(bare, total);
}

/* How far in percent; near the end the words say "finishing" instead. */
export function shareText(p: Progress): string {
	const f = fraction(p);
	if (f === null) return '';
	return f >= 0.99 && f < 1 ? '' : percent(Math.floor(f * 100) / 100);
}

export const isLive = (s: ScanState): boolean =>
	s === 'running' || s === 'queued' || s === 'paused';
