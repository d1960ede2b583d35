/* How a target on another host is read, and what became of it last. */
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../api';
import { ago, bytes, moment } from '../format';
import { useLive, useLoad, useThrottled } from '../hooks';
import { Loaded } from '../parts/bits';
import { Ask } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { isLive } from '../eta';
import { newHostKey, remote } from '../remote';
import { complain, may, sentence, toast, wordsOf } from '../state';
import type { RemoteTarget, Try } from '../types';
import { setParam } from '../url';
import { w } from '../words';
import { p } from '../words/proxies';

const REFRESH_MS = 800;

/* A key that was met for the first time is approved by a person, here. */
interface KeyProps {
	t: RemoteTarget;
	keyIs: string;
	again: () => void;
}

/* The key that waits for a yes, by what was said when it was read; or none. */
function keyOf(t: RemoteTarget, said: string | null | undefined): string {
	const key = newHostKey(said);
	return key && !(t.options.host_key ?? '').includes(key) && may('manage')
		? key : '';
}

function HostKey({ t, keyIs: key, again }: KeyProps) {
	const pins = t.options.host_key ?? '';
	const accept = async () => {
		try {
			await remote.change(t.id, { options: {
				...t.options, host_key: pins ? `${pins},${key}` : key,
			} });
			toast(p.accepted);
			again();
		} catch (e) {
			complain(e);
		}
	};
	return (
		<div class="note warn stack">
			<span>{p.hostKey}</span>
			<code class="print">{key}</code>
			<button type="button" class="btn" onClick={() => void accept()}>
				<Icon name="shield" />
				{p.accept}
			</button>
		</div>
	);
}

function Last({ t }: { t: RemoteTarget }) {
	const last = t.last;
	return (
		<>
			<dt>{p.last}</dt>
			<dd title={moment(last?.ended ?? null)}>
				{last ? (
					<a href={`/scans/${last.scan}`}>{w.scanState[last.state]}</a>
				) : w.time.never}
				{last?.ended && ` ${ago(last.ended)}`}
				{last?.proxy && `, ${w.scan.readBy(last.proxy)}`}
			</dd>
		</>
	);
}

/* Why its last scan failed, or why it waits. */
function Why({ t }: { t: RemoteTarget }) {
	if (!t.last?.message || keyOf(t, t.last.message)) return null;
	const live = isLive(t.last.state);
	return (
		<p class={`note ${live ? 'warn' : 'bad'}`}>
			<Icon name={live ? 'warning' : 'octagonAlert'} />
			{live ? `${p.waits}: ${t.last.message}` : sentence(t.last.message)}
		</p>
	);
}

function Remove({ t, onClose }: { t: RemoteTarget; onClose: () => void }) {
	const go = async () => {
		try {
			await remote.remove(t.id);
			toast(p.removed(t.name));
			setParam('node', '', true);
		} catch (e) {
			complain(e);
		}
		onClose();
	};
	return (
		<Ask
			title={p.removeTitle(t.name)} text={p.removeText} go={p.removeGo}
			danger onGo={() => void go()} onClose={onClose}
		/>
	);
}

const ASK_MS = 400;

/* What a proxy is asked while somebody waits; the answer is asked for until it
 * is there, which takes the master a minute at most. */
