/* What can be done with the rows that are selected. */
import { useState } from 'preact/hooks';
import { api, Failure } from '../api';
import { complain, may, toast } from '../state';
import type { Decision } from '../types';
import { w } from '../words';
import { Ask } from './dialog';
import { Icon, type IconName } from './icons';

export interface Picks {
	ids: ReadonlySet<string>;
	all: boolean; /* everything that fits the filter */
	toggle: (id: string) => void;
	setAll: (on: boolean) => void;
	clear: () => void;
}

const CHOICES: readonly [Decision, string, IconName][] = [
	['confirmed', w.finding.confirm, 'shield'],
	['false_positive', w.finding.notSensitive, 'ban'],
	['open', w.finding.reopen, 'reopen'],
];

interface Props {
	picks: Picks;
	total: number;
	filter: string;
	done: () => void;
}

export function BulkBar({ picks, total, filter, done }: Props) {
	const [ask, setAsk] = useState<Decision | null>(null);
	const [busy, setBusy] = useState(false);
	const n = picks.all ? total : picks.ids.size;
	if (n === 0 || !may('triage')) return null;
	const run = async (state: Decision) => {
		setAsk(null);
		setBusy(true);
		try {
			const r = await api.bulk(picks.all
				? { filter, state, expected_count: total }
				: { ids: [...picks.ids], state });
			toast(w.findings.bulkDone(r.changed));
			picks.clear();
			done();
		} catch (e) {
			if (e instanceof Failure && e.status === 409) {
				toast(w.findings.bulkMoved, true);
				done();
			} else complain(e);
		}
		setBusy(false);
	};
	return (
		<div class="bulk" role="region" aria-label={w.findings.bulkBar}>
			<b class="num" role="status">
				{picks.all ? w.findings.allSelected(n) : w.findings.selected(n)}
			</b>
			<button type="button" class="btn" onClick={picks.clear}>
				{w.common.clear}
			</button>
			{!picks.all && total > n && (
				<button
					type="button" class="btn" onClick={() => picks.setAll(true)}
				>
					{w.findings.selectAllMatching(total)}
				</button>
			)}
			<span class="rule" />
			{CHOICES.map(([state, word, icon]) => (
				<button
					key={state} type="button" class="btn" disabled={busy}
					onClick={() => (picks.all ? setAsk(state) : void run(state))}
				>
					<Icon name={icon} />
					{word}
				</button>
			))}
			{ask && (
				<Ask
					title={w.findings.bulkAsk(n, w.state[ask])}
					text={w.findings.bulkAskText} go={w.findings.bulkGo}
					onGo={() => void run(ask)} onClose={() => setAsk(null)}
				/>
			)}
		</div>
	);
}
