/* Types one by one: searched, and ticked by class. */
import { useId, useState } from 'preact/hooks';
import { RiskMark } from '../../parts/bits';
import { Icon } from '../../parts/icons';
import type { DataType } from '../../types';
import { w } from '../../words';
import type { Change, Draft } from './draft';

interface GroupProps {
	name: string;
	types: readonly DataType[];
	chosen: ReadonlySet<string>;
	open: boolean;
	put: (ids: readonly string[], on: boolean) => void;
}

/* A class of types: all of it with one tick, or opened and one by one. */
function TypeGroup({ name, types, chosen, open, put }: GroupProps) {
	const [shown, setShown] = useState(false);
	const list = useId();
	const on = types.filter((t) => chosen.has(t.id)).length;
	const whole = on === types.length;
	return (
		<div class="type-group">
			<div class="type-head">
				<label class="grow">
					<input
						type="checkbox" checked={whole} indeterminate={on > 0 && !whole}
						onChange={() => put(types.map((t) => t.id), !whole)}
					/>
					<b class="cut">{name}</b>
				</label>
				<button
					type="button" class="link-btn small num" disabled={open}
					aria-expanded={open || shown} aria-controls={list}
					onClick={() => setShown(!shown)}
				>
					{w.newScan.typesSome(on, types.length)}
					<span class="hidden-label">{w.newScan.typesOf(name)}</span>
					<Icon name={open || shown ? 'chevronDown' : 'chevronRight'} size={13} />
				</button>
			</div>
			<div id={list} hidden={!open && !shown}>
				{(open || shown) && types.map((t) => (
					<label key={t.id}>
						<input
							type="checkbox" checked={chosen.has(t.id)}
							onChange={() => put([t.id], !chosen.has(t.id))}
						/>
						<span class="cut grow">{t.name}</span>
						<RiskMark risk={t.risk} />
					</label>
				))}
			</div>
		</div>
	);
}

export function TypeList(
	{ d, set, types }: { d: Draft; set: Change; types: readonly DataType[] },
) {
	const [q, setQ] = useState('');
	const low = q.trim().toLowerCase();
	const fits = types.filter((t) => t.current
		&& `${t.name} ${t.id}`.toLowerCase().includes(low));
	const groups = [...new Set(fits.map((t) => t.category_name))];
	const put = (ids: readonly string[], on: boolean) => {
		const next = new Set(d.types);
		for (const id of ids)
			if (on) next.add(id);
			else next.delete(id);
		set({ types: next });
	};
	return (
		<div class="type-pick">
			<div class="row">
				<div class="search-box">
					<Icon name="search" />
					<input
						class="input" type="search" value={q}
						aria-label={w.newScan.typesSearch}
						placeholder={w.newScan.typesSearch}
						onInput={(e) => setQ(e.currentTarget.value)}
					/>
				</div>
				<span class="dim" role="status">
					{w.newScan.typesChosen(d.types.size)}
				</span>
			</div>
			<div
				class="type-list" role="group" aria-label={w.newScan.typesLabel}
				tabIndex={0}
			>
				{groups.map((g) => (
					<TypeGroup
						key={g} name={g} chosen={d.types} open={low !== ''} put={put}
						types={fits.filter((t) => t.category_name === g)}
					/>
				))}
				{groups.length === 0 && <p class="dim none">{w.newScan.typesNone}</p>}
			</div>
		</div>
	);
}
