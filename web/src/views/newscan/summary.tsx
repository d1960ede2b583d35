/* All of it in short, and the button that starts it. */
import { useState } from 'preact/hooks';
import { api, Failure } from '../../api';
import { Icon } from '../../parts/icons';
import { toast, wordsOf } from '../../state';
import type {
	Agent, DataType, Limit, RemoteTarget, ScanRequest,
} from '../../types';
import { go } from '../../url';
import { w } from '../../words';
import { languageName, languagesOf } from '../pictures';
import {
	type Draft, hostWords, limitsOf, pathsOf, problemOf, typesOf, whoOf,
} from './draft';

interface SummaryProps {
	d: Draft;
	agents: readonly Agent[];
	remotes: readonly RemoteTarget[];
	types: readonly DataType[];
	limits: readonly Limit[];
	hint: string;
}

export function Summary({ d, agents, remotes, types, limits, hint }: SummaryProps) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState('');
	const problem = problemOf(d, types, limits);
	const start = async () => {
		const chosen = typesOf(d, types);
		const limited = limitsOf(d, limits);
		const ocr = languagesOf(d.pictures);
		const body: ScanRequest = {
			name: d.name.trim() || hint.slice(0, 128),
			...whoOf(d, agents),
			...(chosen.length ? { types: chosen } : {}),
			...(Object.keys(limited).length ? { limits: limited } : {}),
			...(ocr.length ? { ocr } : {}),
			...(d.skip ? { skip_unchanged: true } : {}),
		};
		setBusy(true);
		setError('');
		try {
			const scan = await api.startScan(body);
			toast(w.newScan.started);
			go(`/scans/${scan.id}`);
		} catch (e) {
			setError(e instanceof Failure
				? [wordsOf(e), ...Object.values(e.fields)].join('. ') : wordsOf(e));
			setBusy(false);
		}
	};
	return (
		<section class="card summary" aria-label={w.newScan.summary}>
			<h2>{w.newScan.summary}</h2>
			<dl class="facts">
				<dt>{w.newScan.summaryHosts}</dt>
				<dd>{hostWords(d, agents, remotes) || w.common.none}</dd>
				{d.agents.size > 0 && (
					<>
						<dt>{w.newScan.summaryPaths}</dt>
						<dd class="mono">
							{pathsOf(d.paths).map((p) => <div key={p}>{p}</div>)}
						</dd>
					</>
				)}
				<dt>{w.newScan.summaryTypes}</dt>
				<dd>
					{d.preset === 'own' ? w.newScan.typesOwn(d.types.size)
						: w.newScan.presets[d.preset].name}
				</dd>
				{d.pictures.on && (
					<>
						<dt>{w.pictures.summary}</dt>
						<dd>{languagesOf(d.pictures).map(languageName).join(', ')}</dd>
					</>
				)}
				{Object.keys(limitsOf(d, limits)).length > 0 && (
					<>
						<dt>{w.newScan.summaryLimits}</dt>
						<dd>{w.newScan.limitsSet(Object.keys(limitsOf(d, limits)).length)}</dd>
					</>
				)}
			</dl>
			{(error || problem) && (
				<p class={`note${error ? ' bad' : ''}`} role={error ? 'alert' : 'status'}>
					{error || problem}
				</p>
			)}
			<button
				type="button" class="btn main wide-btn" disabled={busy || !!problem}
				onClick={() => void start()}
			>
				<Icon name="play" />
				{w.newScan.start}
			</button>
		</section>
	);
}