function useTry() {
	const [now, setNow] = useState<Try | null>(null);
	const [error, setError] = useState('');
	useEffect(() => {
		if (now?.state !== 'waiting') return undefined;
		const stop = new AbortController();
		const timer = setTimeout(() => void remote.tried(now.id, stop.signal).then(
			setNow, (e: unknown) => !stop.signal.aborted && setError(wordsOf(e)),
		), ASK_MS);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [now]);
	const start = (asked: Promise<Try>) => {
		setError('');
		asked.then(setNow, (e: unknown) => {
			setNow(null);
			setError(wordsOf(e));
		});
	};
	return { now, error, start, waits: now?.state === 'waiting' && !error };
}

const nameOf = (path: string): string =>
	path.replace(/\/+$/, '').split('/').pop() || path;

interface ListProps {
	found: Try;
	path: string;
	root: string;
	go: (path: string) => void;
}

/* One level of it; what is above the target is never shown. */
function Contents({ found, path, root, go }: ListProps) {
	const parent = path.replace(/\/+$/, '').split('/').slice(0, -1).join('/');
	const inside = path !== '' && path.length > root.replace(/\/+$/, '').length;
	return (
		<section class="contents" aria-label={p.contents}>
			{inside && (
				<button
					type="button" class="link-btn"
					onClick={() => go(parent.length > root.length ? parent : '')}
				>
					{p.up}
				</button>
			)}
			<ul tabIndex={0} aria-label={p.contents}>
				{found.entries.map((e) => (
					<li key={e.path} class="row" title={e.path}>
						<Icon name={e.folder ? 'folder' : 'file'} />
						{e.folder ? (
							<button
								type="button" class="link-btn cut grow"
								aria-label={p.open(nameOf(e.path))}
								onClick={() => go(e.path)}
							>
								{nameOf(e.path)}
							</button>
						) : <span class="cut grow">{nameOf(e.path)}</span>}
						<span class="dim small num">
							{e.reason ?? (e.folder ? '' : bytes(e.size))}
						</span>
					</li>
				))}
			</ul>
			{found.entries.length === 0 && <p class="dim">{p.nothing}</p>}
			{found.more && <p class="dim">{p.cut}</p>}
		</section>
	);
}

/* Connect to it, or look into it, before it is scanned. */
function Attempt({ t, again }: { t: RemoteTarget; again: () => void }) {
	const tried = useTry();
	const [path, setPath] = useState<string | null>(null); /* null: a test */
	if (!may('manage')) return null;
	const look = (at: string) => {
		setPath(at);
		tried.start(remote.probe(t.id, at || undefined));
	};
	const done = tried.now?.state === 'done' ? tried.now : null;
	const bad = tried.error || (done && done.status !== 'good'
		? done.why || done.status : '');
	const key = keyOf(t, done?.why ?? t.last?.message);
	return (
		<>
			<div class="row">
				<button
					type="button" class="btn" disabled={tried.waits}
					onClick={() => {
						setPath(null);
						tried.start(remote.test(t.id));
					}}
				>
					<Icon name="activity" />
					{p.test}
				</button>
				<button
					type="button" class="btn" disabled={tried.waits}
					onClick={() => look('')}
				>
					<Icon name="folderTree" />
					{p.browse}
				</button>
			</div>
			{tried.waits && tried.now && (
				<p class="waiting" role="status">
					<span class="spinner" aria-hidden="true" />
					{p.trying(tried.now.proxy)}
				</p>
			)}
			{bad && !key && (
				<p class="note bad" role="alert">
					<Icon name="octagonAlert" />
					{sentence(bad)}
				</p>
			)}
			{key && <HostKey t={t} keyIs={key} again={again} />}
			{done?.status === 'good' && path === null && (
				<p class="note" role="status">{p.good(done.proxy)}</p>
			)}
			{done?.status === 'good' && path !== null && (
				<Contents found={done} path={path} root={t.url} go={look} />
			)}
		</>
	);
}

function Buttons({ t }: { t: RemoteTarget }) {
	const [asks, setAsks] = useState(false);
	return (
		<div class="row">
			{may('scan') && (
				<a class="btn main" href={`/scans/new?target=${t.id}`}>
					<Icon name="play" />
					{p.scan}
				</a>
			)}
			{may('manage') && (
				<>
					<a class="btn" href={`/targets/${t.id}`}>{p.change}</a>
					<button type="button" class="btn" onClick={() => setAsks(true)}>
						{p.remove}
					</button>
				</>
			)}
			{asks && <Remove t={t} onClose={() => setAsks(false)} />}
		</div>
	);
}

export function Remote({ id }: { id: string }) {
	const load = useLoad(async (s) => {
		try {
			return await remote.get(id, s);
		} catch (e) {
			if (e instanceof Failure && e.status === 404) return null;
			throw e;
		}
	}, [id]);
	const refresh = useThrottled(load.again, REFRESH_MS);
	useLive('scan', refresh);
	useLive('reset', refresh);
	return (
		<Loaded load={load} rows={3}>
			{(t) => (t === null ? <p class="dim">{p.gone}</p> : (
				<>
					<dl class="facts">
						<dt>{p.url}</dt>
						<dd class="mono">{t.url}</dd>
						<dt>{p.who}</dt>
						<dd>{t.reader_name ?? p.any}</dd>
						<dt>{p.credential}</dt>
						<dd>{t.credential || p.fits}</dd>
						<Last t={t} />
					</dl>
					<Why t={t} />
					<Buttons t={t} />
					<Attempt t={t} again={load.again} />
				</>
			))}
		</Loaded>
	);
}
