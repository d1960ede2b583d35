/* A search line that writes to the address a moment after the last key. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useKey } from '../hooks';
import { params, setParam } from '../url';
import { Icon } from './icons';

const WAIT_MS = 220;

export function SearchBox({ label }: { label: string }) {
	const now = params.value.get('q') ?? '';
	const [text, setText] = useState(now);
	const box = useRef<HTMLInputElement>(null);
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	useEffect(() => {
		if (document.activeElement !== box.current) setText(now);
	}, [now]);
	useEffect(() => () => clearTimeout(timer.current), []);
	useKey('search', () => box.current?.focus());
	const write = (v: string) => {
		setText(v);
		clearTimeout(timer.current);
		timer.current = setTimeout(() => setParam('q', v.trim(), true), WAIT_MS);
	};
	return (
		<div class="search-box">
			<Icon name="search" />
			<input
				ref={box} class="input" type="search" aria-label={label}
				placeholder={label} value={text} maxLength={256} spellcheck={false}
				onInput={(e) => write(e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key !== 'Escape') return;
					e.stopPropagation();
					write('');
					box.current?.blur();
				}}
			/>
			{!text && <kbd aria-hidden="true">/</kbd>}
		</div>
	);
}
