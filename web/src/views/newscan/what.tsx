/* What is looked for, and in which files. */
import type { DataType } from '../../types';
import { w } from '../../words';
import { PicturesChoice } from '../pictures';
import { Card } from './card';
import { type Change, type Draft, PRESETS } from './draft';
import { TypeList } from './typelist';

export function What(
	{ d, set, types }: { d: Draft; set: Change; types: readonly DataType[] },
) {
	return (
		<Card no={2} title={w.newScan.what} text={w.newScan.whatText}>
			<div class="presets" role="radiogroup" aria-label={w.newScan.what}>
				{PRESETS.map((p) => (
					<label key={p} class="preset">
						<input
							type="radio" name="preset" value={p}
							checked={d.preset === p}
							onChange={() => set({ preset: p })}
						/>
						<b>{w.newScan.presets[p].name}</b>
						<span class="dim">{w.newScan.presets[p].text}</span>
					</label>
				))}
			</div>
			{d.preset === 'own' && <TypeList d={d} set={set} types={types} />}
			<PicturesChoice p={d.pictures} set={(pictures) => set({ pictures })} />
			<div class="pictures">
				<label class="preset">
					<input
						type="checkbox" checked={d.skip}
						onChange={(e) => set({ skip: e.currentTarget.checked })}
					/>
					<b>{w.unchanged.skip}</b>
					<span class="dim">{w.unchanged.skipText}</span>
				</label>
			</div>
		</Card>
	);
}
