/*
 * What changes on the master, as it changes. One stream for all tabs of a
 * browser lives in a shared worker; where that cannot run, each tab has its
 * own. Events are handed on at most four times a second, in bunches.
 */
import { signal } from '@preact/signals';
import workerUrl from './live-worker.ts?sharedworker&url';
import type { LiveEvents, LiveName } from './types';

export const EVENTS: readonly LiveName[] = [
	'finding', 'scan', 'agent', 'store', 'reset',
];
export const STREAM = '/api/v1/events';
const FLUSH_MS = 250;
const WORKER_MS = 4000;
const FIRST_MS = 1000;
const LAST_MS = 30_000;
/* A stream that stays away may mean that the session is over. */
const LOST_MS = 4000;

export const live = signal<'on' | 'off'>('off');

type Listener<N extends LiveName> = (events: LiveEvents[N][]) => void;
type AnyListener = (events: never[]) => void;
const listeners = new Map<LiveName, Set<AnyListener>>();

export function onLive<N extends LiveName>(
	name: N, fn: Listener<N>,
): () => void {
	const set = listeners.get(name) ?? new Set<AnyListener>();
	listeners.set(name, set);
	set.add(fn as AnyListener);
	return () => set.delete(fn as AnyListener);
}

/* Collects what comes and hands it on after FLUSH_MS, one call a name. */
export class Bunch {
	private waiting = new Map<LiveName, unknown[]>();
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private readonly out: (name: LiveName, events: unknown[]) => void,
		private readonly ms = FLUSH_MS,
	) {}

	add(name: LiveName, event: unknown): void {
		const list = this.waiting.get(name) ?? [];
		list.push(event);
		this.waiting.set(name, list);
		this.timer ??= setTimeout(() => this.flush(), this.ms);
	}

	flush(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		const all = this.waiting;
		this.waiting = new Map();
		for (const [name, events] of all) this.out(name, events);
	}
}

const bunch = new Bunch((name, events) => {
	for (const fn of listeners.get(name) ?? [])
		(fn as (e: unknown[]) => void)(events);
});

export type Word =
	| { kind: 'up' } | { kind: 'down' } | { kind: 'wait' }
	| { kind: 'event'; name: LiveName; data: string };

let wasDown = false;
let lost: ReturnType<typeof setTimeout> | undefined;
let onLost: () => void = () => undefined;

/* Called when there has been no stream for a while. */
export function whenLost(fn: () => void): void {
	onLost = fn;
}

function take(word: Word): void {
	if (word.kind === 'event') {
		try {
			bunch.add(word.name, JSON.parse(word.data));
		} catch {
			bunch.add('reset', {}); /* not understood: look again */
		}
		return;
	}
	live.value = word.kind === 'up' ? 'on' : 'off';
	if (word.kind === 'down') {
		wasDown = true;
		lost ??= setTimeout(() => {
			lost = undefined;
			if (live.value === 'off') onLost();
		}, LOST_MS);
	} else if (word.kind === 'up' && wasDown) {
		wasDown = false;
		bunch.add('reset', {}); /* what was missed is fetched again */
	}
}

/* The same without a worker; it too comes back after an error answer. */
export function openStream(say: (word: Word) => void): () => void {
	let source: EventSource;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let wait = FIRST_MS;
	const open = () => {
		source = new EventSource(STREAM);
		source.onopen = () => {
			wait = FIRST_MS;
			say({ kind: 'up' });
		};
		source.onerror = () => {
			say({ kind: 'down' });
			if (source.readyState !== EventSource.CLOSED) return;
			timer = setTimeout(open, wait);
			wait = Math.min(LAST_MS, wait * 2);
		};
		for (const name of EVENTS)
			source.addEventListener(name, (e) => say({
				kind: 'event', name, data: (e as MessageEvent<string>).data,
			}));
	};
	open();
	return () => {
		clearTimeout(timer);
		source.close();
	};
}

/* Scripts of workers come only from our own build. */
const ownScript = (): string | OwnScriptURL =>
	globalThis.trustedTypes?.createPolicy('trawl-live', {
		createScriptURL: (u) => {
			if (u !== workerUrl) throw new TypeError('not our worker');
			return u;
		},
	}).createScriptURL(workerUrl) ?? workerUrl;

let script: string | OwnScriptURL | undefined;

function viaWorker(failed: () => void): () => void {
	script ??= ownScript();
	const worker = new SharedWorker(script as string, { type: 'module' });
	let heard = false;
	const slow = setTimeout(() => {
		if (!heard) failed();
	}, WORKER_MS);
	worker.onerror = () => {
		clearTimeout(slow);
		if (!heard) failed();
	};
	worker.port.onmessage = (e: MessageEvent<Word>) => {
		if (e.data.kind === 'up') heard = true;
		take(e.data);
	};
	worker.port.start();
	worker.port.postMessage('join');
	const bye = () => worker.port.postMessage('leave');
	addEventListener('pagehide', bye);
	return () => {
		clearTimeout(slow);
		removeEventListener('pagehide', bye);
		bye();
		worker.port.close();
	};
}

let close: (() => void) | undefined;

export function startLive(): void {
	if (close) return;
	const direct = () => {
		close?.();
		close = openStream(take);
	};
	if (typeof SharedWorker === 'undefined') return direct();
	try {
		close = viaWorker(direct);
	} catch {
		direct();
	}
}

export function stopLive(): void {
	close?.();
	close = undefined;
	clearTimeout(lost);
	lost = undefined;
	live.value = 'off';
}
