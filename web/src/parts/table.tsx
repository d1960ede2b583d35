/*
 * A table over rows that stay on the server: only what is in view exists, and
 * pages are fetched as they come into view. The scroller is the grid.
 */
import {
	elementScroll, observeElementOffset, observeElementRect, Virtualizer,
} from '@tanstack/virtual-core';
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState }
	from 'preact/hooks';
import type { PageCache } from '../pages';

export const ROW = 38;
const HEAD = 34;
const OVERSCAN = 8;
/* browsers cannot make an element higher than about 33 million pixels */
const MOST = 800_000;

export type Grid = Virtualizer<HTMLDivElement, HTMLDivElement>;

export function useVirtual(count: number) {
	const box = useRef<HTMLDivElement>(null);
	const [, draw] = useReducer((n: number) => n + 1, 0);
	const options = {
		count: Math.min(count, MOST),
		getScrollElement: () => box.current,
		estimateSize: () => ROW,
		overscan: OVERSCAN,
		scrollMargin: HEAD,
		scrollPaddingStart: HEAD,
		observeElementRect,
		observeElementOffset,
		scrollToFn: elementScroll,
		onChange: () => draw(0),
	};
	const [grid] = useState<Grid>(() => new Virtualizer(options));
	grid.setOptions(options);
	useLayoutEffect(() => grid._didMount(), []);
	useLayoutEffect(() => grid._willUpdate());
	return { grid, box };
}

interface RowProps<R> {
	row: R | undefined;
	index: number;
	top: number;
	mark: string;
	total: number;
	picked: boolean;
	draw: (row: R, index: number, picked: boolean) => ComponentChildren;
	click: (row: R, index: number) => void;
}

export const rowId = (index: number): string => `row-${index}`;

/* Redrawn only when what it shows has changed: scrolling moves many rows. */
class Row<R> extends Component<RowProps<R>> {
	override shouldComponentUpdate(next: RowProps<R>): boolean {
		const now = this.props;
		return now.row !== next.row || now.top !== next.top
			|| now.mark !== next.mark || now.picked !== next.picked
			|| now.index !== next.index;
	}

	override render({ row, index, top, mark, picked, draw, click }: RowProps<R>) {
		return (
			<div
				id={rowId(index)} role="row" aria-rowindex={index + 2}
				aria-selected={picked}
				class={`grid-line grid-row${mark}${picked ? ' picked' : ''}`}
				style={{ transform: `translateY(${top}px)` }}
				onClick={() => row && click(row, index)}
			>
				{row ? draw(row, index, picked) : <Bones />}
			</div>
		);
	}
}

const Bones = () => (
	<>
		<span role="gridcell" />
		<span role="gridcell"><span class="bone" /></span>
		<span role="gridcell"><span class="bone" /></span>
	</>
);

interface TableProps<R> {
	label: string;
	cache: PageCache<R>;
	/* changes when the cache has something new to show */
	version: number;
	cursor: number;
	opened: string | undefined;
	isPicked: (row: R) => boolean;
	head: ComponentChildren;
	draw: RowProps<R>['draw'];
	click: RowProps<R>['click'];
	onGrid: (grid: Grid, box: HTMLDivElement) => void;
}

export function Table<R extends { id: string }>(p: TableProps<R>) {
	const total = p.cache.total ?? 0;
	const { grid, box } = useVirtual(total);
	const seen = grid.getVirtualItems();
	const first = seen[0]?.index ?? 0;
	const last = seen[seen.length - 1]?.index ?? 0;
	useEffect(() => {
		p.cache.want(first, last);
	}, [first, last, p.version, p.cache]);
	useEffect(() => {
		if (box.current) p.onGrid(grid, box.current);
	}, []);
	return (
		<div
			ref={box} class="grid-scroll" role="grid" tabIndex={0}
			aria-label={p.label} aria-rowcount={total + 1}
			aria-multiselectable="true"
			aria-activedescendant={p.cursor >= 0 ? rowId(p.cursor) : undefined}
		>
			<div class="grid-head-box" role="rowgroup">
				<div class="grid-line grid-head" role="row" aria-rowindex={1}>
					{p.head}
				</div>
			</div>
			<div
				class="grid-space" role="rowgroup"
				style={{ height: `${grid.getTotalSize()}px` }}
			>
				{seen.map((v) => {
					const row = p.cache.get(v.index);
					const mark = (v.index === p.cursor ? ' cursor' : '')
						+ (row && row.id === p.opened ? ' opened' : '');
					return (
						<Row<R>
							key={v.index} row={row} index={v.index}
							top={v.start - HEAD} mark={mark} total={total}
							picked={row ? p.isPicked(row) : false}
							draw={p.draw} click={p.click}
						/>
					);
				})}
			</div>
		</div>
	);
}
