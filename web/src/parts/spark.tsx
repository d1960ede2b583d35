/* A line of days, small, without axes; the figure beside it says the value. */
const W = 86;
const H = 30;

export function sparkPath(all: readonly number[]): string {
	/* what was before the first figure is not worth the width */
	const first = all.findIndex((v) => v !== 0);
	const series = first < 0 ? [] : all.slice(Math.max(0, first - 1));
	if (series.length < 2) return '';
	const low = Math.min(...series);
	const range = Math.max(...series) - low || 1;
	return series.map((v, n) => {
		const x = (n / (series.length - 1)) * W;
		const y = H - 2 - ((v - low) / range) * (H - 4);
		return `${n ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
	}).join('');
}

export function Spark({ series, tone }: { series: number[]; tone: string }) {
	const d = sparkPath(series);
	if (!d) return null;
	return (
		<svg
			class={`spark ${tone}`} viewBox={`0 0 ${W} ${H}`} aria-hidden="true"
			focusable="false"
		>
			<path d={d} />
		</svg>
	);
}
