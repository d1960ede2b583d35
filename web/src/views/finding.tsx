/* One finding: where, why, what to do. It has its own address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Failure, type Tagged } from '../api';
import { ago, bytes, count, moment, pieces, splitPath } from '../format';
import { useLoad } from '../hooks';
import { CopyButton, ErrorBlank, RiskMark, Skeleton, StatePill } from '../parts/bits';
import { Icon, type IconName } from '../parts/icons';
import { complain, may, toast } from '../state';
import type { Crumb, Decision, Finding, FindingState, Match } from '../types';
import { params, withQuery } from '../url';
import { w } from '../words';

function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
	return (
		<ol class="crumbs">
			{crumbs.filter((c) => c.name).map((c, n, all) => (
				<li key={c.id}>
					<a href={withQuery('/findings', new URLSearchParams({ under: c.id }))}>
						{c.name}
					</a>
					{n < all.length - 1 && <Icon name="chevronRight" size={12} />}
				</li>
			))}
		</ol>
	);
}

const ACTIONS: readonly [Decision, string, IconName][] = [
	['confirmed', w.finding.confirm, 'shield'],
	['false_positive', w.finding.notSensitive, 'ban'],
	['open', w.finding.reopen, 'reopen'],
];

function Actions(
	{ state, busy, decide }: {
		state: FindingState; busy: boolean; decide: (d: Decision) => void;
	},
) {
	if (!may('triage')) return null;
	return (
		<div class="pane-actions">
			{ACTIONS.filter(([to]) => to !== state).map(([to, word, icon]) => (
				<button
					key={to} type="button" disabled={busy}
					class={`btn${to === 'confirmed' ? ' main' : ''}`}
					onClick={() => decide(to)}
				>
					<Icon name={icon} />
					{word}
				</button>
			))}
		</div>
	);
}

function MatchLine({ m, placed }: { m: Match; placed?: boolean }) {
	return (
		<li title={`${w.finding.offset(m.offset)}${m.place ? ` · ${m.place}` : ''}`}>
			<span class={`at cut${placed ? ' spot' : ''}`}>
				{placed ? m.place : m.offset}
			</span>
			<span>
				{pieces(m.context, m.masked).map((p, n) => (p.hit
					? <mark key={n}>{p.text}</mark>
					: <span key={n}>{p.text}</span>))}
				{m.also.length > 0 && (
					<span class="also">{w.finding.alsoValid(m.also)}</span>
				)}
			</span>
		</li>
	);
}

/* Enough to see what it is; the rest is one click away. */
const FEW = 6;

/* Matches in one place of the object stand together under its name. */
export function byPlace(matches: readonly Match[]): [string, Match[]][] {
	const out = new Map<string, Match[]>();
	for (const m of matches) {
		const list = out.get(m.place) ?? [];
		list.push(m);
		out.set(m.place, list);
	}
	return [...out];
}

function Matches({ finding }: { finding: Finding }) {
	const [more, setMore] = useState<Match[]>([]);
	const [next, setNext] = useState(finding.next);
	const [busy, setBusy] = useState(false);
	const [few, setFew] = useState(true);
	const all = [...finding.items, ...more];
	const shown = few ? all.slice(0, FEW) : all;
	const groups = byPlace(shown);
	/* as of cells of a table: each has its own place, so a line says both */
	const single = groups.length > 1 && groups.length === shown.length
		&& shown.every((m) => m.place.length > 0);
	const load = async () => {
		if (few && all.length > FEW) return setFew(false);
		setFew(false);
		setBusy(true);
		try {
			const page = await api.matches(finding.id, next);
			setMore([...more, ...page.items]);
			setNext(page.next);
		} catch (e) {
			complain(e);
		}
		setBusy(false);
	};
	return (
		<section>
			<div class="row">
				<h3>{w.finding.matches}</h3>
				<span class="dim num small">{w.count.matches(finding.matches)}</span>
			</div>
			{single ? (
				<ol class="matches" tabIndex={0} aria-label={w.finding.matches}>
					{shown.map((m) => (
						<MatchLine key={`${m.offset} ${m.place}`} m={m} placed />
					))}
				</ol>
			) : groups.map(([place, list]) => (
				<div key={place} class="match-group">
					{place && (
						<p class="place">
							<Icon name="box" size={13} />
							{place}
						</p>
					)}
					<ol class="matches" tabIndex={0} aria-label={w.finding.matches}>
						{list.map((m) => <MatchLine key={m.offset} m={m} />)}
					</ol>
				</div>
			))}
			{(next || shown.length < all.length) && (
				<button
					type="button" class="link-btn" disabled={busy}
					onClick={() => void load()}
				>
					{w.finding.matchesMore}
				</button>
			)}
			<p class="small-note">
				<Icon name="shield" size={14} />
				{w.finding.masked}
			</p>
		</section>
	);
}

const READ = {
	full: w.finding.full, partial: w.finding.partial, none: w.finding.unread,
};

