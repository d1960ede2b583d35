/* One page of three cards: where, what, when. Then it starts. */
import { useEffect, useId, useState } from 'preact/hooks';
import { api, Failure } from '../api';
import { bytes, count } from '../format';
import { useLoad } from '../hooks';
import { Blank, Loaded, RiskMark } from '../parts/bits';
import { Field } from '../parts/form';
import { Icon } from '../parts/icons';
import { dialog, may, toast, wordsOf } from '../state';
import { remote } from '../remote';
import type {
	Agent, AgentPage, DataType, Limit, RemoteTarget, ScanRequest,
} from '../types';
import { go, params } from '../url';
import { w } from '../words';
import {
	languageName, languagesOf, NO_PICTURES, type Pictures, PicturesChoice,
	picturesProblem,
} from './pictures';

export type Preset = 'all' | 'cards' | 'personal' | 'secrets' | 'own';
const PRESETS: readonly Preset[] =
	['all', 'cards', 'personal', 'secrets', 'own'];
/* Profiles of the catalogue that a preset stands for; none: its default one. */
const PROFILES: Record<Exclude<Preset, 'own'>, readonly string[]> = {
	all: [],
	cards: ['pci_dss'],
	personal: ['eu', 'uk', 'us', 'latam', 'apac', 'mea'].map((r) => `personal_${r}`),
	secrets: ['secrets'],
};
/* One order has so many ids and globs at most. */
const MOST_TYPES = 256;

export interface Draft {
	name: string;
	agents: ReadonlySet<string>;
	targets: ReadonlySet<string>; /* on other hosts */
	paths: string;
	preset: Preset;
	types: ReadonlySet<string>;
	limits: Readonly<Record<string, string>>; /* as typed; empty: the default */
	pictures: Pictures;
	skip: boolean; /* what has not changed */
}

export const pathsOf = (text: string): string[] =>
	[...new Set(text.split('\n').map((l) => l.trim()).filter(Boolean))];

/* Ids in few words: where all of "secret." are chosen, "secret.*" says so. */
export function inFewWords(
	chosen: ReadonlySet<string>, all: readonly DataType[],
): string[] {
	const groups = new Map<string, string[]>();
	for (const { id } of all) {
		const head = /^[a-z0-9]+[._]/.exec(id)?.[0] ?? id;
		groups.set(head, [...groups.get(head) ?? [], id]);
	}
	return [...groups].flatMap(([head, ids]) => (
		ids.length > 1 && ids.every((id) => chosen.has(id))
			? [`${head}*`] : ids.filter((id) => chosen.has(id))));
}

/* What the order says; nothing means the default profile. */
export function typesOf(d: Draft, all: readonly DataType[]): string[] {
	if (d.preset === 'own')
		return inFewWords(d.types, all.filter((t) => t.current));
	return PROFILES[d.preset].map((p) => `profile:${p}`);
}

const POWERS: Record<string, number> = { k: 1, m: 2, g: 3, t: 4 };

/* "64 GiB", "120", "1.5g" as a number of the limit's unit; NaN when it is none. */
export function limitOf(text: string, unit: Limit['unit']): number {
	const m = /^([0-9]+(?:\.[0-9]+)?)\s*(?:([kmgt])i?b?|b)?$/i
		.exec(text.trim().replaceAll(',', ''));
	if (!m || (unit !== 'bytes' && /[^0-9.,\s]/.test(text))) return NaN;
	const v = Number(m[1]) * 1024 ** (POWERS[(m[2] ?? '').toLowerCase()] ?? 0);
	return Number.isSafeInteger(v) ? v : NaN;
}

const limitText = (v: number, unit: Limit['unit']): string =>
	(unit === 'bytes' ? bytes(v)
		: `${count(v)} ${w.newScan.limitUnits[unit]}`.trim());

export function rangeOf(l: Limit): string {
	const [low, normal] = [limitText(l.low, l.unit), limitText(l.default, l.unit)];
	return l.high === null ? w.newScan.limitFrom(low, normal)
		: w.newScan.limitRange(low, limitText(l.high, l.unit), normal);
}

