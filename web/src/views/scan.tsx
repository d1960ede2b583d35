/* One scan: how far, on which hosts, what it could not read and why. */
import { api } from '../api';
import { isLive, remaining } from '../eta';
import { count, moment, span } from '../format';
import { useLive, useLoad, useThrottled } from '../hooks';
import { Loaded, Meter, Skeleton } from '../parts/bits';
import {
	CoverageSum, Places, Reasons, Share, TakeAway,
} from '../parts/coverage';
import { Icon } from '../parts/icons';
import { PauseButton, StopButton } from '../parts/scanline';
import { sentence } from '../state';
import type { ScanDetail, Task } from '../types';
import { params, setParam, withQuery } from '../url';
import { w } from '../words';
import { limitText, lookedFor, titleOf } from './newscan/draft';
import { languageName } from './pictures';
import { Current, RunFacts, withEvents } from './scans';

const REFRESH_MS = 1500;

function Facts({ s }: { s: ScanDetail }) {
	const limited = Object.keys(s.limits).length > 0;
	const table = useLoad(
		(stop) => (limited ? api.limits(stop) : Promise.resolve(undefined)),
		[limited]);
	const rows: [string, string][] = [[w.scan.types, lookedFor(s.types)]];
	if (s.started)
		rows.unshift([w.scan.started, moment(s.started)],
			[s.ended ? w.scan.took : w.scan.runs,
				span((Date.parse(s.ended ?? new Date().toISOString())
					- Date.parse(s.started)) / 1000)]);
	if (s.paths.length > 0)
		rows.push([w.newScan.summaryPaths, s.paths.join(', ')]);
	if (s.ocr.length > 0)
		rows.push([w.pictures.summary, s.ocr.map(languageName).join(', ')]);
	if (s.skip_unchanged) rows.push([w.unchanged.summary, w.unchanged.left]);
	for (const [name, v] of Object.entries(s.limits)) {
		const limit = table.value?.items.find((l) => l.name === name);
		rows.push(limit ? [titleOf(limit), limitText(v, limit.unit)]
			: [name, count(v)]);
	}
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
							<PauseButton scan={s} changed={again} wide />
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
			{s.state !== 'done' && (
				<Meter progress={p} state={s.state} label={w.scan.progress} tall />
			)}
			<div class="row run-line">
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
			{(s.state === 'failed' || s.state === 'partial') && (
				<p class="note bad" role="status">
					<Icon name="octagonAlert" />
					<span>
						<b>{s.state === 'failed' ? w.scan.failedTitle
							: w.scan.partialTitle}. </b>
						{sentence(s.message ?? '')}
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
				<Icon name={t.url ? 'drive' : 'server'} />
				<b class="cut" title={t.url ?? undefined}>{t.host}</b>
				<span class={`pill ${t.state}`}>{w.scanState[t.state]}</span>
				<span class="end">
					{t.proxy && w.scan.readBy(t.proxy)}
					{!t.online && t.agent && isLive(t.state) && w.agents.offline}
					{isLive(t.state) && remaining(t.state, t.progress)}
				</span>
			</div>
			<Meter progress={t.progress} state={t.state} label={t.host} />
			<RunFacts scan={t} />
			<Current path={t.state === 'running' ? t.progress.current : ''} />
			{t.message && (
				<p class={`note ${isLive(t.state) ? 'warn' : 'bad'}`}>
					<Icon name={isLive(t.state) ? 'warning' : 'octagonAlert'} />
					{isLive(t.state) ? `${w.scan.waits}: ${t.message}`
						: sentence(t.message)}
				</p>
			)}
		</div>
	);
}

function CoverageCard({ s }: { s: ScanDetail }) {
	const c = s.coverage;
	const picked = params.value.get('reason') ?? '';
	const known = c.reasons.some((r) => r.reason === picked);
	return (
		<section class="card">
			<div class="card-head">
				<h2>{w.coverage.title}</h2>
				<Share c={c} live={isLive(s.state)} />
				{/* that all was read wants proof, too */}
				{(c.reasons.length > 0 || !isLive(s.state)) && <TakeAway scan={s.id} />}
			</div>
			<CoverageSum c={c} />
			{c.whole && c.reasons.length === 0
				? <p class="dim">{w.coverage.allText}</p>
				: (
					<>
						<Reasons
							reasons={c.reasons} picked={picked}
							pick={(r) => setParam('reason', r, true)}
						/>
						<Places
							scan={s.id} reason={known ? picked : ''}
							hosts={s.tasks.length > 1}
							stamp={c.places + c.left_out}
							blank={isLive(s.state) ? w.scan.coverageWait
								: w.scan.coverageNone}
						/>
					</>
				)}
		</section>
	);
}

export function ScanPage({ id }: { id: string }) {
	const load = useLoad((s) => api.scan(id, s), [id]);
	const refresh = useThrottled(load.again, REFRESH_MS);
	useLive('scan', (events) => {
		if (!load.value || !events.some((e) => e.id === id)) return;
		const { scans, moved } = withEvents([load.value],
			events.filter((e) => e.id === id));
		if (scans[0]) load.set(scans[0]);
		/* another state tells of more than its progress */
		if (moved) load.again();
		else refresh();
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
					<CoverageCard s={s} />
				</div>
			)}
		</Loaded>
	);
}