function Facts({ f }: { f: Finding }) {
	const o = f.object;
	const rows: [string, preact.ComponentChildren][] = [
		[w.finding.where, f.host],
		[w.finding.confidence,
			w.finding.confidenceText(f.confidence, w.level[f.level])],
		[w.finding.first, <span title={moment(f.first_seen)}>{ago(f.first_seen)}</span>],
		[w.finding.last, <span title={moment(f.last_seen)}>{ago(f.last_seen)}</span>],
		[w.finding.changed, <span title={moment(o.mtime)}>{ago(o.mtime)}</span>],
		[w.finding.size, bytes(o.size)],
	];
	if (o.mode) rows.push(
		[w.finding.permissions, <code>{o.permissions}</code>],
		[w.finding.owner, w.finding.ownerIds(o.uid, o.gid)],
	);
	rows.push([w.finding.coverage,
		READ[o.coverage] + (o.reason ? ` (${o.reason})` : '')]);
	return (
		<section>
			<div class="row"><h3>{w.finding.details}</h3></div>
			<dl class="facts">
				{rows.map(([name, value]) => (
					<>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</>
				))}
			</dl>
		</section>
	);
}

function Others({ f }: { f: Finding }) {
	if (f.others.length === 0) return null;
	return (
		<section>
			<div class="row"><h3>{w.finding.others}</h3></div>
			{f.others.map((o) => (
				<a
					key={o.id} class="other"
					href={withQuery(`/findings/${o.id}`, params.value)}
				>
					<RiskMark risk={o.risk} />
					<span class="cut">{o.type_name}</span>
					<span class="num">{count(o.matches)}</span>
				</a>
			))}
		</section>
	);
}

const stateWord = (s: string): string =>
	w.state[s as FindingState] ?? s;

function History({ f }: { f: Finding }) {
	if (f.history.length === 0) return null;
	return (
		<section>
			<div class="row"><h3>{w.finding.history}</h3></div>
			<ul class="history">
				{f.history.map((h) => (
					<li key={h.at + h.what}>
						<span class="dim" title={moment(h.at)}>{ago(h.at)}</span>
						<span>
							{w.finding.what[h.what]}
							{h.to && ` ${w.finding.to(stateWord(h.to))}`}
							{h.actor && ` ${w.finding.by(h.actor)}`}
						</span>
					</li>
				))}
			</ul>
		</section>
	);
}

function Body({ f }: { f: Finding }) {
	return (
		<>
			<Matches finding={f} />
			<section>
				<div class="row"><h3>{w.finding.why}</h3></div>
				<ul class="reasons">
					{f.reasons.map((r) => (
						<li key={r} class={w.finding.against.includes(r) ? 'against' : ''}>
							<Icon
								name={w.finding.against.includes(r) ? 'minus' : 'check'}
								size={14}
							/>
							<span>{r.charAt(0).toUpperCase() + r.slice(1)}</span>
						</li>
					))}
				</ul>
			</section>
			<Facts f={f} />
			<Others f={f} />
			<History f={f} />
		</>
	);
}

interface PaneProps {
	id: string;
	close: () => void;
	decided: (id: string, state: FindingState) => void;
}

function useDecide(
	id: string, load: { value: Tagged<Finding> | undefined;
		set: (v: Tagged<Finding>) => void; again: () => void },
	decided: PaneProps['decided'],
) {
	const [busy, setBusy] = useState(false);
	const decide = async (to: Decision) => {
		if (!load.value) return;
		setBusy(true);
		try {
			const now = await api.decide(id, to, load.value.tag);
			load.set(now);
			decided(id, now.value.state);
			toast(w.finding.saved(w.state[to]));
		} catch (e) {
			if (e instanceof Failure && e.status === 412) {
				toast(w.finding.conflict, true);
				load.again();
			} else complain(e);
		}
		setBusy(false);
	};
	return { busy, decide };
}

export function FindingPane({ id, close, decided }: PaneProps) {
	const load = useLoad((s) => api.finding(id, s), [id]);
	const pane = useRef<HTMLElement>(null);
	const { busy, decide } = useDecide(id, load, decided);
	const f = load.value?.value;
	useEffect(() => pane.current?.scrollTo(0, 0), [id]);
	return (
		<aside ref={pane} class="pane" aria-label={w.finding.label} tabIndex={-1}>
			<div class="pane-head">
				{f && <RiskMark risk={f.risk} />}
				{f && <StatePill state={f.state} />}
				<span class="end">
					{f && (
						<CopyButton
							text={`${f.host}:${f.path}`} label={w.finding.copyPath}
							iconOnly
						/>
					)}
					<button
						type="button" class="icon-btn" aria-label={w.common.close}
						title={w.common.close} onClick={close}
					>
						<Icon name="x" />
					</button>
				</span>
			</div>
			{!f && load.error
				? <ErrorBlank error={load.error} again={load.again} /> : null}
			{!f && !load.error && <Skeleton rows={9} />}
			{f && (
				<>
					<h2 class="title">
						{f.type_name} <span>{w.finding.in} {splitPath(f.path)[1]}</span>
					</h2>
					<Crumbs crumbs={f.breadcrumb} />
					<Actions
						state={f.state} busy={busy} decide={(d) => void decide(d)}
					/>
					<Body f={f} />
				</>
			)}
		</aside>
	);
}