const titleOf = (l: Limit): string =>
	l.text.charAt(0).toUpperCase() + l.text.slice(1);

const limitBad = (d: Draft, l: Limit): boolean => {
	const text = d.limits[l.name]?.trim() ?? '';
	const v = limitOf(text, l.unit);
	return text !== '' && !(v >= l.low && v <= (l.high ?? Number.MAX_SAFE_INTEGER));
};

/* What of the table the order changes. */
export function limitsOf(
	d: Draft, table: readonly Limit[],
): Record<string, number> {
	return Object.fromEntries(table
		.filter((l) => (d.limits[l.name]?.trim() ?? '') !== '')
		.map((l) => [l.name, limitOf(d.limits[l.name] ?? '', l.unit)]));
}

/* What keeps it from starting, or nothing. */
export function problemOf(
	d: Draft, types: readonly DataType[], limits: readonly Limit[] = [],
): string {
	if (d.agents.size + d.targets.size === 0) return w.newScan.needHost;
	const paths = d.agents.size > 0 ? pathsOf(d.paths) : ['/'];
	if (paths.length === 0) return w.newScan.needPath;
	const bad = paths.find((p) => !p.startsWith('/'));
	if (bad) return w.newScan.badPath(bad);
	const over = limits.find((l) => limitBad(d, l));
	if (over) return w.newScan.badLimit(titleOf(over), rangeOf(over));
	const unread = picturesProblem(d.pictures);
	if (unread) return unread;
	if (d.preset !== 'own') return '';
	const asked = typesOf(d, types).length;
	if (asked === 0) return w.newScan.needType;
	return asked > MOST_TYPES ? w.newScan.manyTypes : '';
}

/* One order names so many agents at most; beyond that it means all of them. */
const MOST = 200;

export function whoOf(
	d: Draft, all: readonly Agent[],
): Pick<ScanRequest, 'agents' | 'all' | 'paths' | 'targets'> {
	const hosts = d.agents.size === 0 ? {} : {
		paths: pathsOf(d.paths),
		...(d.agents.size > MOST && d.agents.size === all.length
			? { all: true } : { agents: [...d.agents] }),
	};
	return d.targets.size === 0 ? hosts : { ...hosts, targets: [...d.targets] };
}

const PAGES = 20;

async function verifiedAgents(signal: AbortSignal): Promise<Agent[]> {
	const out: Agent[] = [];
	let cursor: string | null = null;
	for (let n = 0; n < PAGES; n++) {
		const page: AgentPage = await api.agents(cursor, signal);
		out.push(...page.items.filter((a) =>
			a.state === 'verified' && a.program !== 'trawl-proxy-agent'));
		cursor = page.next;
		if (!cursor) break;
	}
	return out;
}

function hostWords(
	d: Draft, agents: readonly Agent[], remotes: readonly RemoteTarget[],
): string {
	const names = [...agents.filter((a) => d.agents.has(a.id)),
		...remotes.filter((t) => d.targets.has(t.id))].map((a) => a.name);
	const first = names[0] ?? '';
	return names.length > 1 ? w.newScan.moreHosts(first, names.length - 1) : first;
}

interface CardProps {
	no: number;
	title: string;
	text: string;
	children: preact.ComponentChildren;
}

const Card = ({ no, title, text, children }: CardProps) => (
	<section class="card">
		<div class="card-no">
			<span class="no" aria-hidden="true">{no}</span>
			<div>
				<h2>{title}</h2>
				<p class="dim">{text}</p>
			</div>
		</div>
		{children}
	</section>
);

type Set_ = (change: Partial<Draft>) => void;

const flipped = (all: ReadonlySet<string>, id: string): Set<string> => {
	const next = new Set(all);
	if (!next.delete(id)) next.add(id);
	return next;
};

