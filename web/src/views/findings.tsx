/*
 * What was found: search, filters with counts, a virtual table, a pane for one
 * finding. All of the view is in the address.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import { ago, count, moment, splitPath } from '../format';
import { useKey, useLive, useLoad } from '../hooks';
import { PageCache } from '../pages';
import { Blank, ErrorBlank, RiskMark, Skeleton, StatePill } from '../parts/bits';
import { BulkBar, type Picks } from '../parts/bulk';
import { Chips, FacetPanel } from '../parts/facets';
import { Icon } from '../parts/icons';
import { Menu } from '../parts/menu';
import { SearchBox } from '../parts/search';
import { type Grid, Table } from '../parts/table';
import { agentCount, dialog, may } from '../state';
import type { FindingRow, FindingState } from '../types';
import { filterOf, go, only, params, setParam, withQuery } from '../url';
import { w } from '../words';
import { FindingPane } from './finding';

const SORTS = ['risk', '-matches', '-found', 'path'] as const;
type Sort = typeof SORTS[number];

const sortOf = (p: URLSearchParams): Sort => {
	const s = p.get('sort') as Sort;
	return SORTS.includes(s) ? s : 'risk';
};

const VIEWS: readonly [string, string][] = [
	[w.findings.views.all, ''],
	[w.findings.views.review, 'risk=critical&state=open'],
	[w.findings.views.cards, 'category=card'],
	[w.findings.views.secrets, 'category=secret'],
	[w.findings.views.confirmed, 'state=confirmed'],
	[w.findings.views.gone, 'state=gone'],
];

function Views({ none }: { none: boolean }) {
	const now = filterOf(params.value).toString();
	return (
		<nav class="tabs" aria-label={w.findings.viewsLabel}>
			{VIEWS.map(([word, filter]) => {
				const own = filterOf(new URLSearchParams(filter)).toString();
				return (
					<a
						key={word} class="tab"
						href={filter ? `/findings?${filter}` : '/findings'}
						aria-current={own === now ? 'true' : undefined}
					>
						{word}
					</a>
				);
			})}
			{!none && <span class="end"><ExportMenu /></span>}
		</nav>
	);
}

function ExportMenu() {
	const f = filterOf(params.value);
	return (
		<Menu
			label={w.findings.export} class="btn"
			face={<><Icon name="download" />{w.findings.export}</>}
		>
			<p class="menu-note">{w.findings.exportHint}</p>
			<a
				class="menu-item" role="menuitem" download
				href={api.exportUrl(f, 'csv')}
			>
				{w.findings.exportCsv}
			</a>
			<a
				class="menu-item" role="menuitem" download
				href={api.exportUrl(f, 'jsonl')}
			>
				{w.findings.exportJsonl}
			</a>
		</Menu>
	);
}

function SortSelect({ sort }: { sort: Sort }) {
	return (
		<select
			class="input" aria-label={w.findings.sort} value={sort}
			onChange={(e) => {
				const v = e.currentTarget.value;
				setParam('sort', v === 'risk' ? '' : v);
			}}
		>
			{SORTS.map((s) => (
				<option key={s} value={s}>{w.findings.sorts[s]}</option>
			))}
		</select>
	);
}

interface HeadCell {
	word: string;
	class?: string;
	sort?: Sort;
}

const HEAD: readonly HeadCell[] = [
	{ word: w.findings.columns.risk, class: 'c-risk', sort: 'risk' },
	{ word: w.findings.columns.type, class: 'c-type' },
	{ word: w.findings.columns.location, sort: 'path' },
	{ word: w.findings.columns.matches, class: 'end', sort: '-matches' },
	{ word: w.findings.columns.state, class: 'c-state' },
	{ word: w.findings.columns.found, class: 'c-found', sort: '-found' },
];

function HeadCells({ sort }: { sort: Sort }) {
	return (
		<>
			{HEAD.map((c) => {
				const on = c.sort === sort;
				const order = !on ? 'none'
					: c.sort === 'path' ? 'ascending' : 'descending';
				return (
					<span
						key={c.word} role="columnheader" class={c.class ?? ''}
						{...(c.sort ? { 'aria-sort': order } : {})}
					>
						{c.sort ? (
							<button
								type="button" class={`sort-btn${on ? ' on' : ''}`}
								onClick={() => setParam('sort',
									c.sort && c.sort !== 'risk' ? c.sort : '')}
							>
								<span class="head-word">{c.word}</span>
								{on && <Icon name="arrowDown" size={12} />}
							</button>
						) : c.word}
					</span>
				);
			})}
		</>
	);
}

function Cells(
	{ row, picked, toggle }: {
		row: FindingRow; picked: boolean; toggle: (id: string) => void;
	},
) {
	const [folder, file] = splitPath(row.path);
	return (
		<>
			<span role="gridcell">
				<label class="check" onClick={(e) => e.stopPropagation()}>
					<input
						type="checkbox" tabIndex={-1} checked={picked}
						aria-label={w.common.selectRow(file)}
						onChange={() => toggle(row.id)}
					/>
				</label>
			</span>
			<span role="gridcell"><RiskMark risk={row.risk} /></span>
			<span role="gridcell" class="c-type cut" title={row.type_name}>
				{row.type_name}
			</span>
			<span role="gridcell" class="where" title={`${row.host}:${row.path}`}>
				<a
					class="host cut" tabIndex={-1}
					title={w.findings.only(row.host)}
					href={withQuery('/findings',
						only(params.value, 'target', row.target, false))}
					onClick={(e) => e.stopPropagation()}
				>
					{row.host}
				</a>
				<span class="folder cut">{folder}</span>
				<span class="file cut">{file}</span>
			</span>
			<span role="gridcell" class="end num">{count(row.matches)}</span>
			<span role="gridcell" class="c-state"><StatePill state={row.state} /></span>
			<span
				role="gridcell" class="c-found dim num"
				title={moment(row.first_seen)}
			>
				{ago(row.first_seen)}
			</span>
		</>
	);
}

function Nothing({ filtered }: { filtered: boolean }) {
	if (filtered)
		return (
			<Blank
				icon="search" title={w.findings.filteredTitle}
				action={
					<a class="btn" href="/findings">{w.findings.filteredAction}</a>
				}
			>
				{w.findings.filteredText}
			</Blank>
		);
	const noAgent = agentCount.value?.total === 0;
	if (noAgent && may('manage'))
		return (
			<Blank
				icon="bot" title={w.findings.emptyTitle}
				action={
					<button
						type="button" class="btn main"
						onClick={() => (dialog.value = 'add')}
					>
						<Icon name="plus" />
						{w.findings.emptyAgent}
					</button>
				}
			>
				{w.findings.emptyAgentText}
			</Blank>
		);
	return (
		<Blank
			icon="scan" title={w.findings.emptyTitle}
			action={may('scan') ? (
				<a class="btn main" href="/scans/new">{w.findings.emptyAction}</a>
			) : null}
		>
			{w.findings.emptyText}
		</Blank>
	);
}

/* The cache of the present filter and what is known about it. */
function useRows(filter: string, sort: Sort) {
	const [version, bump] = useState(0);
	const [error, setError] = useState<unknown>();
	const query = useRef(new URLSearchParams());
	const cache = useMemo(() => new PageCache<FindingRow>(
		(at, limit, signal) => {
			const f = new URLSearchParams(query.current);
			return api.findings(f, at, limit, signal);
		},
		() => {
			setError(undefined);
			bump((n) => n + 1);
		},
		setError,
	), []);
	const reload = useCallback(() => {
		cache.drop();
		setError(undefined);
		void cache.want(0, 1);
		bump((n) => n + 1);
	}, [cache]);
	const key = `${filter}#${sort}`;
	const last = useRef('');
	if (last.current !== key) {
		last.current = key;
		query.current = new URLSearchParams(filter);
		query.current.set('sort', sort);
		cache.drop();
	}
	useEffect(() => {
		setError(undefined);
		void cache.want(0, 1);
	}, [key]);
	useEffect(() => () => cache.drop(), []);
	return { cache, version, error, reload };
}

