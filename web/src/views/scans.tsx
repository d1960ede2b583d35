/* What runs, when it ends, whether it is stuck; and what ran before. */
import { useState } from 'preact/hooks';
import { api } from '../api';
import { isLive, remaining, shareText, volume } from '../eta';
import { ago, bytes, count, moment, rate, span } from '../format';
import { useKey, useLive, useLoad, useThrottled } from '../hooks';
import { Blank, Loaded, Meter } from '../parts/bits';
import { Icon } from '../parts/icons';
import { PauseButton, StopButton } from '../parts/scanline';
import { complain, dialog, may } from '../state';
import type { LiveEvents, Page, Scan } from '../types';
import { go } from '../url';
import { w } from '../words';

const REFRESH_MS = 1500;

/* Where it is, how fast, what it reads: the same on list and page. */
export function RunFacts({ scan }: { scan: Pick<Scan, 'state' | 'progress'> }) {
	const p = scan.progress;
	const lost = p.partial + p.unread;
	const share = isLive(scan.state) ? shareText(p) : '';
	return (
		<div class="run-facts num">
			<span>{volume(p)}</span>
			<span>{w.count.objects(p.done_objects)}</span>
			{scan.state === 'running' && <span>{rate(p.bytes_per_second)}</span>}
			{share && <span>{share}</span>}
			{lost > 0 && <span>{w.targets.problems(lost)}</span>}
			<b>{w.count.matches(p.findings)}</b>
		</div>
	);
}

export function Current({ path }: { path: string }) {
	if (!path) return null;
	return (
		<p class="current">
			<span>{w.scan.current}</span>
			<code class="cut" title={path}>{path}</code>
		</p>
	);
}

function RunCard({ scan, changed }: { scan: Scan; changed: () => void }) {
	const p = scan.progress;
	return (
		<div class="run-card">
			<div class="run-top">
				<a class="cut" href={`/scans/${scan.id}`}>{scan.name}</a>
				<span class={`pill ${scan.state}`}>{w.scanState[scan.state]}</span>
				<span class="end">
					{remaining(scan.state, p)}
					<PauseButton scan={scan} changed={changed} />
					<StopButton scan={scan} changed={changed} />
				</span>
			</div>
			<Meter progress={p} state={scan.state} label={scan.name} />
			<RunFacts scan={scan} />
			<Current path={scan.state === 'running' ? p.current : ''} />
			{p.stalled && (
				<p class="note warn">
					<Icon name="warning" />
					{w.scan.stalledText}
				</p>
			)}
		</div>
	);
}

const took = (s: Scan): string => (s.started && s.ended
	? span((Date.parse(s.ended) - Date.parse(s.started)) / 1000) : '–');

function HistoryRow({ s, at }: { s: Scan; at: boolean }) {
	const lost = s.progress.partial + s.progress.unread;
	return (
		<tr class={at ? 'cursor' : ''} onClick={() => go(`/scans/${s.id}`)}>
			<td class="path-cell cut">
				<a href={`/scans/${s.id}`} onClick={(e) => e.stopPropagation()}>
					{s.name}
				</a>
			</td>
			<td>
				<span class={`pill ${s.state}`}>{w.scanState[s.state]}</span>
			</td>
			<td class="extra">
				{s.agents.length === 1 ? s.agents[0]?.host
					: w.count.targets(s.agents.length)}
			</td>
			<td class="num end extra">{bytes(s.progress.done_bytes)}</td>
			<td class="num end">{count(s.progress.findings)}</td>
			<td class="num end extra">{lost > 0 ? count(lost) : '–'}</td>
			<td class="num end extra">{took(s)}</td>
			<td class="num end dim" title={moment(s.ended)}>{ago(s.ended)}</td>
		</tr>
	);
}

