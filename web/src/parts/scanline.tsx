/* One running scan as a few lines, and the buttons that steer a scan. */
import { useState } from 'preact/hooks';
import { api } from '../api';
import { remaining, volume } from '../eta';
import { rate } from '../format';
import { complain, may } from '../state';
import type { Scan } from '../types';
import { w } from '../words';
import { Meter } from './bits';
import { Ask } from './dialog';
import { Icon } from './icons';

type Action = 'pause' | 'resume' | 'stop';

export function useControl(id: string, changed: () => void) {
	const [busy, setBusy] = useState(false);
	const run = async (action: Action) => {
		setBusy(true);
		try {
			await api.control(id, action);
			changed();
		} catch (e) {
			complain(e);
		}
		setBusy(false);
	};
	return { busy, run };
}

export function PauseButton(
	{ scan, changed, wide }: {
		scan: Scan; changed: () => void; wide?: boolean;
	},
) {
	const { busy, run } = useControl(scan.id, changed);
	if (!may('scan')) return null;
	const paused = scan.state === 'paused';
	const word = paused ? w.scan.resume : w.scan.pause;
	const label = `${word} ${scan.name}`;
	return (
		<button
			type="button" class={wide ? 'btn' : 'icon-btn'}
			aria-label={label} title={label}
			disabled={busy} onClick={() => void run(paused ? 'resume' : 'pause')}
		>
			<Icon name={paused ? 'play' : 'pause'} />
			{wide && word}
		</button>
	);
}

export function StopButton(
	{ scan, changed, wide }: {
		scan: Scan; changed: () => void; wide?: boolean;
	},
) {
	const [ask, setAsk] = useState(false);
	const { busy, run } = useControl(scan.id, changed);
	if (!may('scan')) return null;
	const label = `${w.scan.stop} ${scan.name}`;
	return (
		<>
			<button
				type="button" class={wide ? 'btn danger' : 'icon-btn'}
				aria-label={label} title={label} disabled={busy}
				onClick={() => setAsk(true)}
			>
				<Icon name="stop" />
				{wide && w.scan.stop}
			</button>
			{ask && (
				<Ask
					title={w.scan.stopAsk} text={w.scan.stopText}
					go={w.scan.stop} danger onClose={() => setAsk(false)}
					onGo={() => {
						setAsk(false);
						void run('stop');
					}}
				/>
			)}
		</>
	);
}

export function ScanLine(
	{ scan, changed }: { scan: Scan; changed: () => void },
) {
	const p = scan.progress;
	return (
		<div class="scan-line">
			<div class="row">
				<a class="cut grow" href={`/scans/${scan.id}`}>{scan.name}</a>
				<span class="dim">{remaining(scan.state, p)}</span>
				<PauseButton scan={scan} changed={changed} />
			</div>
			<Meter progress={p} state={scan.state} label={scan.name} />
			<div class="facts-line num">
				<span>{volume(p)}</span>
				{scan.state === 'running' && <span>{rate(p.bytes_per_second)}</span>}
				<span>{w.count.agents(scan.agents.length)}</span>
				<b>{w.count.matches(p.findings)}</b>
			</div>
		</div>
	);
}
