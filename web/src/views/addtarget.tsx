/* A target on another host: what it is, where, and who may read it. */
import { useState } from 'preact/hooks';
import { api, Failure } from '../api';
import { useLoad } from '../hooks';
import { CopyButton, Loaded } from '../parts/bits';
import { Field } from '../parts/form';
import { Icon } from '../parts/icons';
import { remote } from '../remote';
import { toast, wordsOf } from '../state';
import type {
	Agent, Kind, ProxyGroup, RemoteRequest, RemoteTarget,
} from '../types';
import { go } from '../url';
import { w } from '../words';
import { p } from '../words/proxies';

export interface Draft {
	kind: string;
	url: string;
	name: string;
	group: string;
	reader: string; /* any, proxy:ID, group:ID */
	credential: string;
	options: Readonly<Record<string, string>>;
}

export interface World {
	kinds: readonly Kind[];
	proxies: readonly Agent[];
	groups: readonly ProxyGroup[];
}

/* The proxies that a choice of reader means. */
export function readersOf(reader: string, world: World): readonly Agent[] {
	const [what, id] = reader.split(':');
	if (what === 'proxy') return world.proxies.filter((a) => a.id === id);
	if (what !== 'group') return world.proxies;
	const members = world.groups.find((g) => g.id === id)?.members ?? [];
	return world.proxies.filter((a) => members.some((m) => m.id === a.id));
}

/* What keeps it from being saved, or nothing. */
export function problemOf(d: Draft, world: World): string {
	const url = d.url.trim();
	const kind = world.kinds.find((k) => k.scheme === d.kind);
	if (!url) return p.needUrl;
	return kind && !url.startsWith(`${kind.scheme}://`)
		? p.badScheme(kind.form) : '';
}

export function requestOf(d: Draft): RemoteRequest {
	return {
		url: d.url.trim(), name: d.name.trim(), group: d.group.trim(),
		reader: d.reader, credential: d.credential,
		options: Object.fromEntries(Object.entries(d.options)
			.map(([k, v]) => [k, v.trim()]).filter(([, v]) => v !== '')),
	};
}

type Set_ = (change: Partial<Draft>) => void;
interface PartProps {
	d: Draft;
	set: Set_;
	world: World;
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
		<div class="stack">{children}</div>
	</section>
);

function What({ d, set, world, fixed }: PartProps & { fixed: boolean }) {
	const kind = world.kinds.find((k) => k.scheme === d.kind);
	const change = (scheme: string) => {
		/* what was typed behind the scheme is kept */
		const rest = d.url.includes('://') ? d.url.split('://').slice(1).join('://') : d.url;
		set({ kind: scheme, url: `${scheme}://${rest}`, options: {} });
	};
	return (
		<Card no={1} title={p.kind} text={p.kindText}>
			<Field label={p.kindLabel}>
				{(f) => (
					<select
						{...f} class="input" value={d.kind} disabled={fixed}
						onChange={(e) => change(e.currentTarget.value)}
					>
						{world.kinds.map((k) => (
							<option key={k.scheme} value={k.scheme}>
								{p.kindIs(k.title, k.scheme)}
							</option>
						))}
					</select>
				)}
			</Field>
			{kind && (
				<p class="row">
					<span class={`pill ${kind.honesty}`}>{kind.honesty_text}</span>
					<span class="dim small">
						{[kind.tested, p.ports(kind.ports)].filter(Boolean).join(' · ')}
					</span>
				</p>
			)}
		</Card>
	);
}

interface TextProps {
	label: string;
	hint?: string | undefined;
	value: string;
	max: number;
	mono?: boolean;
	fixed?: boolean;
	put: (v: string) => void;
}

const Text = ({ label, hint, value, max, mono, fixed, put }: TextProps) => (
	<Field label={label} hint={hint}>
		{(f) => (
			<input
				{...f} class={`input${mono ? ' mono' : ''}`} maxLength={max}
				spellcheck={false} autocomplete="off" value={value}
				readOnly={fixed ?? false}
				onInput={(e) => put(e.currentTarget.value)}
			/>
		)}
	</Field>
);

function Where({ d, set, world, fixed }: PartProps & { fixed: boolean }) {
	const kind = world.kinds.find((k) => k.scheme === d.kind);
	return (
		<Card no={2} title={p.address} text={p.addressText}>
			<Text
				label={p.url} mono max={2048} value={d.url} fixed={fixed}
				hint={fixed ? p.urlFixed : p.urlHint(kind?.form ?? '')}
				put={(url) => set({ url })}
			/>
			<Text
				label={p.name} hint={p.nameHint} max={128} value={d.name}
				put={(name) => set({ name })}
			/>
			<Text
				label={p.group} hint={p.groupHint} max={128} value={d.group}
				put={(group) => set({ group })}
			/>
		</Card>
	);
}

function Reader({ d, set, world }: PartProps) {
	const name = (a: Agent) => (a.online ? a.name : `${a.name} (${p.away})`);
	return (
		<Field label={p.reader}>
			{(f) => (
				<select
					{...f} class="input" value={d.reader}
					onChange={(e) => set({ reader: e.currentTarget.value })}
				>
					<option value="any">{p.any}</option>
					{world.groups.length > 0 && (
						<optgroup label={p.groups}>
							{world.groups.map((g) => (
								<option key={g.id} value={`group:${g.id}`}>{g.name}</option>
							))}
						</optgroup>
					)}
					{world.proxies.length > 0 && (
						<optgroup label={p.proxies}>
							{world.proxies.map((a) => (
								<option key={a.id} value={`proxy:${a.id}`}>{name(a)}</option>
							))}
						</optgroup>
					)}
				</select>
			)}
		</Field>
	);
}

