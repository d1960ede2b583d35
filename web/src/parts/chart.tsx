/*
 * The trend, drawn by uPlot, which is loaded only when a chart is on the page.
 * Colours come from the tokens, so it is drawn anew when the theme changes.
 */
import type uPlot from 'uplot';
import { useEffect, useRef } from 'preact/hooks';
import { brief } from '../format';
import { theme } from '../state';

export interface TrendData {
	days: string[];
	open: number[];
	critical: number[];
}

const day = new Intl.DateTimeFormat('en', {
	month: 'short', day: 'numeric', timeZone: 'UTC',
});

/* light-dark() is resolved only in a real property of a real element */
function colours(el: HTMLElement): (name: string) => string {
	const probe = document.createElement('i');
	el.append(probe);
	const read = (name: string) => {
		probe.style.color = `var(--${name})`;
		return getComputedStyle(probe).color;
	};
	queueMicrotask(() => probe.remove());
	return read;
}

const LEAST = 226;

const sizeOf = (el: HTMLElement) => ({
	width: el.clientWidth,
	height: Math.max(LEAST, el.parentElement?.clientHeight ?? 0),
});

function options(el: HTMLElement, data: TrendData): uPlot.Options {
	const c = colours(el);
	const font = '11px "Inter Variable", system-ui, sans-serif';
	const axis = { stroke: c('dim'), font, ticks: { show: false } };
	return {
		...sizeOf(el),
		legend: { show: false },
		cursor: { drag: { x: false, y: false }, y: false },
		padding: [8, 24, 0, 0],
		scales: {
			x: { time: false },
			y: { range: (_u, _low, high) => [0, Math.max(4, high * 1.12)] },
		},
		axes: [
			{
				...axis, grid: { show: false }, size: 28, space: 84,
				incrs: [1, 2, 3, 7, 9, 14],
				values: (_u, ticks) => ticks.map((t) => {
					const d = data.days[t];
					return d ? day.format(new Date(d)) : '';
				}),
			},
			{
				...axis, size: 40, space: 40,
				grid: { stroke: c('line'), width: 1 },
				values: (_u, ticks) => ticks.map((t) =>
					(Number.isInteger(t) ? brief(t) : '')),
			},
		],
		series: [
			{},
			{
				stroke: c('accent'), width: 2, fill: c('accent-faint'),
				points: { show: data.days.length < 3 },
			},
			{
				stroke: c('crit'), width: 2,
				points: { show: data.days.length < 3 },
			},
		],
	};
}

export function Trend({ data, label }: { data: TrendData; label: string }) {
	const box = useRef<HTMLDivElement>(null);
	const now = theme.value;
	useEffect(() => {
		let plot: uPlot | undefined;
		let gone = false;
		const el = box.current;
		const resize = new ResizeObserver(() => {
			if (plot && el) plot.setSize(sizeOf(el));
		});
		void import('./uplot').then(({ default: Plot }) => {
			if (gone || !el) return;
			const x = data.days.map((_, n) => n);
			plot = new Plot(options(el, data), [x, data.open, data.critical], el);
			resize.observe(el);
		});
		return () => {
			gone = true;
			resize.disconnect();
			plot?.destroy();
		};
	}, [data, now]);
	const last = data.open.length - 1;
	return (
		<figure>
			<div
				ref={box} class="chart" role="img"
				aria-label={`${label}: ${data.open[last] ?? 0}, `
					+ `${data.critical[last] ?? 0}`}
			/>
		</figure>
	);
}
