/* One scan: how far, on which hosts, what it could not read and why. */
import { useState } from 'preact/hooks';
import { api } from '../api';
import { isLive, remaining } from '../eta';
import { bytes, count, moment, span } from '../format';
import { useLive, useLoad, useThrottled } from '../hooks';
import { Loaded, Meter, Skeleton } from '../parts/bits';
import { Icon } from '../parts/icons';
import { PauseButton, StopButton } from '../parts/scanline';
import { complain } from '../state';
import type { CoverageRow, Page, ScanDetail, Task } from '../types';
import { withQuery } from '../url';
import { w } from '../words';
import { Current, RunFacts, withEvents } from './scans';

const REFRESH_MS = 1500;

function Facts({ s }: { s: ScanDetail }) {
	const p = s.progress;
	const rows: [string, string][] = [
		[w.scan.started, s.started ? moment(s.started) : w.scanState.queued],
		[s.ended ? w.scan.took : w.scan.runs, s.started
			? span((Date.parse(s.ended ?? new Date().toISOString())
				- Date.parse(s.started)) / 1000) : '–'],
		[w.scan.bytes, bytes(p.done_bytes)],
		[w.scan.objects, count(p.done_objects)],
		[w.scan.matches, count(p.findings)],
		[w.scan.unread, count(p.partial + p.unread)],
		[w.scan.types, s.types.length === 0 ? w.scan.defaultTypes
			: s.types.length > 4 ? `${s.types.slice(0, 3).join(', ')} +${s.types.length - 3}`
				: s.types.join(', ')],
		[w.newScan.summaryPaths, s.paths.join(', ')],
	];
	return (
		<dl class="scan-facts">
			{rows.map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd class="num">{value}</dd>
				</div>
			))}
		</dl>
	);
}

function Head({ s, again }: { s: ScanDetail; again: () => void }) {
	const p = s.progress;
	return (
		<section class="card">
			<a class="more-link" href="/scans">{w.scan.all}</a>
			<div class="big-line">
				<h2>{s.name}</h2>
				<span class={`pill ${s.state}`}>{w.scanState[s.state]}</span>
				<span class="end">
					{isLive(s.state) && (
						<>
							<PauseButton scan={s} changed={again} />
							<StopButton scan={s} changed={again} wide />
						</>
					)}
					<a
						class="btn"
						href={withQuery('/findings', new URLSearchParams({ scan: s.id }))}
					>
						<Icon name="scan" />
						{w.scan.showFindings}
					</a>
				</span>
			</div>
			<Meter progress={p} state={s.state} label={w.scan.progress} tall />
			<div class="row">
				<div class="grow"><RunFacts scan={s} /></div>
				{isLive(s.state) && (
					<span class="dim" role="status">{remaining(s.state, p)}</span>
				)}
			</div>
			<Current path={s.state === 'running' ? p.current : ''} />
			{p.stalled && (
				<p class="note warn" role="status">
					<Icon name="warning" />
					<span>
						<b>{w.scan.stalledTitle}. </b>
						{w.scan.stalledText}
					</span>
				</p>
			)}
			{s.state === 'failed' && (
				<p class="note bad" role="status">
					<Icon name="octagonAlert" />
					<span>
						<b>{w.scan.failedTitle}. </b>
						{s.message}
					</span>
				</p>
			)}
			<Facts s={s} />
		</section>
	);
}

function TaskRow({ t }: { t: Task }) {
	return (
		<div class="run-card">
			<div class="run-top">
				<Icon name="server" />
				<b class="cut">{t.host}</b>
				<span class={`pill ${t.state}`}>{w.scanState[t.state]}</span>
				<span class="end">
					{!t.online && isLive(t.state) && w.agents.offline}
					{isLive(t.state) && remaining(t.state, t.progress)}
				</span>
			</div>
			<Meter progress={t.progress} state={t.state} label={t.host} />
			<RunFacts scan={t} />
			<Current path={t.state === 'running' ? t.progress.current : ''} />
			{t.message && (
				<p class="note bad">
					<Icon name="octagonAlert" />
					{t.message}
				</p>
			)}
		</div>
	);
}

