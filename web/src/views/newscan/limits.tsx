/* How much one object may cost. */
import { Field } from '../../parts/form';
import type { Limit } from '../../types';
import { w } from '../../words';
import {
	type Change, type Draft, limitBad, limitsOf, limitText, rangeOf, titleOf,
} from './draft';

/* Made of the table that the server has: a new limit is there by itself. */
export function Limits(
	{ d, set, limits }: { d: Draft; set: Change; limits: readonly Limit[] },
) {
	const set_ = Object.keys(limitsOf(d, limits)).length;
	return (
		<details class="card limits">
			<summary>
				<h2>{w.newScan.limits}</h2>
				{set_ > 0 && <span class="pill">{w.newScan.limitsSet(set_)}</span>}
			</summary>
			<p class="dim">{w.newScan.limitsText}</p>
			<div class="limit-fields">
				{limits.map((l) => (
					<Field
						key={l.name} label={titleOf(l)} hint={rangeOf(l)}
						wrong={limitBad(d, l) ? rangeOf(l) : undefined}
					>
						{(f) => (
							<input
								{...f} class="input num" inputMode="numeric"
								value={d.limits[l.name] ?? ''}
								placeholder={limitText(l.default, l.unit)}
								onInput={(e) => set({ limits: {
									...d.limits, [l.name]: e.currentTarget.value,
								} })}
							/>
						)}
					</Field>
				))}
			</div>
		</details>
	);
}