function History({ scans, at }: { scans: readonly Scan[]; at: number }) {
	const c = w.scan.columns;
	return (
		<div class="table-scroll">
			<table class="plain hover">
				<thead>
					<tr>
						<th scope="col">{c.name}</th>
						<th scope="col">{c.state}</th>
						<th scope="col" class="extra">{c.targets}</th>
						<th scope="col" class="end extra">{c.read}</th>
						<th scope="col" class="end">{c.findings}</th>
						<th scope="col" class="end extra">{w.scan.unread}</th>
						<th scope="col" class="end extra">{c.took}</th>
						<th scope="col" class="end">{c.ended}</th>
					</tr>
				</thead>
				<tbody>
					{scans.map((s, n) => (
						<HistoryRow key={s.id} s={s} at={n === at} />
					))}
				</tbody>
			</table>
		</div>
	);
}

/* Progress goes straight into the rows; only a new state asks the server. */
export function withEvents<S extends Scan>(
	scans: readonly S[], events: readonly LiveEvents['scan'][],
): { scans: S[]; moved: boolean } {
	const last = new Map(events.map((e) => [e.id, e]));
	let moved = false;
	const out = scans.map((s) => {
		const e = last.get(s.id);
		if (!e) return s;
		last.delete(s.id);
		if (e.state !== s.state) moved = true;
		return { ...s, state: e.state, progress: e.progress };
	});
	return { scans: out, moved: moved || last.size > 0 };
}

function useHistoryKeys(rows: readonly Scan[]): number {
	const [at, setAt] = useState(-1);
	const step = (by: number) => {
		if (rows.length === 0) return false;
		setAt(Math.max(0, Math.min(rows.length - 1, at + by)));
		return true;
	};
	useKey('down', () => step(1));
	useKey('up', () => step(-1));
	useKey('open', () => {
		const s = rows[at];
		if (s) go(`/scans/${s.id}`);
		return s !== undefined;
	});
	return at;
}

const NoScans = () => (
	<Blank
		icon="activity" title={w.scan.emptyTitle}
		action={may('scan') ? (
			<a class="btn main" href="/scans/new">
				<Icon name="scan" />
				{w.nav.newScan}
			</a>
		) : may('manage') ? (
			<button type="button" class="btn" onClick={() => (dialog.value = 'add')}>
				{w.top.addAgent}
			</button>
		) : null}
	>
		{w.scan.emptyText}
	</Blank>
);

function Lists({ page, again }: { page: Page<Scan>; again: () => void }) {
	const [more, setMore] = useState<Scan[]>([]);
	const [next, setNext] = useState(page.next);
	const all = [...page.items,
		...more.filter((m) => !page.items.some((i) => i.id === m.id))];
	const running = all.filter((s) => isLive(s.state));
	const ended = all.filter((s) => !isLive(s.state));
	const at = useHistoryKeys(ended);
	const load = async () => {
		try {
			const got = await api.scans(next);
			setMore([...more, ...got.items]);
			setNext(got.next);
		} catch (e) {
			complain(e);
		}
	};
	if (all.length === 0) return <section class="card"><NoScans /></section>;
	return (
		<div class="stack">
			{running.length > 0 && (
				<section class="card">
					<div class="card-head"><h2>{w.scan.running}</h2></div>
					{running.map((s) => (
						<RunCard key={s.id} scan={s} changed={again} />
					))}
				</section>
			)}
			{ended.length > 0 && (
				<section class="card">
					<div class="card-head"><h2>{w.scan.history}</h2></div>
					<History scans={ended} at={at} />
					{next && (
						<button
							type="button" class="link-btn" onClick={() => void load()}
						>
							{w.common.more}
						</button>
					)}
				</section>
			)}
		</div>
	);
}

export function Scans() {
	const load = useLoad((s) => api.scans(null, s), []);
	const refresh = useThrottled(load.again, REFRESH_MS);
	useLive('scan', (events) => {
		if (!load.value) return;
		const { scans, moved } = withEvents(load.value.items, events);
		load.set({ ...load.value, items: scans });
		if (moved) refresh();
	});
	useLive('reset', refresh);
	return (
		<Loaded load={load}>
			{(page) => <Lists page={page} again={load.again} />}
		</Loaded>
	);
}
