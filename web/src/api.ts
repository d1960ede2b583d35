/*
 * The one place that calls fetch. Everything the console knows comes through
 * here, and every failure leaves as a Failure with words for a person.
 */
import { w } from './words';
import type * as T from './types';

const BASE = '/api/v1';

export class Failure extends Error {
	constructor(
		readonly status: number,
		readonly title: string,
		readonly detail: string,
		readonly fields: Record<string, string> = {},
		readonly retryAfter = 0,
	) {
		super(detail || title);
	}
}

type Body = Record<string, unknown>;
interface Options {
	body?: object | undefined;
	signal?: AbortSignal | undefined;
	match?: string | undefined;
	key?: string | undefined;
}

let onSignedOut: () => void = () => undefined;

/* Called when the server no longer knows our session. */
export function whenSignedOut(fn: () => void): void {
	onSignedOut = fn;
}

function fieldsOf(problem: Partial<T.Problem>): Record<string, string> {
	const out: Record<string, string> = {};
	for (const e of problem.errors ?? [])
		out[e.pointer.replace(/^[/?]/, '')] = e.detail;
	return out;
}

async function failureOf(answer: Response): Promise<Failure> {
	let problem: Partial<T.Problem> = {};
	try {
		problem = (await answer.json()) as Partial<T.Problem>;
	} catch {
		/* a proxy in between may answer with something else than JSON */
	}
	return new Failure(
		answer.status,
		problem.title ?? w.error.status(answer.status),
		problem.detail ?? '',
		fieldsOf(problem),
		Number(answer.headers.get('Retry-After') ?? 0),
	);
}

async function send(
	method: string, path: string, opt: Options = {},
): Promise<Response> {
	const headers: Record<string, string> = { Accept: 'application/json' };
	const init: RequestInit = { method, headers, credentials: 'same-origin' };
	if (opt.body) {
		headers['Content-Type'] = 'application/json';
		init.body = JSON.stringify(opt.body);
	}
	if (opt.match) headers['If-Match'] = opt.match;
	if (opt.key) headers['Idempotency-Key'] = opt.key;
	if (opt.signal) init.signal = opt.signal;
	let answer: Response;
	try {
		answer = await fetch(BASE + path, init);
	} catch (e) {
		if (e instanceof DOMException && e.name === 'AbortError') throw e;
		throw new Failure(0, w.error.offline, w.error.offlineDetail);
	}
	if (answer.ok) return answer;
	const failure = await failureOf(answer);
	if (failure.status === 401 && path !== '/session') onSignedOut();
	throw failure;
}

export async function ask<R>(method: string, path: string, opt?: Options): Promise<R> {
	const answer = await send(method, path, opt);
	if (answer.status === 204) return undefined as R;
	return (await answer.json()) as R;
}

const get = <R>(path: string, signal?: AbortSignal) =>
	ask<R>('GET', path, { signal });
const post = <R>(path: string, body?: Body | object, key?: string) =>
	ask<R>('POST', path, { body, key });

export function query(filter: URLSearchParams, more: Body = {}): string {
	const p = new URLSearchParams(filter);
	for (const [k, v] of Object.entries(more))
		if (v !== undefined && v !== null && v !== '') p.set(k, String(v));
	const s = p.toString();
	return s ? '?' + s : '';
}

export const none = new URLSearchParams();
const id = encodeURIComponent;

/* A key that lets the server recognise a request that is sent twice. */
export function requestKey(): string {
	return crypto.randomUUID();
}

export interface Tagged<V> {
	value: V;
	tag: string;
}

async function tagged<V>(
	method: string, path: string, opt?: Options,
): Promise<Tagged<V>> {
	const answer = await send(method, path, opt);
	return {
		value: (await answer.json()) as V,
		tag: answer.headers.get('ETag') ?? '*',
	};
}

export const api = {
	state: () => get<T.State>('/state'),
	setup: (code: string, name: string, password: string) =>
		post<T.Session>('/setup', { code, name, password }),
	session: () => get<T.Session>('/session'),
	signIn: (name: string, password: string) =>
		post<T.Session>('/session', { name, password }),
	signOut: () => ask<void>('DELETE', '/session'),

	overview: (s?: AbortSignal) => get<T.Overview>('/overview', s),

	findings: (f: URLSearchParams, at: number, limit: number, s?: AbortSignal) =>
		get<T.FindingPage>('/findings' + query(f, { at, limit }), s),
	facets: (f: URLSearchParams, s?: AbortSignal) =>
		get<T.Facets>('/findings/facets' + query(f), s),
	finding: (i: string, s?: AbortSignal) =>
		tagged<T.Finding>('GET', `/findings/${id(i)}`, { signal: s }),
	matches: (i: string, cursor: string | null) =>
		get<T.Page<T.Match>>(`/findings/${id(i)}/matches`
			+ query(none, { cursor, limit: 100 })),
	decide: (i: string, state: T.Decision, match: string) =>
		tagged<T.Finding>('PATCH', `/findings/${id(i)}`,
			{ body: { state }, match }),
	bulk: (body: Body) =>
		post<T.BulkResult>('/findings:bulk', body, requestKey()),
	exportUrl: (f: URLSearchParams, format: 'csv' | 'jsonl') =>
		BASE + '/findings/export' + query(f, { format }),

	targets: (parent: string | null, cursor: string | null) =>
		get<T.Page<T.TreeNode>>('/targets'
			+ query(none, { parent, cursor, limit: 200 })),
	target: (node: string, s?: AbortSignal) =>
		get<T.NodeDetail>(`/targets/${id(node)}`, s),

	scans: (cursor: string | null, s?: AbortSignal) =>
		get<T.Page<T.Scan>>('/scans' + query(none, { cursor, limit: 100 }), s),
	scan: (i: string, s?: AbortSignal) =>
		get<T.ScanDetail>(`/scans/${id(i)}`, s),
	startScan: (r: T.ScanRequest) => post<T.Scan>('/scans', r, requestKey()),
	control: (i: string, action: 'pause' | 'resume' | 'stop') =>
		post<T.Scan>(`/scans/${id(i)}/${action}`),
	coverage: (
		i: string, only: { reason?: string; target?: string | undefined },
		cursor: string | null, s?: AbortSignal,
	) => get<T.Page<T.CoverageRow>>(`/scans/${id(i)}/coverage`
		+ query(none, { ...only, cursor, limit: 100 }), s),
	coverageUrl: (i: string, format: 'csv' | 'jsonl') =>
		`${BASE}/scans/${id(i)}/coverage/export?format=${format}`,
	limits: (s?: AbortSignal) => get<{ items: T.Limit[] }>('/limits', s),

	agents: (cursor: string | null, s?: AbortSignal) =>
		get<T.AgentPage>('/agents' + query(none, { cursor, limit: 200 }), s),
	verify: (i: string, fingerprint: string) =>
		post<T.Agent>(`/agents/${id(i)}/verify`, { fingerprint }),
	block: (i: string) => post<T.Agent>(`/agents/${id(i)}/block`),
	unblock: (i: string) => post<T.Agent>(`/agents/${id(i)}/unblock`),
	remove: (i: string) => ask<void>('DELETE', `/agents/${id(i)}`),
	newToken: () =>
		post<T.NewToken>('/tokens',
			{ uses: 20, hours: 24 }, requestKey()),
	types: (s?: AbortSignal) => get<T.Page<T.DataType>>('/types', s),
};
