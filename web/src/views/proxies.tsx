/* Groups of proxies: which of them serve the same targets. */
import { useState } from 'preact/hooks';
import { useLoad } from '../hooks';
import { Loaded } from '../parts/bits';
import { Ask } from '../parts/dialog';
import { Field } from '../parts/form';
import { Icon } from '../parts/icons';
import { remote } from '../remote';
import { complain, may, toast } from '../state';
import type { Agent, ProxyGroup } from '../types';
import { p } from '../words/proxies';

interface EditProps {
	group: ProxyGroup | null; /* null: a new one */
	agents: readonly Agent[];
	onClose: () => void;
	done: () => void;
}

function Edit({ group, agents, onClose, done }: EditProps) {
	const [name, setName] = useState(group?.name ?? '');
	const [members, setMembers] = useState<ReadonlySet<string>>(
		() => new Set(group?.members.map((m) => m.id)));
	const flip = (id: string) => {
		const next = new Set(members);
		if (!next.delete(id)) next.add(id);
		setMembers(next);
	};
	const go = async () => {
		const body = { name: name.trim(), members: [...members] };
		try {
			await (group ? remote.changeGroup(group.id, body)
				: remote.addGroup(body));
			toast(p.groupSaved(body.name));
			done();
			onClose();
		} catch (e) {
			complain(e);
		}
	};
	return (
		<Ask
			title={group ? p.edit(group.name) : p.newGroup} text={p.groupsText}
			go={p.groupGo} blocked={name.trim() === ''} onGo={() => void go()}
			onClose={onClose}
		>
			<Field label={p.groupName}>
				{(f) => (
					<input
						{...f} class="input" maxLength={128} value={name}
						autocomplete="off"
						onInput={(e) => setName(e.currentTarget.value)}
					/>
				)}
			</Field>
			<fieldset class="bare">
				<legend>{p.members}</legend>
				<div class="hosts">
					{agents.map((a) => (
						<div
							key={a.id}
							class={`host-pick${members.has(a.id) ? ' on' : ''}`}
						>
							<label>
								<input
									type="checkbox" checked={members.has(a.id)}
									onChange={() => flip(a.id)}
								/>
								<Icon name="bot" />
								<b class="cut">{a.name}</b>
								<span class="dim cut grow">{a.kinds.join(', ')}</span>
							</label>
						</div>
					))}
				</div>
			</fieldset>
		</Ask>
	);
}

interface RowProps {
	group: ProxyGroup;
	edit: () => void;
	done: () => void;
}

function Row({ group: g, edit, done }: RowProps) {
	const remove = async () => {
		try {
			await remote.removeGroup(g.id);
			toast(p.groupRemoved(g.name));
			done();
		} catch (e) {
			complain(e);
		}
	};
	return (
		<li class="row">
			<Icon name="folderTree" />
			<b class="cut">{g.name}</b>
			<span class="dim cut grow">
				{g.members.map((m) => m.host).join(', ') || p.noMembers}
			</span>
			<span class="dim small">{p.targets(g.targets)}</span>
			{may('manage') && (
				<>
					<button
						type="button" class="btn" aria-label={p.edit(g.name)}
						onClick={edit}
					>
						{p.change}
					</button>
					<button
						type="button" class="icon-btn" disabled={g.targets > 0}
						aria-label={p.deleteGroup(g.name)}
						onClick={() => void remove()}
					>
						<Icon name="trash" />
					</button>
				</>
			)}
		</li>
	);
}

export function ProxyGroups({ agents }: { agents: readonly Agent[] }) {
	const load = useLoad((s) => remote.groups(s), []);
	const [edit, setEdit] = useState<ProxyGroup | 'new' | null>(null);
	return (
		<section class="card" aria-labelledby="proxy-groups">
			<div class="card-head">
				<h2 id="proxy-groups">{p.groupsTitle}</h2>
				{may('manage') && (
					<span class="end">
						<button type="button" class="btn" onClick={() => setEdit('new')}>
							<Icon name="plus" />
							{p.newGroup}
						</button>
					</span>
				)}
			</div>
			<p class="dim">{p.groupsText}</p>
			<Loaded load={load} rows={2}>
				{(page) => (page.items.length === 0
					? <p class="dim">{p.groupsEmpty}</p>
					: (
						<ul class="proxy-groups">
							{page.items.map((g) => (
								<Row
									key={g.id} group={g} edit={() => setEdit(g)}
									done={load.again}
								/>
							))}
						</ul>
					))}
			</Loaded>
			{edit && (
				<Edit
					group={edit === 'new' ? null : edit} agents={agents}
					onClose={() => setEdit(null)} done={load.again}
				/>
			)}
		</section>
	);
}
