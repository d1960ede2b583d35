/*
 * A tree whose branches are fetched when they are opened. Which are open is in
 * the address, so that a link shows what its sender saw.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api';
import { count } from '../format';
import { useKey } from '../hooks';
import type { NodeKind, TreeNode } from '../types';
import { go, params, setParam, withQuery } from '../url';
import { w } from '../words';
import { Icon, type IconName } from './icons';

const ICON: Record<NodeKind, IconName> = {
	group: 'folderTree', host: 'server', folder: 'folder', file: 'file',
};

export interface Branch {
	items: TreeNode[];
	total?: number | null;
	next: string | null;
	error?: unknown;
}

const ROOT = '';

export interface Line {
	node?: TreeNode;
	depth: number;
	more?: string; /* id of the parent that has more children */
	failed?: string;
}

/* What is seen of the tree, from top to bottom. */
export function linesOf(
	branches: ReadonlyMap<string, Branch>, open: ReadonlySet<string>,
	parent = ROOT, depth = 0,
): Line[] {
	const b = branches.get(parent);
	if (!b) return [];
	const out: Line[] = [];
	for (const node of b.items) {
		out.push({ node, depth });
		if (open.has(node.id))
			out.push(...linesOf(branches, open, node.id, depth + 1));
	}
	if (b.error) out.push({ depth, failed: parent });
	else if (b.next) out.push({ depth, more: parent });
	return out;
}

/* Where nobody made groups there is one without a name: not worth a level. */
async function childrenOf(id: string, cursor: string | null) {
	const page = await api.targets(id || null, cursor);
	const [only, more] = page.items;
	const bare = only?.kind === 'group' && !only.name && !more && !page.next;
	return id === ROOT && bare ? api.targets(only.id, cursor) : page;
}

export function useTree() {
	const [branches, setBranches] =
		useState<ReadonlyMap<string, Branch>>(new Map());
	const asked = useRef(new Set<string>());
	const open = new Set(params.value.getAll('open'));
	const put = (id: string, b: Branch) =>
		setBranches((now) => new Map(now).set(id, b));
	const load = useCallback(async (id: string, cursor: string | null, old: TreeNode[]) => {
		asked.current.add(id);
		try {
			const page = await childrenOf(id, cursor);
			put(id, {
				items: [...old, ...page.items], next: page.next,
				total: page.total,
			});
		} catch (error) {
			put(id, { items: old, next: cursor, error });
		}
	}, []);
	const want = [ROOT, ...open].join('\n');
	useEffect(() => {
		for (const id of want.split('\n'))
			if (!asked.current.has(id)) void load(id, null, []);
	}, [want]);
	const refresh = () => {
		for (const id of asked.current) void load(id, null, []);
	};
	const more = (id: string) => {
		const b = branches.get(id);
		void load(id, b?.next ?? null, b?.items ?? []);
	};
	return { branches, open, refresh, more };
}

export function toggleOpen(id: string): void {
	const p = new URLSearchParams(params.value);
	const now = p.getAll('open');
	p.delete('open');
	for (const o of now) if (o !== id) p.append('open', o);
	if (!now.includes(id)) p.append('open', id);
	go(withQuery('/targets', p), true);
}

const findingsOf = (n: TreeNode): string =>
	withQuery('/findings', new URLSearchParams(
		n.kind === 'host' && n.target ? { target: n.target } : { under: n.id }));

function Note({ n }: { n: TreeNode }) {
	const bad = n.state === 'partial' || n.state === 'unread';
	return (
		<span class="tree-note">
			{n.online === false && <span>{w.targets.offline}</span>}
			{n.state === 'never' && n.kind !== 'file' && n.kind !== 'folder' && (
				<span>{w.targets.never}</span>
			)}
			{n.message && (
				<span class="warn why" title={n.message}>{n.message}</span>
			)}
			{bad && (
				<span class="warn" title={n.reason ?? ''}>
					{n.reason ?? w.targets[n.state === 'unread' ? 'unread' : 'partial']}
				</span>
			)}
		</span>
	);
}

interface RowProps {
	n: TreeNode;
	depth: number;
	isOpen: boolean;
	at: boolean;
	id: string;
	pick: () => void;
}

