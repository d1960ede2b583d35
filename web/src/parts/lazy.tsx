/* A view whose code is fetched when it is first opened, and kept. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorBlank, Skeleton } from './bits';

export function lazy<P extends object>(
	load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
	let kept: ComponentType<P> | undefined;
	return function Lazy(props: P) {
		const [view, setView] = useState(() => kept);
		const [error, setError] = useState<unknown>();
		const [turn, setTurn] = useState(0);
		useEffect(() => {
			if (kept) return setView(() => kept);
			load().then(
				(v) => {
					kept = v;
					setError(undefined);
					setView(() => v);
				},
				setError,
			);
		}, [turn]);
		const View = view;
		if (View) return <View {...props} />;
		return error
			? <ErrorBlank error={error} again={() => setTurn(turn + 1)} />
			: <Skeleton rows={8} />;
	};
}
