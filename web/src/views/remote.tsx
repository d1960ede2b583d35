/* How a target on another host is read, and what became of it last. */
import { useState } from 'preact/hooks';
import { Failure } from '../api';
import { ago, moment } from '../format';
import { useLive, useLoad, useThrottled } from '../hooks';
import { Loaded } from '../parts/bits';
import { Ask } from '../parts/dialog';
import { Icon } from '../parts/icons';
import { isLive } from '../eta';
import { newHostKey, remote } from '../remote';
import { complain, may, toast } from '../state';
import type { RemoteTarget } from '../types';
import { setParam } from '../url';
import { w } from '../words';
import { p } from '../words-proxies';

const REFRESH_MS = 800;

/* A key that was met for the first time is approved by a person, here. */
function HostKey({ t, again }: { t: RemoteTarget; again: () => void }) {
	const key = newHostKey(t.last?.message);
	const pins = t.options.host_key ?? '';
	if (!key || pins.includes(key) || !may('manage')) return null;
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
	if (!t.last?.message) return null;
	const live = isLive(t.last.state);
	return (
		<p class={`note ${live ? 'warn' : 'bad'}`}>
			<Icon name={live ? 'warning' : 'octagonAlert'} />
			{live ? `${p.waits}: ${t.last.message}` : t.last.message}
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
					<HostKey t={t} again={load.again} />
					<Buttons t={t} />
				</>
			))}
		</Loaded>
	);
}