/* How many came since the list was fetched; rows never move by themselves. */
function useFresh(reload: () => void, empty: boolean) {
	const [fresh, setFresh] = useState(0);
	const show = () => {
		setFresh(0);
		reload();
	};
	useLive('finding', (events) => {
		const n = events.reduce((sum, e) => sum + e.new, 0);
		if (empty) show();
		else if (n > 0) setFresh((v) => v + n);
	});
	useLive('reset', show);
	return { fresh, show, clear: () => setFresh(0) };
}

function usePicks(): Picks {
	const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
	const [all, setAll] = useState(false);
	const f = filterOf(params.value).toString();
	const clear = () => {
		setIds(new Set());
		setAll(false);
	};
	useEffect(clear, [f]);
	return {
		ids, all, clear, setAll,
		toggle: (id) => {
			setAll(false);
			setIds((now) => {
				const next = new Set(now);
				if (!next.delete(id)) next.add(id);
				return next;
			});
		},
	};
}

interface MoveOptions {
	cache: PageCache<FindingRow>;
	id: string;
	open: (row: FindingRow, replace: boolean) => void;
	picks: Picks;
	close: () => void;
}

/* j k Enter x Esc and the arrow keys, over the rows. */
function useRowKeys({ cache, id, open, picks, close }: MoveOptions) {
	const [cursor, setCursor] = useState(-1);
	const grid = useRef<Grid | undefined>(undefined);
	const step = (by: number) => {
		const total = cache.total ?? 0;
		if (total === 0) return false;
		const to = Math.max(0, Math.min(total - 1, cursor + by));
		setCursor(to);
		grid.current?.scrollToIndex(to, { align: 'auto' });
		const row = cache.get(to);
		if (id && row) open(row, true);
		return true;
	};
	useKey('down', () => step(1));
	useKey('up', () => step(-1));
	useKey('open', () => {
		const row = cache.get(cursor);
		if (row) open(row, false);
		return row !== undefined;
	});
	useKey('select', () => {
		const row = cache.get(cursor);
		if (row) picks.toggle(row.id);
		return row !== undefined;
	});
	useKey('close', () => {
		if (id) close();
		else if (picks.ids.size > 0) picks.clear();
		else return false;
		return true;
	});
	const arrows = (e: KeyboardEvent) => {
		const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (by && step(by)) e.preventDefault();
	};
	return {
		cursor, setCursor, arrows,
		onGrid: (g: Grid) => (grid.current = g),
	};
}

