/* Filters with counts. A value is taken in, or with its minus left out. */
import { useState } from 'preact/hooks';
import { brief } from '../format';
import type { FacetName, Facets as Data, FacetValue } from '../types';
import { go, only, params, place, toggled, withQuery } from '../url';
import { w } from '../words';
import { Icon } from './icons';

const SHOWN: readonly FacetName[] =
	['risk', 'state', 'category', 'type', 'target'];
const FEW = 8;
/* So many that a line to search in them helps. */
const MANY = 20;

/* Filters apply to the list, whatever finding is open beside it. */
export const listPath = (): string =>
	place.value.path.startsWith('/findings') ? place.value.path : '/findings';

const apply = (p: URLSearchParams) => go(withQuery(listPath(), p));

function Value({ name, v }: { name: FacetName; v: FacetValue }) {
	const p = params.value;
	const on = p.getAll(name).includes(v.value);
	const out = p.getAll('-' + name).includes(v.value);
	const word = nameOf(name, v);
	return (
		<li class={`facet-value${on ? ' on' : ''}${out ? ' out' : ''}`}>
			<button
				type="button" class="main-part" aria-pressed={on}
				onClick={() =>
					apply(out ? toggled(p, '-' + name, v.value)
						: toggled(p, name, v.value))}
			>
				<span class="cut" title={word}>{word}</span>
				<span class="num">{brief(v.count)}</span>
			</button>
			{!out && (
				<button
					type="button" class="not" title={w.findings.without(word)}
					aria-label={w.findings.without(word)}
					onClick={() => apply(only(p, name, v.value, true))}
				>
					<Icon name="ban" size={13} />
				</button>
			)}
		</li>
	);
}

export function nameOf(field: string, v: { value: string; name: string }): string {
	if (field === 'risk')
		return w.risk[v.value as keyof typeof w.risk] ?? v.name;
	if (field === 'state')
		return w.state[v.value as keyof typeof w.state] ?? v.name;
	return v.name;
}

function Facet({ name, values }: { name: FacetName; values: FacetValue[] }) {
	const [all, setAll] = useState(false);
	const [q, setQ] = useState('');
	if (values.length === 0) return null;
	const p = params.value;
	const low = q.trim().toLowerCase();
	/* what is chosen is always seen, or it could not be taken back */
	const shown = values.filter((v, n) => (all
		? `${nameOf(name, v)} ${v.value}`.toLowerCase().includes(low) : n < FEW)
		|| p.getAll(name).includes(v.value) || p.getAll('-' + name).includes(v.value));
	return (
		<section class="facet">
			<h3>{w.field[name]}</h3>
			{all && values.length > MANY && (
				<input
					class="input" type="search" value={q}
					aria-label={w.findings.findValue(w.field[name])}
					placeholder={w.findings.findValue(w.field[name])}
					onInput={(e) => setQ(e.currentTarget.value)}
				/>
			)}
			<ul>
				{shown.map((v) => (
					<Value key={v.value} name={name} v={v} />
				))}
			</ul>
			{(all || shown.length < values.length) && (
				<button
					type="button" class="link-btn small"
					onClick={() => {
						setAll(!all);
						setQ('');
					}}
				>
					{all ? w.findings.fewer : w.findings.moreValues(values.length - shown.length)}
				</button>
			)}
		</section>
	);
}

export function FacetPanel(
	{ data, open, onClose }: {
		data: Data | undefined; open: boolean; onClose: () => void;
	},
) {
	return (
		<aside
			class={`facets${open ? ' open' : ''}`} aria-label={w.findings.filters}
			tabIndex={-1}
		>
			<h2>
				<Icon name="filters" size={14} />
				<span class="grow">{w.findings.filters}</span>
				{open && (
					<button
						type="button" class="icon-btn filter-button"
						aria-label={w.common.close} onClick={onClose}
					>
						<Icon name="x" />
					</button>
				)}
			</h2>
			{data && SHOWN.map((n) => <Facet key={n} name={n} values={data[n]} />)}
		</aside>
	);
}

interface ChipData {
	field: string;
	not: boolean;
	value: string;
	word: string;
}

/* What the address says is filtered, with the names that the facets know. */
export function chipsOf(p: URLSearchParams, data: Data | undefined): ChipData[] {
	const out: ChipData[] = [];
	for (const [key, value] of p) {
		const not = key.startsWith('-');
		const field = not ? key.slice(1) : key;
		if (!(field in w.field)) continue;
		const known = data?.[field as FacetName]?.find((v) => v.value === value);
		const word = nameOf(field, known ?? { value, name: value });
		out.push({ field, not, value, word });
	}
	return out;
}

export function Chips(
	{ data, under }: { data: Data | undefined; under: string | undefined },
) {
	const p = params.value;
	return (
		<>
			{chipsOf(p, data).filter((c) => c.field !== 'q').map((c) => {
				const key = (c.not ? '-' : '') + c.field;
				const field = w.field[c.field as keyof typeof w.field];
				const word = c.field === 'under' ? under ?? '…' : c.word;
				return (
					<span key={key + c.value} class="chip">
						<span>
							{field}
							{c.not && ` ${w.findings.not}`}
						</span>
						<b class="cut">{word}</b>
						<button
							type="button"
							aria-label={w.findings.removeFilter(`${field} ${word}`)}
							onClick={() => apply(toggled(p, key, c.value))}
						>
							<Icon name="x" size={13} />
						</button>
					</span>
				);
			})}
		</>
	);
}
