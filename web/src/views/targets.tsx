/* What is covered, what it holds, and what could not be read. */
import { useState } from 'preact/hooks';
import { api } from '../api';
import { ago, count, moment } from '../format';
import { useLive, useLoad, useThrottled } from '../hooks';
import { Blank, ErrorBlank, Loaded, Skeleton } from '../parts/bits';
import { CoverageSum, Places, Reasons, Share } from '../parts/coverage';
import { nameOf } from '../parts/facets';
import { Icon } from '../parts/icons';
import { lazy } from '../parts/lazy';
import { Tree, useTree } from '../parts/tree';
import { dialog, may } from '../state';
import type { FacetValue, NodeDetail } from '../types';
import { findingsAt, params, setParam, withQuery } from '../url';
import { w } from '../words';

const REFRESH_MS = 2500;

const Remote = lazy(() => import('./remote').then((m) => m.Remote));

const AddTarget = () => (may('manage') ? (
	<a class="btn" href="/targets/new">
		<Icon name="plus" />
		{w.nav.addTarget}
	</a>
) : null);

const AddButton = () => (may('manage') ? (
	<span class="row">
		<button
			type="button" class="btn main" onClick={() => (dialog.value = 'add')}
		>
			<Icon name="plus" />
			{w.top.addAgent}
		</button>
		<AddTarget />
	</span>
) : null);

function Counts({ n, field, values }: {
	n: NodeDetail; field: string; values: FacetValue[];
}) {
	return (
		<ul>
			{values.filter((v) => v.count > 0).map((v) => (
				<li key={v.value}>
					<a
						class="other"
						href={findingsAt({ under: n.id, [field]: v.value })}
					>
						{nameOf(field, v)}
						<span class="num">{count(v.count)}</span>
					</a>
				</li>
			))}
		</ul>
	);
}

/* What the last scan of a host read of it, and what not. */
function NodeCoverage({ n }: { n: NodeDetail }) {
	const [reason, pick] = useState('');
	if (!n.coverage || !n.scan) return null;
	const c = n.coverage;
	return (
		<section class="node-cover" aria-labelledby="node-cover">
			<div class="card-head">
				<h3 id="node-cover">{w.coverage.title}</h3>
				<Share c={c} />
			</div>
			<CoverageSum c={c} />
			<Reasons reasons={c.reasons} picked={reason} pick={pick} />
			{c.reasons.length > 0 && (
				<Places
					scan={n.scan} target={n.id.replace(/^t:/, '')} reason={reason}
					narrow blank={w.coverage.noneText}
				/>
			)}
			<a href={`/scans/${n.scan}`}>{w.coverage.toScan}</a>
		</section>
	);
}

/* What a click on a row tells about it. */
function Detail({ id }: { id: string }) {
	const load = useLoad((s) => api.target(id, s), [id]);
	return (
		<aside class="card node-card" aria-label={w.targets.title}>
			<Loaded load={load} rows={5}>
				{(n) => (
					<>
						<div class="card-head">
							<h2 class="cut grow" title={n.path ?? n.name}>
								{n.path ?? n.name}
							</h2>
							<button
								type="button" class="icon-btn"
								aria-label={w.common.close}
								onClick={() => setParam('node', '', true)}
							>
								<Icon name="x" />
							</button>
						</div>
						<dl class="facts">
							<dt>{w.targets.total}</dt>
							<dd class="num">{count(n.findings)}</dd>
							<dt>{w.targets.matches}</dt>
							<dd class="num">{count(n.matches)}</dd>
							{(n.last_scan || n.kind === 'host') && !n.url && (
								<>
									<dt>{w.targets.lastScan}</dt>
									<dd title={moment(n.last_scan)}>
										{ago(n.last_scan)}
									</dd>
								</>
							)}
						</dl>
						{n.url && n.target && (
							<Remote key={n.target} id={n.target} />
						)}
						<Counts n={n} field="risk" values={n.risks} />
						<Counts n={n} field="category" values={n.categories} />
						<NodeCoverage n={n} />
						<a
							class="btn"
							href={withQuery('/findings',
								new URLSearchParams({ under: n.id }))}
						>
							{w.targets.show}
						</a>
					</>
				)}
			</Loaded>
		</aside>
	);
}

export function Targets() {
	const tree = useTree();
	const refresh = useThrottled(tree.refresh, REFRESH_MS);
	useLive('finding', refresh);
	useLive('agent', refresh);
	useLive('scan', refresh);
	useLive('reset', refresh);
	const picked = params.value.get('node');
	const root = tree.branches.get('');
	if (!root) return <div class="card"><Skeleton rows={8} /></div>;
	if (root.error && root.items.length === 0)
		return <div class="card"><ErrorBlank error={root.error} again={tree.refresh} /></div>;
	if (root.items.length === 0)
		return (
			<div class="card">
				<Blank icon="drive" title={w.targets.emptyTitle} action={<AddButton />}>
					{w.targets.emptyText}
				</Blank>
			</div>
		);
	return (
		<div class={`targets${picked ? ' with-node' : ''}`}>
			<section class="card">
				<div class="card-head">
					<h2>{w.targets.title}</h2>
					<span class="dim small">{(root.items[0]?.kind === 'group' ? w.targets.groups
							: w.targets.some)(root.total ?? root.items.length)}</span>
					<span class="end"><AddTarget /></span>
				</div>
				<div class="tree-row tree-head" aria-hidden="true">
					<span />
					<span class="tree-note" />
					<span class="split-bar" />
					<span class="end-cell">{w.targets.headCritical}</span>
					<span class="end-cell">{w.targets.headOpen}</span>
				</div>
				<Tree
					branches={tree.branches} open={tree.open} more={tree.more}
					picked={picked}
				/>
			</section>
			{picked && <Detail key={picked} id={picked} />}
		</div>
	);
}
