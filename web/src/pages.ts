/*
 * Rows of a long list that stay on the server: pages of a fixed size, fetched
 * when they come into view, a bounded number kept, all dropped when the filter
 * changes. A late answer to an old filter is thrown away.
 */
export interface Chunk<R> {
	items: R[];
	total: number | null;
	total_exact: boolean;
}

export type Fetch<R> = (
	at: number, limit: number, signal: AbortSignal,
) => Promise<Chunk<R>>;

export class PageCache<R> {
	total: number | null = null;
	exact = true;
	private rows = new Map<number, R[]>();
	private wanted = new Map<number, Promise<void>>();
	private stop = new AbortController();

	constructor(
		private readonly fetch: Fetch<R>,
		private readonly changed: () => void,
		private readonly failed: (e: unknown) => void,
		readonly size = 100,
		readonly keep = 40,
	) {}

	get(row: number): R | undefined {
		const page = Math.floor(row / this.size);
		const found = this.rows.get(page);
		if (found) {
			/* most recently used last */
			this.rows.delete(page);
			this.rows.set(page, found);
		}
		return found?.[row % this.size];
	}

	/* Ask for what is missing of the rows first..last. */
	want(first: number, last: number): Promise<void>[] {
		const out: Promise<void>[] = [];
		const end = this.total === null ? last : Math.min(last, this.total - 1);
		const from = Math.floor(Math.max(0, first) / this.size);
		for (let p = from; p <= Math.floor(Math.max(0, end) / this.size); p++) {
			if (this.rows.has(p)) continue;
			const busy = this.wanted.get(p) ?? this.load(p);
			this.wanted.set(p, busy);
			out.push(busy);
		}
		return out;
	}

	/* Change a row in place, where it is held. */
	patch(match: (row: R) => boolean, change: (row: R) => R): void {
		for (const [p, rows] of this.rows)
			this.rows.set(p, rows.map((r) => (match(r) ? change(r) : r)));
		this.changed();
	}

	/* Forget all; what is on its way will be ignored. */
	drop(): void {
		this.stop.abort();
		this.stop = new AbortController();
		this.rows.clear();
		this.wanted.clear();
		this.total = null;
	}

	private async load(page: number): Promise<void> {
		const { signal } = this.stop;
		try {
			const got = await this.fetch(page * this.size, this.size, signal);
			if (signal.aborted) return;
			this.rows.set(page, got.items);
			this.total = got.total ?? page * this.size + got.items.length;
			this.exact = got.total_exact;
			this.trim();
			this.changed();
		} catch (e) {
			if (!signal.aborted) this.failed(e);
		} finally {
			if (!signal.aborted) this.wanted.delete(page);
		}
	}

	private trim(): void {
		for (const page of this.rows.keys()) {
			if (this.rows.size <= this.keep) return;
			this.rows.delete(page);
		}
	}
}
