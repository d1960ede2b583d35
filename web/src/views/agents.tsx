/* Are agents alive, current, trusted? */
import { useState } from 'preact/hooks';
import { api } from '../api';
import { ago, moment } from '../format';
import { useLive, useLoad, useThrottled, useTick } from '../hooks';
import { Blank, CopyButton, Loaded } from '../parts/bits';
import { Ask } from '../parts/dialog';
import { Field } from '../parts/form';
import { Icon } from '../parts/icons';
import { lazy } from '../parts/lazy';
import { Menu } from '../parts/menu';
import { complain, dialog, may, toast, version } from '../state';
import type { Agent, AgentPage } from '../types';
import { w } from '../words';

const ProxyGroups = lazy(() => import('./proxies').then((m) => m.ProxyGroups));

export const isProxy = (a: Agent): boolean => a.program === 'trawl-proxy-agent';

const REFRESH_MS = 800;
const TICK_MS = 20_000;

/* Two fingerprints as a person compares them: case and dashes do not count. */
export function sameFingerprint(a: string, b: string): boolean {
	const bare = (s: string) => s.toLowerCase().replace(/[^0-9a-z]/g, '');
	return bare(a) !== '' && bare(a) === bare(b);
}

interface AskProps {
	agent: Agent;
	onClose: () => void;
	done: () => void;
}

function Verify({ agent, onClose, done }: AskProps) {
	const [typed, setTyped] = useState('');
	const same = sameFingerprint(typed, agent.fingerprint);
	const wrong = typed.trim().length >= agent.fingerprint.length && !same;
	const go = async () => {
		try {
			await api.verify(agent.id, agent.fingerprint);
			toast(w.agents.verified(agent.name));
			done();
		} catch (e) {
			complain(e);
		}
		onClose();
	};
	return (
		<Ask
			title={w.agents.verifyTitle(agent.name)} text={w.agents.verifyText}
			go={w.agents.verifyGo} blocked={!same} onGo={() => void go()}
			onClose={onClose}
		>
			<div class="command">
				<code>{w.agents.verifyCommand}</code>
				<CopyButton text={w.agents.verifyCommand} />
			</div>
			<div class="field">
				<span class="label">{w.agents.verifyHere}</span>
				<code class="print">{agent.fingerprint}</code>
			</div>
			<Field
				label={w.agents.verifyTyped}
				hint={same ? w.agents.verifySame : w.agents.verifyHint}
				wrong={wrong ? w.agents.verifyWrong : undefined}
			>
				{(f) => (
					<input
						{...f} class="input mono" spellcheck={false}
						autocomplete="off" value={typed}
						onInput={(e) => setTyped(e.currentTarget.value)}
					/>
				)}
			</Field>
		</Ask>
	);
}

function Remove({ agent, onClose, done }: AskProps) {
	const [typed, setTyped] = useState('');
	const go = async () => {
		try {
			await api.remove(agent.id);
			toast(w.agents.removed(agent.name));
			done();
		} catch (e) {
			complain(e);
		}
		onClose();
	};
	return (
		<Ask
			title={w.agents.removeTitle(agent.name)} text={w.agents.removeText}
			go={w.agents.removeGo} danger blocked={typed.trim() !== agent.name}
			onGo={() => void go()} onClose={onClose}
		>
			<Field label={w.agents.removeType(agent.name)}>
				{(f) => (
					<input
						{...f} class="input" spellcheck={false} autocomplete="off"
						value={typed}
						onInput={(e) => setTyped(e.currentTarget.value)}
					/>
				)}
			</Field>
		</Ask>
	);
}

function Actions({ agent, done }: { agent: Agent; done: () => void }) {
	const [asking, setAsking] = useState<'verify' | 'remove' | null>(null);
	if (!may('manage')) return null;
	const blocked = agent.state === 'blocked';
	const flip = async () => {
		try {
			await (blocked ? api.unblock(agent.id) : api.block(agent.id));
			toast(blocked ? w.agents.unblocked(agent.name)
				: w.agents.blocked(agent.name));
			done();
		} catch (e) {
			complain(e);
		}
	};
	const close = () => setAsking(null);
	return (
		<div class="row end-row">
			{agent.state === 'unverified' && (
				<button
					type="button" class="btn main"
					onClick={() => setAsking('verify')}
				>
					<Icon name="shield" />
					{w.agents.verify}
				</button>
			)}
			<Menu
				label={w.agents.menu(agent.name)} class="icon-btn"
				face={<Icon name="ellipsis" />}
			>
				<button
					type="button" class="menu-item" role="menuitem"
					onClick={() => void flip()}
				>
					<Icon name={blocked ? 'reopen' : 'ban'} />
					{blocked ? w.agents.unblock : w.agents.block}
				</button>
				<button
					type="button" class="menu-item danger" role="menuitem"
					onClick={() => setAsking('remove')}
				>
					<Icon name="trash" />
					{w.agents.remove}
				</button>
			</Menu>
			{asking === 'verify'
				&& <Verify agent={agent} onClose={close} done={done} />}
			{asking === 'remove'
				&& <Remove agent={agent} onClose={close} done={done} />}
		</div>
	);
}

