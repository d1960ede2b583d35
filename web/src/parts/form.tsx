/* A labelled field with a hint and what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { w } from '../words';
import { Icon } from './icons';

interface Wires {
	'id': string;
	'aria-describedby': string | undefined;
	'aria-invalid': boolean;
}

interface FieldProps {
	label: string;
	hint?: string | undefined;
	wrong?: string | undefined;
	children: (wires: Wires) => ComponentChildren;
}

export function Field({ label, hint, wrong, children }: FieldProps) {
	const id = useId();
	const about = hint || wrong ? `${id}-about` : undefined;
	return (
		<div class="field">
			<label for={id}>{label}</label>
			{children({
				'id': id, 'aria-describedby': about, 'aria-invalid': !!wrong,
			})}
			{about && (
				<span id={about} class={wrong ? 'wrong' : 'hint'}>
					{wrong ?? hint}
				</span>
			)}
		</div>
	);
}

interface PasswordProps {
	wires: Wires;
	value: string;
	onValue: (v: string) => void;
	complete: 'new-password' | 'current-password';
	min?: number;
}

export function Password(p: PasswordProps) {
	const [shown, setShown] = useState(false);
	const label = shown ? w.setup.hide : w.setup.show;
	return (
		<div class="input-box">
			<input
				{...p.wires} class="input" required
				type={(shown ? 'text' : 'password') as 'password'} autocomplete={p.complete}
				minLength={p.min} maxLength={256} value={p.value}
				onInput={(e) => p.onValue(e.currentTarget.value)}
			/>
			<button
				type="button" class="icon-btn" aria-label={label} title={label}
				onClick={() => setShown(!shown)}
			>
				<Icon name={shown ? 'eyeOff' : 'eye'} />
			</button>
		</div>
	);
}

/* Quarters of a good length; nothing but length is asked of a password. */
export function quarters(length: number): number {
	if (length === 0) return 0;
	if (length < 12) return 1;
	if (length < 16) return 2;
	return length < 24 ? 3 : 4;
}

export function LengthMeter({ length }: { length: number }) {
	const lit = quarters(length);
	const tone = lit < 2 ? 'weak' : lit > 2 ? 'strong' : '';
	return (
		<div>
			<div class="pass-meter" aria-hidden="true">
				{[1, 2, 3, 4].map((n) => (
					<i key={n} class={n <= lit ? `lit ${tone}` : ''} />
				))}
			</div>
			<span class="dim small" role="status">{w.setup.meter(length)}</span>
		</div>
	);
}