/* Targets that proxies read: each has its own address, so no folders. */
function Remotes(
	{ d, set, remotes }: { d: Draft; set: Set_; remotes: readonly RemoteTarget[] },
) {
	return (
		<fieldset class="bare">
			<legend>{w.newScan.remotes}</legend>
			<div class="hosts" tabIndex={remotes.length > 5 ? 0 : undefined}>
				{remotes.map((t) => (
					<div
						key={t.id}
						class={`host-pick${d.targets.has(t.id) ? ' on' : ''}`}
					>
						<label>
							<input
								type="checkbox" checked={d.targets.has(t.id)}
								onChange={() => set({ targets: flipped(d.targets, t.id) })}
							/>
							<Icon name="drive" />
							<b class="cut">{t.name}</b>
							<span class="dim cut grow">{t.url}</span>
						</label>
					</div>
				))}
			</div>
		</fieldset>
	);
}

interface WhereProps {
	d: Draft;
	set: Set_;
	agents: readonly Agent[];
	remotes: readonly RemoteTarget[];
}

function Where({ d, set, agents, remotes }: WhereProps) {
	return (
		<Card no={1} title={w.newScan.where} text={w.newScan.whereText}>
			{agents.length > 0 && <Hosts d={d} set={set} agents={agents} />}
			{remotes.length > 0 && <Remotes d={d} set={set} remotes={remotes} />}
			{d.agents.size > 0 && (
				<Field label={w.newScan.paths} hint={w.newScan.pathsHint}>
					{(f) => (
						<textarea
							{...f} class="input mono" rows={4} spellcheck={false}
							value={d.paths}
							onInput={(e) => set({ paths: e.currentTarget.value })}
						/>
					)}
				</Field>
			)}
		</Card>
	);
}

function Hosts(
	{ d, set, agents }: { d: Draft; set: Set_; agents: readonly Agent[] },
) {
	const flip = (id: string) => set({ agents: flipped(d.agents, id) });
	return (
			<fieldset class="bare">
				<legend class="hidden-label">{w.newScan.hosts}</legend>
				<div class="hosts" tabIndex={agents.length > 5 ? 0 : undefined}>
					{agents.map((a) => (
					<div
						key={a.id}
						class={`host-pick${d.agents.has(a.id) ? ' on' : ''}`}
					>
						<label>
							<input
								type="checkbox" checked={d.agents.has(a.id)}
								onChange={() => flip(a.id)}
							/>
							<Icon name="server" />
							<b class="cut">{a.name}</b>
							<span class="dim cut grow">{a.os}</span>
							{!a.online && (
								<span class="dim small">{w.newScan.offline}</span>
							)}
						</label>
					</div>
					))}
				</div>
				{agents.length > 1 && (
					<button
						type="button" class="link-btn"
						onClick={() => set({ agents: new Set(
							d.agents.size === agents.length ? []
								: agents.map((a) => a.id)) })}
					>
						{d.agents.size === agents.length
							? w.newScan.noHosts : w.newScan.allHosts}
					</button>
				)}
			</fieldset>
	);
}

interface GroupProps {
	name: string;
	types: readonly DataType[];
	chosen: ReadonlySet<string>;
	open: boolean;
	put: (ids: readonly string[], on: boolean) => void;
}

/* A class of types: all of it with one tick, or opened and one by one. */
function TypeGroup({ name, types, chosen, open, put }: GroupProps) {
	const [shown, setShown] = useState(false);
	const list = useId();
	const on = types.filter((t) => chosen.has(t.id)).length;
	const whole = on === types.length;
	return (
		<div class="type-group">
			<div class="type-head">
				<label class="grow">
					<input
						type="checkbox" checked={whole} indeterminate={on > 0 && !whole}
						onChange={() => put(types.map((t) => t.id), !whole)}
					/>
					<b class="cut">{name}</b>
				</label>
				<button
					type="button" class="link-btn small num" disabled={open}
					aria-expanded={open || shown} aria-controls={list}
					onClick={() => setShown(!shown)}
				>
					{w.newScan.typesSome(on, types.length)}
					<span class="hidden-label">{w.newScan.typesOf(name)}</span>
					<Icon name={open || shown ? 'chevronDown' : 'chevronRight'} size={13} />
				</button>
			</div>
			<div id={list} hidden={!open && !shown}>
				{(open || shown) && types.map((t) => (
					<label key={t.id}>
						<input
							type="checkbox" checked={chosen.has(t.id)}
							onChange={() => put([t.id], !chosen.has(t.id))}
						/>
						<span class="cut grow">{t.name}</span>
						<RiskMark risk={t.risk} />
					</label>
				))}
			</div>
		</div>
	);
}