/* Above one, work waits for a core. */
function Load({ agent: a }: { agent: Agent }) {
	if (a.load === null) return <>{'–'}</>;
	return (
		<span
			class={a.load > 1 ? 'over' : undefined}
			title={a.cpus ? w.agents.loadHint(a.load, a.cpus) : undefined}
		>
			{w.agents.load(a.load)}
		</span>
	);
}

function Row({ agent: a, done }: { agent: Agent; done: () => void }) {
	const old = a.version !== '' && version.value !== '' && a.version !== version.value;
	return (
		<tr>
			<td>
				<div class="agent-name">
					<span class={`dot${a.online ? ' on' : ''}`} aria-hidden="true" />
					<div class="grow">
						<b>{a.name}</b>
						<span class="dim small cut">{a.os}</span>
						{isProxy(a) && (
							<span class="dim small cut" title={a.kinds.join(', ')}>
								{w.agents.proxy(a.kinds.join(', '))}
							</span>
						)}
					</div>
				</div>
			</td>
			<td>
				<span class={`pill ${a.state}`}>{w.agentState[a.state]}</span>
			</td>
			<td class="num least" title={moment(a.last_seen)}>
				{a.online ? w.agents.online : ago(a.last_seen)}
			</td>
			<td class="num extra"><Load agent={a} /></td>
			<td class="num extra">
				{a.version}
				{old && (
					<span class="old" title={w.agents.outdated(1)}>
						<Icon name="warning" size={13} />
						<span class="hidden-label">{w.agents.outdated(1)}</span>
					</span>
				)}
			</td>
			<td class="num extra">{a.tasks || '–'}</td>
			<td class="rare"><code>{a.fingerprint}</code></td>
			<td class="end"><Actions agent={a} done={done} /></td>
		</tr>
	);
}

function List({ page, done }: { page: AgentPage; done: () => void }) {
	const [more, setMore] = useState<Agent[]>([]);
	const [next, setNext] = useState(page.next);
	useTick(TICK_MS);
	const c = w.agents.columns;
	const s = page.summary;
	const load = async () => {
		try {
			const got = await api.agents(next);
			setMore([...more, ...got.items]);
			setNext(got.next);
		} catch (e) {
			complain(e);
		}
	};
	return (
		<section class="card">
			<div class="card-head">
				<h2>{w.agents.title}</h2>
				<span class="dim small">{w.agents.some(s.online, s.total)}</span>
				{s.outdated > 0 && (
					<span class="dim small">{w.agents.outdated(s.outdated)}</span>
				)}
				{may('manage') && (
					<span class="end">
						<button
							type="button" class="btn"
							onClick={() => (dialog.value = 'add')}
						>
							<Icon name="plus" />
							{w.top.addAgent}
						</button>
					</span>
				)}
			</div>
			{s.unverified > 0 && (
				<p class="note warn" role="status">
					<Icon name="shield" />
					{w.agents.unverifiedNote(s.unverified)}
				</p>
			)}
			<div class="table-scroll pinned">
				<table class="plain">
					<thead>
						<tr>
							<th scope="col">{c.name}</th>
							<th scope="col">{c.state}</th>
							<th scope="col" class="least">{c.seen}</th>
							<th scope="col" class="extra">{c.load}</th>
							<th scope="col" class="extra">{c.version}</th>
							<th scope="col" class="extra">{c.tasks}</th>
							<th scope="col" class="rare">{c.fingerprint}</th>
							<th scope="col">
								<span class="hidden-label">{w.common.actions}</span>
							</th>
						</tr>
					</thead>
					<tbody>
						{[...page.items, ...more].map((a) => (
							<Row key={a.id} agent={a} done={done} />
						))}
					</tbody>
				</table>
			</div>
			{next && (
				<button type="button" class="link-btn" onClick={() => void load()}>
					{w.common.more}
				</button>
			)}
		</section>
	);
}

export function Agents() {
	const load = useLoad((s) => api.agents(null, s), []);
	const refresh = useThrottled(load.again, REFRESH_MS);
	useLive('agent', refresh);
	useLive('scan', refresh);
	useLive('reset', refresh);
	return (
		<Loaded load={load}>
			{(page) => (page.items.length === 0 ? (
				<div class="card">
					<Blank
						icon="bot" title={w.agents.emptyTitle}
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
						{w.agents.emptyText}
					</Blank>
				</div>
			) : (
				<div class="stack">
					<List page={page} done={load.again} />
					{page.items.some(isProxy) && (
						<ProxyGroups agents={page.items.filter(isProxy)} />
					)}
				</div>
			))}
		</Loaded>
	);
}