function Errors({ s }: { s: ScanDetail }) {
	if (s.errors.length === 0) return null;
	return (
		<section class="card">
			<div class="card-head"><h2>{w.scan.errors}</h2></div>
			<table class="plain">
				<tbody>
					{s.errors.map((e) => (
						<tr key={e.coverage + e.reason}>
							<td>{e.text}</td>
							<td class="dim">{w.scan.coverageState[e.coverage]}</td>
							<td class="end num">{count(e.count)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

const name = (r: CoverageRow): string =>
	r.place ? `${r.path} → ${r.place}` : r.path;

function CoverageTable({ rows }: { rows: readonly CoverageRow[] }) {
	return (
		<div class="table-scroll">
			<table class="plain">
				<thead>
					<tr>
						<th scope="col">{w.scan.coveragePath}</th>
						<th scope="col" class="extra">{w.scan.coverageHost}</th>
						<th scope="col">{w.scan.coverageWhy}</th>
						<th scope="col">{w.finding.coverage}</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((r) => (
						<tr key={r.task + name(r)}>
							<td class="path-cell cut mono" title={name(r)}>{name(r)}</td>
							<td class="extra">{r.host}</td>
							<td>{r.text}</td>
							<td class="dim num">
								{r.coverage === 'partial'
									? w.scan.of(bytes(r.read), bytes(r.size))
									: w.scan.coverageState[r.coverage]}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Coverage({ id, live }: { id: string; live: boolean }) {
	const load = useLoad((s) => api.coverage(id, null, s), [id, live]);
	return (
		<section class="card">
			<div class="card-head"><h2>{w.scan.coverage}</h2></div>
			<Loaded load={load} rows={4}>
				{(first) => (first.items.length === 0
					? <p class="dim">{live ? w.scan.coverageWait : w.scan.coverageNone}</p>
					: <CoveragePages key={first.items.length} id={id} first={first} />)}
			</Loaded>
		</section>
	);
}

function CoveragePages(
	{ id, first }: { id: string; first: Page<CoverageRow> },
) {
	const [rows, setRows] = useState(first.items);
	const [next, setNext] = useState(first.next);
	const more = async () => {
		try {
			const got = await api.coverage(id, next);
			setRows([...rows, ...got.items]);
			setNext(got.next);
		} catch (e) {
			complain(e);
		}
	};
	return (
		<>
			<CoverageTable rows={rows} />
			{next && (
				<button type="button" class="link-btn" onClick={() => void more()}>
					{w.common.more}
				</button>
			)}
		</>
	);
}

export function ScanPage({ id }: { id: string }) {
	const load = useLoad((s) => api.scan(id, s), [id]);
	const refresh = useThrottled(load.again, REFRESH_MS);
	useLive('scan', (events) => {
		if (!load.value || !events.some((e) => e.id === id)) return;
		const { scans } = withEvents([load.value],
			events.filter((e) => e.id === id));
		if (scans[0]) load.set(scans[0]);
		refresh();
	});
	useLive('reset', refresh);
	if (!load.value && !load.error)
		return <section class="card"><Skeleton rows={7} /></section>;
	return (
		<Loaded load={load}>
			{(s) => (
				<div class="stack">
					<Head s={s} again={load.again} />
					{(s.tasks.length > 1 || s.tasks.some((t) => t.message)) && (
						<section class="card">
							<div class="card-head"><h2>{w.scan.tasks}</h2></div>
							{s.tasks.map((t) => <TaskRow key={t.id} t={t} />)}
						</section>
					)}
					<Errors s={s} />
					<Coverage id={id} live={isLive(s.state)} />
				</div>
			)}
		</Loaded>
	);
}