function TypeList(
	{ d, set, types }: { d: Draft; set: Set_; types: readonly DataType[] },
) {
	const [q, setQ] = useState('');
	const low = q.trim().toLowerCase();
	const fits = types.filter((t) => t.current
		&& `${t.name} ${t.id}`.toLowerCase().includes(low));
	const groups = [...new Set(fits.map((t) => t.category_name))];
	const put = (ids: readonly string[], on: boolean) => {
		const next = new Set(d.types);
		for (const id of ids)
			if (on) next.add(id);
			else next.delete(id);
		set({ types: next });
	};
	return (
		<div class="type-pick">
			<div class="row">
				<div class="search-box">
					<Icon name="search" />
					<input
						class="input" type="search" value={q}
						aria-label={w.newScan.typesSearch}
						placeholder={w.newScan.typesSearch}
						onInput={(e) => setQ(e.currentTarget.value)}
					/>
				</div>
				<span class="dim" role="status">
					{w.newScan.typesChosen(d.types.size)}
				</span>
			</div>
			<div
				class="type-list" role="group" aria-label={w.newScan.typesLabel}
				tabIndex={0}
			>
				{groups.map((g) => (
					<TypeGroup
						key={g} name={g} chosen={d.types} open={low !== ''} put={put}
						types={fits.filter((t) => t.category_name === g)}
					/>
				))}
				{groups.length === 0 && <p class="dim none">{w.newScan.typesNone}</p>}
			</div>
		</div>
	);
}

function What(
	{ d, set, types }: { d: Draft; set: Set_; types: readonly DataType[] },
) {
	return (
		<Card no={2} title={w.newScan.what} text={w.newScan.whatText}>
			<div class="presets" role="radiogroup" aria-label={w.newScan.what}>
				{PRESETS.map((p) => (
					<label key={p} class="preset">
						<input
							type="radio" name="preset" value={p}
							checked={d.preset === p}
							onChange={() => set({ preset: p })}
						/>
						<b>{w.newScan.presets[p].name}</b>
						<span class="dim">{w.newScan.presets[p].text}</span>
					</label>
				))}
			</div>
			{d.preset === 'own' && <TypeList d={d} set={set} types={types} />}
			<PicturesChoice p={d.pictures} set={(pictures) => set({ pictures })} />
			<div class="pictures">
				<label class="preset">
					<input
						type="checkbox" checked={d.skip}
						onChange={(e) => set({ skip: e.currentTarget.checked })}
					/>
					<b>{w.unchanged.skip}</b>
					<span class="dim">{w.unchanged.skipText}</span>
				</label>
			</div>
		</Card>
	);
}

function When({ d, set, hint }: { d: Draft; set: Set_; hint: string }) {
	return (
		<Card no={3} title={w.newScan.when} text={w.newScan.nowText}>
			<div class="stack">
				<label class="preset">
					<input type="radio" name="when" checked />
					<b>{w.newScan.now}</b>
				</label>
				<Field label={w.newScan.nameLabel} hint={w.newScan.nameHint}>
					{(f) => (
						<input
							{...f} class="input" maxLength={128} value={d.name}
							placeholder={hint}
							onInput={(e) => set({ name: e.currentTarget.value })}
						/>
					)}
				</Field>
			</div>
		</Card>
	);
}

