/* What a person has chosen so far, and the order that comes of it. */
import { bytes, count } from '../../format';
import type {
	Agent, DataType, Limit, RemoteTarget, ScanRequest,
} from '../../types';
import { w } from '../../words';
import { type Pictures, picturesProblem } from '../pictures';

export type Preset = 'all' | 'cards' | 'personal' | 'secrets' | 'own';
export const PRESETS: readonly Preset[] =
	['all', 'cards', 'personal', 'secrets', 'own'];
/* Profiles of the catalogue that a preset stands for; none: its default one. */
const PROFILES: Record<Exclude<Preset, 'own'>, readonly string[]> = {
	all: [],
	cards: ['pci_dss'],
	personal: ['eu', 'uk', 'us', 'latam', 'apac', 'mea'].map((r) => `personal_${r}`),
	secrets: ['secrets'],
};
/* One order has so many ids and globs at most. */
const MOST_TYPES = 256;

export interface Draft {
	name: string;
	agents: ReadonlySet<string>;
	targets: ReadonlySet<string>; /* on other hosts */
	paths: string;
	preset: Preset;
	types: ReadonlySet<string>;
	limits: Readonly<Record<string, string>>; /* as typed; empty: the default */
	pictures: Pictures;
	skip: boolean; /* what has not changed */
}

export const pathsOf = (text: string): string[] =>
	[...new Set(text.split('\n').map((l) => l.trim()).filter(Boolean))];

/* Ids in few words: where all of "secret." are chosen, "secret.*" says so. */
export function inFewWords(
	chosen: ReadonlySet<string>, all: readonly DataType[],
): string[] {
	const groups = new Map<string, string[]>();
	for (const { id } of all) {
		const head = /^[a-z0-9]+[._]/.exec(id)?.[0] ?? id;
		groups.set(head, [...groups.get(head) ?? [], id]);
	}
	return [...groups].flatMap(([head, ids]) => (
		ids.length > 1 && ids.every((id) => chosen.has(id))
			? [`${head}*`] : ids.filter((id) => chosen.has(id))));
}

/* What the order says; nothing means the default profile. */
export function typesOf(d: Draft, all: readonly DataType[]): string[] {
	if (d.preset === 'own')
		return inFewWords(d.types, all.filter((t) => t.current));
	return PROFILES[d.preset].map((p) => `profile:${p}`);
}

/* The same read back: a choice by its name, else the ids. */
export function lookedFor(types: readonly string[]): string {
	const said = types.map((t) => t.replace(/^profile:/, ''));
	for (const [preset, ids] of Object.entries(PROFILES))
		if (ids.length === said.length && ids.every((id) => said.includes(id)))
			return w.newScan.presets[preset as Preset].name;
	return said.length > 4
		? `${said.slice(0, 3).join(', ')} +${said.length - 3}` : said.join(', ');
}

const POWERS: Record<string, number> = { k: 1, m: 2, g: 3, t: 4 };

/* "64 GiB", "120", "1.5g" as a number of the limit's unit; NaN when it is none. */
export function limitOf(text: string, unit: Limit['unit']): number {
	const m = /^([0-9]+(?:\.[0-9]+)?)\s*(?:([kmgt])i?b?|b)?$/i
		.exec(text.trim().replaceAll(',', ''));
	if (!m || (unit !== 'bytes' && /[^0-9.,\s]/.test(text))) return NaN;
	const v = Number(m[1]) * 1024 ** (POWERS[(m[2] ?? '').toLowerCase()] ?? 0);
	return Number.isSafeInteger(v) ? v : NaN;
}

export const limitText = (v: number, unit: Limit['unit']): string =>
	(unit === 'bytes' ? bytes(v)
		: `${count(v)} ${w.newScan.limitUnits[unit]}`.trim());

export function rangeOf(l: Limit): string {
	const [low, normal] = [limitText(l.low, l.unit), limitText(l.default, l.unit)];
	return l.high === null ? w.newScan.limitFrom(low, normal)
		: w.newScan.limitRange(low, limitText(l.high, l.unit), normal);
}

export const titleOf = (l: Limit): string =>
	l.text.charAt(0).toUpperCase() + l.text.slice(1);

export const limitBad = (d: Draft, l: Limit): boolean => {
	const text = d.limits[l.name]?.trim() ?? '';
	const v = limitOf(text, l.unit);
	return text !== '' && !(v >= l.low && v <= (l.high ?? Number.MAX_SAFE_INTEGER));
};

/* What of the table the order changes. */
export function limitsOf(
	d: Draft, table: readonly Limit[],
): Record<string, number> {
	return Object.fromEntries(table
		.filter((l) => (d.limits[l.name]?.trim() ?? '') !== '')
		.map((l) => [l.name, limitOf(d.limits[l.name] ?? '', l.unit)]));
}

/* What keeps it from starting, or nothing. */
export function problemOf(
	d: Draft, types: readonly DataType[], limits: readonly Limit[] = [],
): string {
	if (d.agents.size + d.targets.size === 0) return w.newScan.needHost;
	const paths = d.agents.size > 0 ? pathsOf(d.paths) : ['/'];
	if (paths.length === 0) return w.newScan.needPath;
	const bad = paths.find((p) => !p.startsWith('/'));
	if (bad) return w.newScan.badPath(bad);
	const over = limits.find((l) => limitBad(d, l));
	if (over) return w.newScan.badLimit(titleOf(over), rangeOf(over));
	const unread = picturesProblem(d.pictures);
	if (unread) return unread;
	if (d.preset !== 'own') return '';
	const asked = typesOf(d, types).length;
	if (asked === 0) return w.newScan.needType;
	return asked > MOST_TYPES ? w.newScan.manyTypes : '';
}

/* One order names so many agents at most; beyond that it means all of them. */
const MOST = 200;

export function whoOf(
	d: Draft, all: readonly Agent[],
): Pick<ScanRequest, 'agents' | 'all' | 'paths' | 'targets'> {
	const hosts = d.agents.size === 0 ? {} : {
		paths: pathsOf(d.paths),
		...(d.agents.size > MOST && d.agents.size === all.length
			? { all: true } : { agents: [...d.agents] }),
	};
	return d.targets.size === 0 ? hosts : { ...hosts, targets: [...d.targets] };
}

export function hostWords(
	d: Draft, agents: readonly Agent[], remotes: readonly RemoteTarget[],
): string {
	const names = [...agents.filter((a) => d.agents.has(a.id)),
		...remotes.filter((t) => d.targets.has(t.id))].map((a) => a.name);
	const first = names[0] ?? '';
	return names.length > 1 ? w.newScan.moreHosts(first, names.length - 1) : first;
}

export type Change = (change: Partial<Draft>) => void;