function Credential({ d, set, world }: PartProps) {
	const readers = readersOf(d.reader, world);
	const names = [...new Set(readers.flatMap((a) => a.credentials))].sort();
	const kind = world.kinds.find((k) => k.scheme === d.kind);
	const command = p.commandIs(d.credential || 'NAME');
	return (
		<>
			<Field label={p.credential} hint={p.credentialHint}>
				{(f) => (
					<select
						{...f} class="input" value={d.credential}
						onChange={(e) => set({ credential: e.currentTarget.value })}
					>
						<option value="">{p.fits}</option>
						{names.map((n) => <option key={n} value={n}>{n}</option>)}
						{d.credential && !names.includes(d.credential) && (
							<option value={d.credential}>{p.lacks(d.credential)}</option>
						)}
					</select>
				)}
			</Field>
			{readers.length > 0 && (
				<details open={names.length === 0}>
					<summary>{names.length === 0 ? p.noneHave : p.command}</summary>
					{names.length === 0 && <p class="dim">{p.command}</p>}
					<div class="command">
						<code tabIndex={0}>{command}</code>
						<CopyButton text={command} />
					</div>
					{kind && kind.access.length > 0 && (
						<p class="dim small">{p.access(kind.access.join(', '))}</p>
					)}
				</details>
			)}
		</>
	);
}

function Who(props: PartProps) {
	const { d, world } = props;
	const readers = readersOf(d.reader, world);
	const note = world.proxies.length === 0 ? p.noProxy
		: readers.some((a) => a.kinds.includes(d.kind)) ? '' : p.unable(d.kind);
	return (
		<Card no={3} title={p.who} text={p.whoText}>
			<Reader {...props} />
			{note && (
				<p class="note warn" role="status">
					<Icon name="warning" />
					{note}
				</p>
			)}
			<Credential {...props} />
		</Card>
	);
}

function Options({ d, set, world }: PartProps) {
	const kind = world.kinds.find((k) => k.scheme === d.kind);
	const n = Object.values(d.options).filter((v) => v.trim()).length;
	if (!kind || kind.options.length === 0) return null;
	return (
		<details class="card limits" open={n > 0}>
			<summary>
				<h2>{p.options}</h2>
				{n > 0 && <span class="pill">{p.optionsSet(n)}</span>}
			</summary>
			<p class="dim">{p.optionsText}</p>
			<div class="limit-fields">
				{kind.options.filter((o) => !NOT_HERE.has(o)).map((name) => (
					<Text
						key={name} label={name} max={4096} mono
						hint={p.optionHints[name]}
						value={d.options[name] ?? ''}
						put={(v) => set({ options: { ...d.options, [name]: v } })}
					/>
				))}
			</div>
		</details>
	);
}

/* Taking any key is for who sits at a terminal: a proxy refuses it. */
const NOT_HERE = new Set(['accept_host_key']);

const draftOf = (t: RemoteTarget | null, kinds: readonly Kind[]): Draft => {
	const first = kinds[0]?.scheme ?? '';
	return t ? { ...t } : {
		kind: first, url: `${first}://`, name: '', group: '', reader: 'any',
		credential: '', options: {},
	};
};

function Form({ was, world }: { was: RemoteTarget | null; world: World }) {
	const [d, setDraft] = useState(() => draftOf(was, world.kinds));
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState('');
	const set: Set_ = (change) => setDraft((now) => ({ ...now, ...change }));
	const parts = { d, set, world };
	const problem = problemOf(d, world);
	const save = async () => {
		const { url, ...rest } = requestOf(d);
		setBusy(true);
		setError('');
		try {
			const t = await (was ? remote.change(was.id, rest)
				: remote.add({ url: url ?? '', ...rest }));
			toast(was ? p.saved : p.added);
			go(`/targets?node=t:${t.id}`);
		} catch (e) {
			setError(e instanceof Failure
				? [wordsOf(e), ...Object.values(e.fields)].join('. ') : wordsOf(e));
			setBusy(false);
		}
	};
	return (
		<form
			class="scan-form"
			onSubmit={(e) => {
				e.preventDefault();
				if (!problem && !busy) void save();
			}}
		>
			<div class="cards">
				<What {...parts} fixed={was !== null} />
				<Where {...parts} fixed={was !== null} />
				<Who {...parts} />
				<Options {...parts} />
			</div>
			<section class="card summary" aria-label={p.title}>
				<h2>{was ? p.editTitle(was.name) : p.title}</h2>
				<p class="dim">{p.lead}</p>
				{(error || problem) && (
					<p
						class={`note${error ? ' bad' : ''}`}
						role={error ? 'alert' : 'status'}
					>
						{error || problem}
					</p>
				)}
				<button
					type="submit" class="btn main wide-btn"
					disabled={busy || problem !== ''}
				>
					{was ? p.save : p.add}
				</button>
				<a class="btn wide-btn" href="/targets">{w.common.cancel}</a>
			</section>
		</form>
	);
}

export function AddTarget({ id }: { id: string }) {
	const load = useLoad(async (s) => {
		const [was, kinds, agents, groups] = await Promise.all([
			id === 'new' ? null : remote.get(id, s), remote.kinds(s),
			api.agents(null, s), remote.groups(s),
		]);
		const proxies = agents.items.filter((a) =>
			a.state === 'verified' && a.program === 'trawl-proxy-agent');
		return {
			was, world: { kinds: kinds.items, proxies, groups: groups.items },
		};
	}, [id]);
	return <Loaded load={load}>{(v) => <Form {...v} />}</Loaded>;
}