function Row({ n, depth, isOpen, at, id, pick }: RowProps) {
	const name = n.name || w.overview.noGroup;
	const share = n.findings > 0 ? n.critical / n.findings : 0;
	return (
		<div
			id={id} role="treeitem" aria-level={depth + 1} aria-selected={at}
			aria-expanded={n.has_children ? isOpen : undefined}
			class={`tree-row${at ? ' cursor' : ''}`}
			style={{ '--depth': depth }} onClick={pick}
			onDblClick={() => n.has_children && toggleOpen(n.id)}
		>
			<span class="tree-name">
				{n.has_children ? (
					<button
						type="button" class="icon-btn" tabIndex={-1}
						aria-label={isOpen ? w.targets.collapse(name)
							: w.targets.expand(name)}
						onClick={() => toggleOpen(n.id)}
					>
						<Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={15} />
					</button>
				) : <span class="gap" />}
				<Icon name={n.url ? 'drive' : ICON[n.kind]} size={17} />
				<span
					class={`label cut${n.kind === 'host' || n.kind === 'group'
						? ' top' : ''}`}
					title={n.path ?? n.url ?? name}
				>
					{name}
				</span>
			</span>
			<Note n={n} />
			<span class="split-bar" aria-hidden="true">
				<i class="crit" style={{ width: `${share * 100}%` }} />
			</span>
			<span class={n.critical ? 'crit num end-cell' : 'dim num end-cell'}>
				{n.critical > 0 && w.targets.critical(n.critical)}
			</span>
			<a
				class="total num" tabIndex={-1} href={findingsOf(n)}
				title={w.targets.show}
				aria-label={`${w.targets.show}: ${count(n.findings)}`}
			>
				{count(n.findings)}
			</a>
		</div>
	);
}

interface TreeProps {
	branches: ReadonlyMap<string, Branch>;
	open: ReadonlySet<string>;
	more: (id: string) => void;
	picked: string | null;
}

const pickNode = (id: string) => setParam('node', id, true);

/* Left and right close and open, or step to the parent and the first child. */
function useTreeKeys(lines: Line[], open: ReadonlySet<string>, at: number) {
	const goTo = (n: number) => {
		const node = lines[n]?.node;
		if (node) pickNode(node.id);
		return node !== undefined;
	};
	const step = (by: number) => {
		let n = at + by;
		while (lines[n] && !lines[n]?.node) n += by;
		return goTo(at < 0 ? 0 : n);
	};
	useKey('down', () => step(1));
	useKey('up', () => step(-1));
	useKey('open', () => {
		const node = lines[at]?.node;
		if (!node) return false;
		if (node.has_children) toggleOpen(node.id);
		else go(findingsOf(node));
		return true;
	});
	const sideways = (right: boolean) => {
		const line = lines[at];
		const node = line?.node;
		if (!line || !node) return;
		const isOpen = open.has(node.id);
		if (node.has_children && right !== isOpen) toggleOpen(node.id);
		else if (right) step(1);
		else goTo(lines.slice(0, at).findLastIndex((l) => l.depth < line.depth));
	};
	return (e: KeyboardEvent) => {
		if (e.key === 'ArrowDown') step(1);
		else if (e.key === 'ArrowUp') step(-1);
		else if (e.key === 'ArrowRight') sideways(true);
		else if (e.key === 'ArrowLeft') sideways(false);
		else return;
		e.preventDefault();
	};
}

export function Tree({ branches, open, more, picked }: TreeProps) {
	const lines = linesOf(branches, open);
	const at = lines.findIndex((l) => l.node?.id === picked);
	const onKeys = useTreeKeys(lines, open, at);
	return (
		<div
			class="tree" role="tree" tabIndex={0} aria-label={w.targets.tree}
			aria-activedescendant={at >= 0 ? `tree-${at}` : undefined}
			onKeyDown={onKeys}
		>
			{lines.map((l, n) => (l.node ? (
				<Row
					key={l.node.id} id={`tree-${n}`} n={l.node} depth={l.depth}
					isOpen={open.has(l.node.id)} at={n === at}
					pick={() => l.node && pickNode(l.node.id)}
				/>
			) : (
				<div
					key={`more-${l.more ?? l.failed ?? ''}`} role="treeitem"
					aria-level={l.depth + 1} class="tree-row"
					style={{ '--depth': l.depth }}
				>
					<span class="tree-name">
						<span class="gap" />
						{l.failed !== undefined && (
							<span class="crit">{w.targets.failedChildren}</span>
						)}
						<button
							type="button" class="link-btn"
							onClick={() => more(l.more ?? l.failed ?? ROOT)}
						>
							{l.failed !== undefined ? w.common.retry : w.common.more}
						</button>
					</span>
				</div>
			)))}
		</div>
	);
}
