/* One page of three cards: where, what, its name. Then it starts. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import { useLoad } from '../hooks';
import { Blank, Loaded } from '../parts/bits';
import { Field } from '../parts/form';
import { Icon } from '../parts/icons';
import { remote } from '../remote';
import { dialog, may } from '../state';
import type {
	Agent, AgentPage, DataType, Limit, RemoteTarget,
} from '../types';
import { params } from '../url';
import { w } from '../words';
import { Card } from './newscan/card';
import { type Change, type Draft, hostWords } from './newscan/draft';
import { Limits } from './newscan/limits';
import { Summary } from './newscan/summary';
import { What } from './newscan/what';
import { Where } from './newscan/where';
import { NO_PICTURES } from './pictures';

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

function When({ d, set, hint }: { d: Draft; set: Change; hint: string }) {
	return (
		<Card no={3} title={w.newScan.when} text={w.newScan.nowText}>
			<Field label={w.newScan.nameLabel} hint={w.newScan.nameHint}>
				{(f) => (
					<input
						{...f} class="input" maxLength={128} value={d.name}
						placeholder={hint}
						onInput={(e) => set({ name: e.currentTarget.value })}
					/>
				)}
			</Field>
		</Card>
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
	const set: Change = (change) => setDraft((now) => ({ ...now, ...change }));
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
