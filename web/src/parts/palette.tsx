/* Ctrl K: one line to go anywhere or do anything. */
import { useEffect, useId, useState } from 'preact/hooks';
import { KEYS } from '../keys';
import { dialog, may, signOut, switchTheme } from '../state';
import { go, withQuery } from '../url';
import { w } from '../words';
import { Dialog } from './dialog';
import { Icon, type IconName } from './icons';

interface Command {
	word: string;
	icon: IconName;
	run: () => void;
	key?: string | undefined;
}

const page = (word: string, to: string, icon: IconName): Command => ({
	word, icon, run: () => go(to), key: KEYS.find((k) => k.act === to)?.press,
});

function all(): Command[] {
	const out = [
		page(w.nav.overview, '/', 'gauge'),
		page(w.nav.findings, '/findings', 'scan'),
		page(w.nav.targets, '/targets', 'drive'),
		page(w.nav.scans, '/scans', 'activity'),
		page(w.nav.agents, '/agents', 'bot'),
	];
	if (may('scan')) out.push(page(w.nav.newScan, '/scans/new', 'play'));
	if (may('manage')) out.push({
		word: w.top.addAgent, icon: 'plus', run: () => (dialog.value = 'add'),
	});
	out.push(
		{ word: w.palette.theme, icon: 'moon', run: switchTheme },
		{
			word: w.top.help, icon: 'keyboard', key: '?',
			run: () => (dialog.value = 'keys'),
		},
		{ word: w.top.signOut, icon: 'logOut', run: () => void signOut() },
	);
	return out;
}

/* Commands whose words begin with what was typed, then a search. */
export function commandsFor(text: string): Command[] {
	const q = text.trim().toLowerCase();
	if (!q) return all();
	const fits = all().filter((c) => c.word.toLowerCase().includes(q));
	const search = new URLSearchParams({ q: text.trim() });
	return [...fits, {
		word: w.palette.findings(text.trim()), icon: 'search',
		run: () => go(withQuery('/findings', search)),
	}];
}

export function Palette() {
	const [text, setText] = useState('');
	const [at, setAt] = useState(0);
	const id = useId();
	const found = commandsFor(text);
	const close = () => (dialog.value = null);
	const run = (c: Command | undefined) => {
		close();
		c?.run();
	};
	useEffect(() => setAt(0), [text]);
	/* of what stands in the line now: it may not be drawn yet */
	const enter = (line: string) =>
		run(line === text ? found[at] : commandsFor(line)[0]);
	const keys = (e: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
		if (e.key === 'Enter') enter(e.currentTarget.value);
		else if (e.key === 'ArrowDown') setAt((at + 1) % found.length);
		else if (e.key === 'ArrowUp')
			setAt((at - 1 + found.length) % found.length);
		else return;
		e.preventDefault();
	};
	return (
		<Dialog title={w.palette.label} class="palette" onClose={close} bare>
			<input
				class="input" role="combobox" aria-expanded="true"
				aria-label={w.palette.label} aria-controls={id}
				aria-activedescendant={`${id}-${at}`} autocomplete="off"
				placeholder={w.palette.hint} value={text} autofocus
				onInput={(e) => setText(e.currentTarget.value)} onKeyDown={keys}
			/>
			<ul id={id} role="listbox" aria-label={w.palette.label}>
				{found.map((c, n) => (
					<li
						key={c.word} id={`${id}-${n}`} role="option"
						aria-selected={n === at} onMouseMove={() => setAt(n)}
						onClick={() => run(c)}
					>
						<Icon name={c.icon} />
						{c.word}
						{c.key && <kbd>{c.key}</kbd>}
					</li>
				))}
			</ul>
		</Dialog>
	);
}
