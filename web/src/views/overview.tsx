/* Better or worse, where, what runs, what next. */
import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../api';
import { brief, count, percent } from '../format';
import { useLive, useLoad, useThrottled } from '../hooks';
import { live } from '../live';
import { Loaded, RiskMark, Skeleton } from '../parts/bits';
import { Trend } from '../parts/chart';
import { Icon } from '../parts/icons';
import { ScanLine } from '../parts/scanline';
import { Spark } from '../parts/spark';
import { agentCount, dialog, may, openCount, runningCount } from '../state';
import type { CoverageFigure, Figure, HeatRow, Overview as Data } from '../types';
import { findingsAt } from '../url';
import { w } from '../words';

const REFRESH_MS = 1000;

interface FigureProps {
	name: string;
	value: string;
	series: number[];
	tone: string;
	to: string;
	change: { text: string; good: boolean } | null;
	had: boolean;
}

function FigureCard(p: FigureProps) {
	return (
		<a class="card figure" href={p.to}>
			<span class="name">{p.name}</span>
			<span class="value num">{p.value}</span>
			<Spark series={p.series} tone={p.tone} />
			<span class="change">
				{p.change ? (
					<>
						<span class={p.change.good ? 'good' : 'bad'}>
							{p.change.text}
						</span>
						{' '}
						{w.overview.versus}
					</>
				) : p.had ? w.overview.noChange : w.overview.first}
			</span>
		</a>
	);
}

function changeOf(f: Figure, lessIsGood: boolean) {
	if (!f.change) return null;
	return {
		text: percent(f.change, true),
		good: (f.change < 0) === lessIsGood,
	};
}

function coverageChange(f: CoverageFigure) {
	if (!f.change) return null;
	return { text: w.overview.targetsChange(f.change), good: f.change > 0 };
}

function Figures({ figures: f }: { figures: Data['figures'] }) {
	return (
		<div class="figures">
			<FigureCard
				name={w.overview.open} value={count(f.open.value)}
				series={f.open.series} tone="" to={findingsAt({})}
				change={changeOf(f.open, true)} had={f.open.change !== null}
			/>
			<FigureCard
				name={w.overview.critical} value={count(f.critical.value)}
				series={f.critical.series} tone="crit"
				to={findingsAt({ risk: 'critical' })}
				change={changeOf(f.critical, true)}
				had={f.critical.change !== null}
			/>
			<FigureCard
				name={w.overview.remediated} value={count(f.remediated.value)}
				series={f.remediated.series} tone="good"
				to="/findings?state=gone"
				change={changeOf(f.remediated, false)}
				had={f.remediated.change !== null}
			/>
			<FigureCard
				name={w.overview.coverage}
				value={f.coverage.value === null ? '–'
					: percent(Math.round(f.coverage.value * 100) / 100)}
				series={f.coverage.series} tone="" to="/targets"
				change={coverageChange(f.coverage)}
				had={f.coverage.change !== null}
			/>
		</div>
	);
}

/* Days before anything was known say nothing; one of them is the ground. */
export function known(t: Data['trend']): Data['trend'] {
	const first = t.days.findIndex((_, n) => t.open[n] || t.critical[n]);
	const from = first < 0 ? t.days.length : Math.max(0, first - 1);
	return {
		days: t.days.slice(from), open: t.open.slice(from),
		critical: t.critical.slice(from),
	};
}

function TrendCard({ trend: all }: { trend: Data['trend'] }) {
	const trend = useMemo(() => known(all), [all]);
	return (
		<section class="card trend w15">
			<div class="card-head">
				<h2>{w.overview.trend}</h2>
				<span class="legend"><i />{w.overview.all}</span>
				<span class="legend">
					<i class="crit" />
					{w.overview.critical}
				</span>
				{trend.days.length > 1 && (
					<span class="end">{w.overview.days(trend.days.length)}</span>
				)}
			</div>
			{trend.days.length > 1
				? <Trend data={trend} label={w.overview.trendLabel} />
				: (
					<p class="dim">
						{trend.days.length === 0 ? w.overview.trendEmpty
							: w.overview.trendSoon}
					</p>
				)}
		</section>
	);
}