export function Findings({ id }: { id: string }) {
	const p = params.value;
	const filter = filterOf(p);
	const sort = sortOf(p);
	const key = filter.toString();
	const { cache, version, error, reload } = useRows(key, sort);
	const facets = useLoad((s) => api.facets(filter, s), ['facets', key]);
	const [drawer, setDrawer] = useState(false);
	const picks = usePicks();
	const under = p.get('under');
	const node = useLoad(
		(s) => (under ? api.target(under, s) : Promise.resolve(undefined)),
		[under],
	);
	const refresh = () => {
		reload();
		facets.again();
	};
	const empty = cache.total === 0;
	const fresh = useFresh(refresh, empty && key === '');
	useEffect(() => fresh.clear(), [key, sort]);
	const open = (row: FindingRow, replace = false) =>
		go(withQuery(`/findings/${row.id}`, params.value), replace);
	const close = () => go(withQuery('/findings', params.value));
	const keys = useRowKeys({ cache, id, open, picks, close });
	const decided = (row: string, state: FindingState) => {
		cache.patch((r) => r.id === row, (r) => ({ ...r, state }));
		facets.again();
	};
	const isPicked = (r: FindingRow) => picks.all || picks.ids.has(r.id);
	return (
		<>
			<div class="find-head">
				<Views none={empty} />
				<SearchBox label={w.findings.search} />
				<button
					type="button" class="btn filter-button"
					onClick={() => setDrawer(true)}
				>
					<Icon name="filters" />
					{w.findings.filters}
				</button>
				<SortSelect sort={sort} />
				<Chips data={facets.value} under={node.value?.name} />
				<span class="total num" role="status">
					{cache.total === null ? ''
						: cache.exact ? w.count.findings(cache.total)
							: w.count.atLeast(w.count.findings(cache.total))}
				</span>
			</div>
			<div class={`find-body${id ? ' with-pane' : ''}`}>
				<FacetPanel
					data={facets.value} open={drawer}
					onClose={() => setDrawer(false)}
				/>
				<div class="list" onKeyDown={keys.arrows}>
					{error ? <ErrorBlank error={error} again={refresh} />
						: empty ? <Nothing filtered={key !== ''} />
							: cache.total === null ? (
								<div class="list-wait"><Skeleton rows={14} /></div>
							) : (
								<Table<FindingRow>
									label={w.findings.table} cache={cache}
									version={version} cursor={keys.cursor}
									opened={id || undefined} isPicked={isPicked}
									head={
										<>
											<PickAll picks={picks} />
											<HeadCells sort={sort} />
										</>
									}
									draw={(r, _n, on) => (
										<Cells row={r} picked={on} toggle={picks.toggle} />
									)}
									click={(r, n) => {
										keys.setCursor(n);
										open(r);
									}}
									onGrid={keys.onGrid}
								/>
							)}
					{fresh.fresh > 0 && !empty && (
						<button
							type="button" class="btn main fresh-pill"
							onClick={fresh.show}
						>
							{key ? w.findings.freshSome
								: w.findings.fresh(fresh.fresh)}
						</button>
					)}
				</div>
				<BulkBar
					picks={picks} total={cache.total ?? 0} filter={key}
					done={refresh}
				/>
				{id && (
					<FindingPane key={id} id={id} close={close} decided={decided} />
				)}
			</div>
		</>
	);
}

function PickAll({ picks }: { picks: Picks }) {
	return (
		<span role="columnheader">
			<label class="check">
				<input
					type="checkbox" aria-label={w.common.selectAll}
					checked={picks.all}
					onChange={() =>
						(picks.all ? picks.clear() : picks.setAll(true))}
				/>
			</label>
		</span>
	);
}
