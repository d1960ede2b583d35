/* What was read and what was not: a bar, sums, reasons, and each place. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import { bytes, count, span } from '../format';
import { useLoad } from '../hooks';
import { complain } from '../state';
import type { Coverage, CoverageReason, CoverageRow, Page } from '../types';
import { w } from '../words';
import { Loaded } from './bits';
import { Icon } from './icons';

/* "100 %" is said only when all was read: below that it is never rounded up. */
export function shareOf(c: Coverage, live = false): string {
	if (c.whole) return w.coverage.whole;
	if (c.objects === 0) return w.coverage.nothing;
	if (c.full === c.objects)
		return live ? w.coverage.soFar : w.coverage.unsure;
	const part = Math.floor((c.full / c.objects) * 1000) / 10;
	return w.coverage.share(Math.min(part, 99.9));
}

type Part = 'full' | 'partial' | 'unread';
const PARTS: readonly Part[] = ['full', 'partial', 'unread'];

/* Widths in per cent; what there is can be seen, however little it is. */
export function widthsOf(c: Coverage): Record<Part, number> {
	const all = c.full + c.partial + c.unread;
	const least = 1.5;
	const raw = (n: number) =>
		(n === 0 || all === 0 ? 0 : Math.max(least, (n / all) * 100));
	const partial = raw(c.partial);
	const unread = raw(c.unread);
	const full = c.full === 0 ? 0 : 100 - partial - unread;
	return { full, partial, unread };
}

function Bar({ c }: { c: Coverage }) {
	const width = widthsOf(c);
	const words = PARTS.map((p) => w.coverage.part[p](c[p])).join(', ');
	return (
		<div class="cover-bar" role="img" aria-label={words}>
			{PARTS.map((p) => width[p] > 0 && (
				<i key={p} class={p} style={{ width: `${width[p]}%` }} />
			))}
		</div>
	);
}

const Legend = ({ c }: { c: Coverage }) => (
	<ul class="cover-legend" aria-hidden="true">
		{PARTS.map((p) => (
			<li key={p}>
				<i class={p} />
				{w.coverage.part[p](c[p])}
			</li>
		))}
	</ul>
);

/* What there is to tell; sums that are 0 and need no word are left out. */
export function factsOf(c: Coverage): [string, string][] {
	const lost = c.members_partial + c.members_unread;
	const rows: [string, string][] = [c.unread_bytes > 0
		? [w.coverage.bytesUnread, w.scan.of(bytes(c.unread_bytes), bytes(c.bytes))]
		: [w.coverage.bytesRead, bytes(c.bytes)]];
	if (c.members > 0)
		rows.push(lost > 0
			? [w.coverage.membersUnread, w.scan.of(count(lost), count(c.members))]
			: [w.coverage.membersRead, count(c.members)]);
	if (c.places > 0) rows.push([w.coverage.places, count(c.places)]);
	if (c.folders > 0) rows.push([w.coverage.folders, count(c.folders)]);
	if (c.unchanged > 0) rows.push([w.coverage.unchanged, count(c.unchanged)]);
	if (c.rested_seconds >= 1) rows.push([w.coverage.rested, span(c.rested_seconds)]);
	if (c.left_out > 0) rows.push([w.coverage.leftOut, count(c.left_out)]);
	return rows;
}

export function CoverageSum({ c }: { c: Coverage }) {
	return (
		<>
			<Bar c={c} />
			<Legend c={c} />
			<dl class="scan-facts">
				{factsOf(c).map(([name, value]) => (
					<div key={name}>
						<dt>{name}</dt>
						<dd class="num">{value}</dd>
					</div>
				))}
			</dl>
		</>
	);
}

export const Share = ({ c, live }: { c: Coverage; live?: boolean }) => (
	<span class={`pill${c.whole ? ' done' : ''}`}>{shareOf(c, live)}</span>
);

interface ReasonsProps {
	reasons: readonly CoverageReason[];
	picked: string;
	pick: (reason: string) => void;
}

/* Each reason is also a filter of the places below. */
export function Reasons({ reasons, picked, pick }: ReasonsProps) {
	if (reasons.length === 0) return null;
	return (
		<ul class="cover-reasons" aria-label={w.coverage.reasons}>
			{reasons.map((r) => (
				<li key={r.reason}>
					<button
						type="button" class="other" aria-pressed={picked === r.reason}
						onClick={() => pick(picked === r.reason ? '' : r.reason)}
					>
						<span class="grow">{r.text}</span>
						{!r.counts && <span class="dim small">{w.coverage.noLoss}</span>}
						<span class="num">{count(r.places)}</span>
					</button>
				</li>
			))}
		</ul>
	);
}