function ScansCard({ scans, again }: { scans: Data['scans']; again: () => void }) {
	return (
		<section class="card w9">
			<div class="card-head">
				<h2>{w.overview.scans}</h2>
				<a class="more-link" href="/scans">
					{w.overview.allScans}
					<Icon name="arrowUpRight" size={14} />
				</a>
			</div>
			{scans.length === 0 && <p class="dim">{w.overview.noScans}</p>}
			{scans.map((s) => <ScanLine key={s.id} scan={s} changed={again} />)}
		</section>
	);
}

/* Five shades by share of the largest cell, by square root: small stays seen. */
export function shade(n: number, most: number): number {
	if (n <= 0 || most <= 0) return 0;
	return Math.max(1, Math.min(5, Math.ceil(Math.sqrt(n / most) * 5)));
}

function HeatCell(
	{ row, category, n, most }: {
		row: HeatRow; category: { id: string; name: string }; n: number;
		most: number;
	},
) {
	const h = shade(n, most);
	if (h === 0) return <span class="cell none">0</span>;
	return (
		<a
			class={`cell h${h}`}
			href={findingsAt({ category: category.id, group: row.id })}
			aria-label={`${row.name || w.overview.noGroup}, ${category.name}: `
				+ brief(n)}
		>
			{brief(n)}
		</a>
	);
}

