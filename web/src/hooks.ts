/* Small hooks that pages share. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Handler, onKey } from './keys';
import { onLive } from './live';
import type { LiveEvents, LiveName } from './types';

export interface Load<V> {
	value: V | undefined;
	error: unknown;
	busy: boolean;
	again: () => void;
	set: (v: V) => void;
}

/*
 * Fetch when deps change; what is shown stays until the next answer is there.
 * A new subject (first of deps) starts empty.
 */
export function useLoad<V>(
	load: (signal: AbortSignal) => Promise<V>, deps: readonly unknown[],
): Load<V> {
	const [state, setState] = useState<{ value?: V; error?: unknown }>({});
	const [busy, setBusy] = useState(true);
	const [turn, setTurn] = useState(0);
	const fn = useRef(load);
	fn.current = load;
	const subject = useRef(deps[0]);
	useEffect(() => {
		const stop = new AbortController();
		if (subject.current !== deps[0]) {
			subject.current = deps[0];
			setState({});
		}
		setBusy(true);
		fn.current(stop.signal).then(
			(value) => {
				if (stop.signal.aborted) return;
				setState({ value });
				setBusy(false);
			},
			(error: unknown) => {
				if (stop.signal.aborted) return;
				setState((s) => ({ ...s, error }));
				setBusy(false);
			},
		);
		return () => stop.abort();
	}, [...deps, turn]);
	const again = useCallback(() => setTurn((t) => t + 1), []);
	const set = useCallback((value: V) => setState({ value }), []);
	return { value: state.value, error: state.error, busy, again, set };
}

/* Always runs the newest fn: a fast hand presses again before effects run. */
export function useKey(act: string, fn: Handler): void {
	const now = useRef(fn);
	now.current = fn;
	useEffect(() => onKey(act, (e) => now.current(e)), [act]);
}

export function useLive<N extends LiveName>(
	name: N, fn: (events: LiveEvents[N][]) => void,
): void {
	const now = useRef(fn);
	now.current = fn;
	useEffect(() => onLive(name, (e) => now.current(e)), [name]);
}

/* Call fn at most once in ms, the last wish being kept. */
export function useThrottled(fn: () => void, ms: number): () => void {
	const now = useRef(fn);
	now.current = fn;
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	return useCallback(() => {
		timer.current ??= setTimeout(() => {
			timer.current = undefined;
			now.current();
		}, ms);
	}, [ms]);
}

/* Re-render every ms, for what says "10 s ago". */
export function useTick(ms: number): void {
	const [, set] = useState(0);
	useEffect(() => {
		const t = setInterval(() => set((v) => v + 1), ms);
		return () => clearInterval(t);
	}, [ms]);
}