/* Made of the table that the server has: a new limit is there by itself. */
function Limits(
	{ d, set, limits }: { d: Draft; set: Set_; limits: readonly Limit[] },
) {
	const set_ = Object.keys(limitsOf(d, limits)).length;
	return (
		<details class="card limits">
			<summary>
				<h2>{w.newScan.limits}</h2>
				{set_ > 0 && <span class="pill">{w.newScan.limitsSet(set_)}</span>}
			</summary>
			<p class="dim">{w.newScan.limitsText}</p>
			<div class="limit-fields">
				{limits.map((l) => (
					<Field
						key={l.name} label={titleOf(l)} hint={rangeOf(l)}
						wrong={limitBad(d, l) ? rangeOf(l) : undefined}
					>
						{(f) => (
							<input
								{...f} class="input num" inputMode="numeric"
								value={d.limits[l.name] ?? ''}
								placeholder={limitText(l.default, l.unit)}
								onInput={(e) => set({ limits: {
									...d.limits, [l.name]: e.currentTarget.value,
								} })}
							/>
						)}
					</Field>
				))}
			</div>
		</details>
	);
}

interface SummaryProps {
	d: Draft;
	agents: readonly Agent[];
	remotes: readonly RemoteTarget[];
	types: readonly DataType[];
	limits: readonly Limit[];
	hint: string;
}

function Summary({ d, agents, remotes, types, limits, hint }: SummaryProps) {
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
				<dt>{w.newScan.summaryWhen}</dt>
				<dd>{w.newScan.now}</dd>
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

interface FormProps {
	agents: readonly Agent[];
	remotes: readonly RemoteTarget[];
	types: readonly DataType[];
	limits: readonly Limit[];
}

function Form({ agents, remotes, types, limits }: FormProps) {
	const asked = params.value.get('agent');
	const target = params.value.get('target');
	const [d, setDraft] = useState<Draft>(() => ({
		name: '', paths: w.newScan.defaultPaths, preset: 'all', types: new Set(),
		agents: new Set(), limits: {}, pictures: NO_PICTURES, skip: false,
		targets: new Set(remotes.filter((t) => t.id === target).map((t) => t.id)),
	}));
	const set: Set_ = (change) => setDraft((now) => ({ ...now, ...change }));
	/* whoever presses only the highlighted button gets a scan */
	useEffect(() => {
		const first = agents.find((a) => a.id === asked) ?? agents.find((a) => a.online)
			?? agents[0];
		if (first && d.agents.size + d.targets.size === 0)
			set({ agents: new Set([first.id]) });
	}, [agents, asked]);
	const hint = w.newScan.defaultName(
		d.preset === 'own' ? w.newScan.typesOwn(d.types.size)
			: w.newScan.presets[d.preset].name,
		hostWords(d, agents, remotes));
	return (
		<div class="scan-form">
			<div class="cards">
				<Where d={d} set={set} agents={agents} remotes={remotes} />
				<What d={d} set={set} types={types} />
				<When d={d} set={set} hint={hint} />
				<Limits d={d} set={set} limits={limits} />
			</div>
			<Summary
				d={d} agents={agents} remotes={remotes} types={types}
				limits={limits} hint={hint}
			/>
		</div>
	);
}

const NoAgents = () => (
	<div class="card">
		<Blank
			icon="bot" title={w.newScan.noAgents}
			action={may('manage') ? (
				<button
					type="button" class="btn main"
					onClick={() => (dialog.value = 'add')}
				>
					<Icon name="plus" />
					{w.top.addAgent}
				</button>
			) : null}
		>
			{w.newScan.noAgentsText}
		</Blank>
	</div>
);

export function NewScan() {
	const load = useLoad(async (s) => {
		const [agents, remotes, types, limits] = await Promise.all([
			verifiedAgents(s), remote.all(s), api.types(s), api.limits(s),
		]);
		return { agents, remotes, types: types.items, limits: limits.items };
	}, []);
	return (
		<Loaded load={load}>
			{(v) => (v.agents.length + v.remotes.length === 0 ? <NoAgents />
				: <Form {...v} />)}
		</Loaded>
	);
}
