/*
 * Add an agent: one complete command, and a wait that moves on by itself when
 * the agent is there.
 */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import { useLive, useLoad } from '../hooks';
import { dialog } from '../state';
import type { Agent } from '../types';
import { go } from '../url';
import { w } from '../words';
import { CopyButton, Loaded } from './bits';
import { Dialog } from './dialog';
import { Icon } from './icons';

const HOURS = 24;
/* The stream tells at once; this is for when the stream is down. */
const LOOK_MS = 5000;

function Arrived({ agent, another }: { agent: Agent; another: () => void }) {
	const proxy = agent.program === 'trawl-proxy-agent';
	const next = () => {
		dialog.value = null;
		go(proxy ? '/targets/new' : `/scans/new?agent=${agent.id}`);
	};
	return (
		<>
			<div class="row" role="status">
				<span class="good-mark"><Icon name="circleCheck" size={20} /></span>
				<div>
					<h3>{w.addAgent.arrived(agent.name)}</h3>
					<p class="dim">{agent.online ? w.addAgent.arrivedText
							: w.addAgent.enrolledText}</p>
				</div>
			</div>
			<div class="dialog-foot">
				<button type="button" class="btn" onClick={another}>
					{w.addAgent.another}
				</button>
				<button type="button" class="btn main" onClick={next} autofocus>
					{proxy ? w.addAgent.proxyNext : w.addAgent.next}
				</button>
			</div>
		</>
	);
}

/* The first agent that was not there when the dialog opened. */
function useArrival(turn: number): Agent | undefined {
	const [known, setKnown] = useState<Set<string> | null>(null);
	const [agent, setAgent] = useState<Agent>();
	const look = async () => {
		try {
			const { items } = await api.agents(null);
			if (!known) return setKnown(new Set(items.map((a) => a.id)));
			const fresh = items.find((a) =>
				!known.has(a.id) && a.state === 'verified');
			if (fresh) setAgent(fresh);
		} catch {
			/* asked again soon */
		}
	};
	useEffect(() => {
		setAgent(undefined);
		setKnown(null);
	}, [turn]);
	useEffect(() => {
		void look();
		const t = setInterval(() => void look(), LOOK_MS);
		return () => clearInterval(t);
	}, [known, turn]);
	useLive('agent', () => void look());
	return agent;
}

const asProxy = (command: string): string =>
	command.replaceAll('trawl-agent', 'trawl-proxy-agent');

export function AddAgent() {
	const [turn, setTurn] = useState(0);
	const token = useLoad(() => api.newToken(), [turn]);
	const agent = useArrival(turn);
	const close = () => (dialog.value = null);
	return (
		<Dialog title={w.addAgent.title} onClose={close}>
			{agent ? <Arrived agent={agent} another={() => setTurn(turn + 1)} /> : (
				<Loaded load={token} rows={3}>
					{(t) => (
						<>
							<p class="lead">{w.addAgent.text(t.uses ?? 1, HOURS)}</p>
							<div class="command">
								<code aria-label={w.addAgent.command} tabIndex={0}>
									{t.command ?? t.token}
								</code>
								<CopyButton text={t.command ?? t.token} />
							</div>
							<details>
								<summary>{w.addAgent.proxy}</summary>
								<p class="dim">{w.addAgent.proxyText}</p>
								<div class="command">
									<code tabIndex={0}>{asProxy(t.command)}</code>
									<CopyButton text={asProxy(t.command)} />
								</div>
							</details>
							<p class="waiting" role="status">
								<span class="spinner" aria-hidden="true" />
								{w.addAgent.waiting}
							</p>
							<p class="dim small">{w.addAgent.token}</p>
						</>
					)}
				</Loaded>
			)}
		</Dialog>
	);
}