const nameOf = (r: CoverageRow): string =>
	(r.place ? `${r.path} → ${r.place}` : r.path);

const whyOf = (r: CoverageRow): string =>
	(r.detail ? `${r.text} (${r.detail})` : r.text);

const keyOf = (r: CoverageRow): string => `${r.task} ${r.number} ${r.path}`;

function PlaceTable(
	{ rows, hosts }: { rows: readonly CoverageRow[]; hosts: boolean },
) {
	return (
		<div class="table-scroll" tabIndex={0} role="group" aria-label={w.scan.coverage}>
			<table class="plain places">
				<thead>
					<tr>
						<th scope="col">{w.scan.coveragePath}</th>
						{hosts && <th scope="col" class="extra">{w.scan.coverageHost}</th>}
						<th scope="col">{w.scan.coverageWhy}</th>
						<th scope="col" class="extra">{w.coverage.parser}</th>
						<th scope="col" class="extra">{w.finding.coverage}</th>
					</tr>
				</thead>
				<tbody>
					{rows.map((r) => (
						<tr key={keyOf(r)}>
							<td class="path-cell cut mono" title={nameOf(r)}>{nameOf(r)}</td>
							{hosts && <td class="extra">{r.host}</td>}
							<td title={whyOf(r)}>{r.text}</td>
							<td class="extra mono dim">{r.parser || '–'}</td>
							<td class="dim num extra">
								{r.coverage === 'partial' && r.read < r.size
									? w.scan.of(bytes(r.read), bytes(r.size))
									: w.scan.coverageState[r.coverage]}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/* The same in a narrow pane. */
const PlaceList = ({ rows }: { rows: readonly CoverageRow[] }) => (
	<ul class="cover-places" aria-label={w.scan.coverage}>
		{rows.map((r) => (
			<li key={keyOf(r)}>
				<span class="mono cut" title={r.path}>{r.path}</span>
				{r.place && (
					<span class="mono cut" title={r.place}>{`→ ${r.place}`}</span>
				)}
				<span class="dim small" title={whyOf(r)}>{r.text}</span>
			</li>
		))}
	</ul>
);

export interface PlacesProps {
	scan: string;
	target?: string;
	reason: string;
	narrow?: boolean;
	hosts?: boolean;
	stamp?: unknown; /* another one: ask anew */
	blank: string;
}

export function Places(p: PlacesProps) {
	const load = useLoad(
		(s) => api.coverage(p.scan, { reason: p.reason, target: p.target }, null, s),
		[p.scan, p.target, p.reason, p.stamp]);
	return (
		<Loaded load={load} rows={3}>
			{(first) => (first.items.length === 0
				? <p class="dim">{p.blank}</p>
				: <Pages first={first} {...p} />)}
		</Loaded>
	);
}

function Pages(p: PlacesProps & { first: Page<CoverageRow> }) {
	const [rows, setRows] = useState(p.first.items);
	const [next, setNext] = useState(p.first.next);
	useEffect(() => {
		setRows(p.first.items);
		setNext(p.first.next);
	}, [p.first]);
	const more = async () => {
		try {
			const got = await api.coverage(p.scan,
				{ reason: p.reason, target: p.target }, next);
			setRows([...rows, ...got.items]);
			setNext(got.next);
		} catch (e) {
			complain(e);
		}
	};
	return (
		<>
			{p.narrow ? <PlaceList rows={rows} />
				: <PlaceTable rows={rows} hosts={p.hosts ?? false} />}
			{next && (
				<button type="button" class="link-btn" onClick={() => void more()}>
					{w.common.more}
				</button>
			)}
		</>
	);
}

export const TakeAway = ({ scan }: { scan: string }) => (
	<span class="end cover-files">
		<button type="button" class="btn" onClick={() => window.print()}>
			{w.coverage.print}
		</button>
		{(['csv', 'jsonl'] as const).map((format) => (
			<a
				key={format} class="btn" download
				href={api.coverageUrl(scan, format)}
			>
				<Icon name="download" />
				{w.coverage.file[format]}
			</a>
		))}
	</span>
);
