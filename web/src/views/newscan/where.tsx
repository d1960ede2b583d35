/* Where: hosts with an agent, and targets that proxies read. */
import { Field } from '../../parts/form';
import { Icon } from '../../parts/icons';
import type { Agent, RemoteTarget } from '../../types';
import { w } from '../../words';
import { Card } from './card';
import type { Change, Draft } from './draft';

const flipped = (all: ReadonlySet<string>, id: string): Set<string> => {
	const next = new Set(all);
	if (!next.delete(id)) next.add(id);
	return next;
};

/* Targets that proxies read: each has its own address, so no folders. */
function Remotes(
	{ d, set, remotes }: { d: Draft; set: Change; remotes: readonly RemoteTarget[] },
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
	set: Change;
	agents: readonly Agent[];
	remotes: readonly RemoteTarget[];
}

export function Where({ d, set, agents, remotes }: WhereProps) {
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
	{ d, set, agents }: { d: Draft; set: Change; agents: readonly Agent[] },
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
