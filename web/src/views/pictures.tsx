/* Text in pictures: off, or read in the languages that are chosen. */
import { Field } from '../parts/form';
import { w } from '../words';

export interface Pictures {
	on: boolean;
	languages: ReadonlySet<string>;
	more: string; /* others by their names, as typed */
}

export const NO_PICTURES: Pictures = {
	on: false, languages: new Set(['eng']), more: '',
};

/* One order names so many at most. */
const MOST = 8;

const typed = (text: string): string[] =>
	text.split(/[\s,+]+/).filter(Boolean);

/* What the order says; nothing means that they are not read. */
export const languagesOf = (p: Pictures): string[] =>
	(p.on ? [...new Set([...p.languages, ...typed(p.more)])] : []);

/* What is wrong with it, or nothing. */
export function picturesProblem(p: Pictures): string {
	const all = languagesOf(p);
	if (!p.on) return '';
	if (all.length === 0) return w.pictures.needLanguage;
	const bad = all.find((l) => !/^[A-Za-z0-9_]{1,32}$/.test(l));
	if (bad) return w.pictures.badLanguage(bad);
	return all.length > MOST ? w.pictures.manyLanguages : '';
}

export const languageName = (code: string): string =>
	w.pictures.languages[code] ?? code;

interface Props { p: Pictures; set: (p: Pictures) => void }

function Languages({ p, set }: Props) {
	const flip = (code: string) => {
		const languages = new Set(p.languages);
		if (!languages.delete(code)) languages.add(code);
		set({ ...p, languages });
	};
	return (
		<div class="stack">
			<p class="note" role="note">{w.pictures.cost}</p>
			<fieldset class="bare">
				<legend class="hidden-label">{w.pictures.label}</legend>
				<div class="languages">
					{Object.entries(w.pictures.languages).map(([code, name]) => (
						<label key={code}>
							<input
								type="checkbox" checked={p.languages.has(code)}
								onChange={() => flip(code)}
							/>
							{name}
						</label>
					))}
				</div>
			</fieldset>
			<Field label={w.pictures.more} hint={w.pictures.moreHint}>
				{(f) => (
					<input
						{...f} class="input mono" spellcheck={false} value={p.more}
						onInput={(e) => set({ ...p, more: e.currentTarget.value })}
					/>
				)}
			</Field>
		</div>
	);
}

export function PicturesChoice({ p, set }: Props) {
	return (
		<div class="pictures">
			<label class="preset">
				<input
					type="checkbox" checked={p.on}
					onChange={() => set({ ...p, on: !p.on })}
				/>
				<b>{w.pictures.read}</b>
				<span class="dim">{w.pictures.readText}</span>
			</label>
			{p.on && <Languages p={p} set={set} />}
		</div>
	);
}
