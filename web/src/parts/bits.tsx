/* The small parts: risk, status, meters, the designed states of a list. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Failure } from '../api';
import { fraction } from '../eta';
import { percent } from '../format';
import { complain, toast, wordsOf } from '../state';
import type { FindingState, Progress, Risk, ScanState } from '../types';
import { w } from '../words';
import { Icon, type IconName } from './icons';

const STEPS: Record<Risk, number> = { critical: 4, high: 3, medium: 2, low: 1 };

export function RiskMark({ risk }: { risk: Risk }) {
	return (
		<span class={`risk ${risk}`} title={w.risk[risk]}>
			<span class="bars" aria-hidden="true">
				{[1, 2, 3, 4].map((n) => (
					<i key={n} class={n > STEPS[risk] ? 'off' : ''} />
				))}
			</span>
			<span class="word">{w.risk[risk]}</span>
		</span>
	);
}

export const StatePill = ({ state }: { state: FindingState }) => (
	<span class={`pill ${state}`}>{w.state[state]}</span>
);

export function Meter(
	{ progress, state, label, tall }: {
		progress: Progress; state: ScanState; label: string; tall?: boolean;
	},
) {
	const f = state === 'done' ? 1 : fraction(progress);
	const unknown = f === null && state === 'running';
	const still = state !== 'running' && state !== 'done';
	const aria = f === null ? {} : {
		'aria-valuenow': Math.round(f * 100),
		'aria-valuetext': percent(f),
	};
	return (
		<div
			class={`meter${unknown ? ' unknown' : ''}${still ? ' still' : ''}`
				+ (tall ? ' tall' : '')}
			role="progressbar"
			aria-label={label}
			aria-valuemin={0}
			aria-valuemax={100}
			{...aria}
		>
			<i style={{ width: unknown ? undefined : `${(f ?? 0) * 100}%` }} />
		</div>
	);
}

export function Blank(
	{ icon, title, children, action }: {
		icon: IconName; title: string; children?: ComponentChildren;
		action?: ComponentChildren;
	},
) {
	return (
		<div class="blank">
			<Icon name={icon} size={28} />
			<h2>{title}</h2>
			{children ? <p>{children}</p> : null}
			{action}
		</div>
	);
}

export function ErrorBlank(
	{ error, again }: { error: unknown; again: () => void },
) {
	const gone = error instanceof Failure && error.status === 404;
	return (
		<div role="alert">
			<Blank
				icon="octagonAlert"
				title={gone ? w.error.gone : w.error.title}
				action={
					<button type="button" class="btn" onClick={again}>
						{w.common.retry}
					</button>
				}
			>
				{gone ? w.error.pageDetail : wordsOf(error)}
			</Blank>
		</div>
	);
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
	return (
		<div class="skeleton" role="status" aria-label={w.common.loading}>
			{Array.from({ length: rows }, (_, n) => (
				<span
					key={n}
					class="bone"
					style={{ width: `${88 - ((n * 23) % 46)}%` }}
				/>
			))}
		</div>
	);
}

export function CopyButton(
	{ text, label = w.common.copy, iconOnly }: {
		text: string; label?: string; iconOnly?: boolean;
	},
) {
	const [done, setDone] = useState(false);
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			setDone(true);
			toast(w.common.copied);
			setTimeout(() => setDone(false), 2000);
		} catch (e) {
			complain(e);
		}
	};
	const icon = <Icon name={done ? 'check' : 'copy'} />;
	return iconOnly
		? (
			<button
				type="button" class="icon-btn" aria-label={label} title={label}
				onClick={copy}
			>
				{icon}
			</button>
		)
		: (
			<button type="button" class="btn" onClick={copy}>
				{icon}
				{done ? w.common.copied : label}
			</button>
		);
}

/* Shows what was loaded, or what there is instead of it. */
export function Loaded<V>(
	{ load, rows, children }: {
		load: { value: V | undefined; error: unknown; again: () => void };
		rows?: number; children: (value: V) => ComponentChildren;
	},
) {
	if (load.value !== undefined) return <>{children(load.value)}</>;
	if (load.error) return <ErrorBlank error={load.error} again={load.again} />;
	return <Skeleton rows={rows ?? 6} />;
}