function HeatCard({ heat }: { heat: Data['heat'] }) {
	const most = Math.max(0, ...heat.rows.flatMap((r) => r.cells));
	const rows = heat.rows.filter((r) => r.cells.some((n) => n > 0));
	return (
		<section class="card w9">
			<div class="card-head">
				<h2>{w.overview.heat}</h2>
				<span class="end">{w.overview.heatNote}</span>
			</div>
			{most === 0 ? <p class="dim">{w.overview.heatEmpty}</p> : (
				<div class="table-scroll">
					<table
						class="heat"
						style={{ minWidth: `${90 + heat.categories.length * 63}px` }}
					>
						<thead>
							<tr>
								<td />
								{heat.categories.map((c) => (
									<th key={c.id} scope="col">{c.name}</th>
								))}
							</tr>
						</thead>
						<tbody>
							{rows.map((r) => (
								<tr key={r.id}>
									<th scope="row" class="cut" title={r.name}>
										{r.name || w.overview.noGroup}
									</th>
									{heat.categories.map((c, n) => (
										<td key={c.id}>
											<HeatCell
												row={r} category={c} most={most}
												n={r.cells[n] ?? 0}
											/>
										</td>
									))}
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}

function TargetsCard({ targets }: { targets: Data['targets'] }) {
	const most = Math.max(1, ...targets.map((t) => t.findings));
	return (
		<section class="card w8">
			<div class="card-head">
				<h2>{w.overview.targets}</h2>
				<a class="more-link" href="/targets">
					{w.overview.allTargets}
					<Icon name="arrowUpRight" size={14} />
				</a>
			</div>
			{targets.length === 0 && <p class="dim">{w.overview.targetsEmpty}</p>}
			{targets.map((t) => (
				<a
					key={t.id} class="top-target"
					href={findingsAt({ target: t.id })}
				>
					<Icon name="server" />
					<span class="cut">
						<b>{t.name}</b>
						{t.group && <span class="dim"> {t.group}</span>}
					</span>
					<span class="split-bar" aria-hidden="true">
						<i
							class="crit"
							style={{ width: `${(t.critical / most) * 100}%` }}
						/>
						<i
							style={{
								width: `${((t.findings - t.critical) / most) * 100}%`,
							}}
						/>
					</span>
					<span class="end">
						<span class="n num">{count(t.critical)}</span>
						{' '}
						{w.overview.critWord}
					</span>
				</a>
			))}
		</section>
	);
}

function RecentCard({ recent }: { recent: Data['recent'] }) {
	return (
		<section class="card w7">
			<div class="card-head">
				<h2>{w.overview.recent}</h2>
				<span class="end">
					<span
						class={`dot${live.value === 'on' ? ' on' : ''}`}
						aria-hidden="true"
					/>
				</span>
			</div>
			{recent.length === 0 && <p class="dim">{w.overview.recentEmpty}</p>}
			<ul class="recent">
				{recent.map((f) => (
					<li key={f.id}>
						<a href={`/findings/${f.id}?sort=-found`}>
							<RiskMark risk={f.risk} />
							<span class="grow">
								<b class="cut">{f.type_name}</b>
								<span class="dim cut">{f.host}:{f.path}</span>
							</span>
						</a>
					</li>
				))}
			</ul>
		</section>
	);
}

interface StepProps {
	no: number;
	at: number;
	title: string;
	text: string;
	action: preact.JSX.Element | null;
}

function Step({ no, at, title, text, action }: StepProps) {
	const done = no < at;
	return (
		<li class={`step${done ? ' done' : no === at ? ' now' : ''}`}>
			<span class="mark-no">
				{done ? <Icon name="check" size={13} /> : no}
			</span>
			<h3>
				{title}
				{done && <span class="hidden-label"> ({w.overview.done})</span>}
			</h3>
			<p class="dim">{text}</p>
			{no === at && action}
		</li>
	);
}

/* Which of the three first steps is next; 4 when all are done. */
export function nextStep(d: Data): number {
	const found = d.figures.open.value + d.figures.remediated.value > 0
		|| d.recent.length > 0;
	if (found) return 4;
	if (d.agents.total === 0) return 1;
	return d.scans.length > 0 ? 3 : 2;
}

function Welcome({ data }: { data: Data }) {
	const at = nextStep(data);
	if (at > 3) return null;
	return (
		<section class="card welcome">
			<h2>{w.overview.firstTitle}</h2>
			<p class="dim">{w.overview.firstIntro}</p>
			<ol class="steps">
				<Step
					no={1} at={at} title={w.overview.stepAgent}
					text={w.overview.stepAgentText}
					action={may('manage') ? (
						<button
							type="button" class="btn main"
							onClick={() => (dialog.value = 'add')}
						>
							<Icon name="plus" />
							{w.overview.stepAgent}
						</button>
					) : null}
				/>
				<Step
					no={2} at={at} title={w.overview.stepScan}
					text={w.overview.stepScanText}
					action={may('scan') ? (
						<a class="btn main" href="/scans/new">
							<Icon name="scan" />
							{w.overview.stepScan}
						</a>
					) : null}
				/>
				<Step
					no={3} at={at} title={w.overview.stepFinding}
					text={w.overview.stepFindingText}
					action={
						<a class="btn main" href="/findings">
							{w.nav.findings}
						</a>
					}
				/>
			</ol>
		</section>
	);
}

export function Overview() {
	const load = useLoad((s) => api.overview(s), []);
	const refresh = useThrottled(load.again, REFRESH_MS);
	useLive('finding', refresh);
	useLive('scan', refresh);
	useLive('agent', refresh);
	useLive('reset', refresh);
	const d = load.value;
	useEffect(() => {
		if (!d) return;
		agentCount.value = d.agents;
		openCount.value = d.figures.open.value;
		runningCount.value = d.scans.length;
	}, [d]);
	if (!d && !load.error) return <div class="card"><Skeleton rows={8} /></div>;
	return (
		<Loaded load={load}>
			{(o) => (
				<>
					<Welcome data={o} />
					<Figures figures={o.figures} />
					<div class="over-grid">
						<TrendCard trend={o.trend} />
						<ScansCard scans={o.scans} again={load.again} />
						<HeatCard heat={o.heat} />
						<TargetsCard targets={o.targets} />
						<RecentCard recent={o.recent} />
					</div>
				</>
			)}
		</Loaded>
	);
}
