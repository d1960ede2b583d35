/*
 * The contract of schema/api/openapi.yaml over made data, so that pages can be
 * worked on and looked at without a master: node mock/server.mjs [--port N]
 * [--fresh] [--empty]. It also serves dist/ with the headers of the master.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groups, proxies, remotes, routes as remoteRoutes } from './remote.mjs';
import { CATEGORIES, findings, hosts, matches, reasons, CATALOGUE } from './data.mjs';

export const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; "
	+ "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
	+ "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
	+ "require-trusted-types-for 'script'";
const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const MIME = {
	'.html': 'text/html; charset=utf-8', '.js': 'text/javascript',
	'.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
};
const RISKS = ['critical', 'high', 'medium', 'low'];
const OPEN = new Set(['open', 'confirmed']);
const GiB = 2 ** 30;

class Problem extends Error {
	constructor(status, title, detail = '') {
		super(title);
		this.status = status;
		this.detail = detail;
	}
}

/* ---- the world ---- */
function world({ fresh = false, empty = false, count = 12000 }) {
	const now = Date.now();
	const agents = empty || fresh ? [] : hosts(now);
	const some = empty || fresh ? [] : proxies(agents.length + 1, now);
	const found = empty || fresh ? [] : findings(count, agents, now);
	const began = empty || fresh ? [] : scans(now, agents);
	agents.push(...some);
	return {
		setup: fresh, user: fresh ? null : 'Anna Novak', signedIn: false,
		agents, findings: found, scans: began,
		remotes: some.length > 0 ? remotes() : [], groups: some.length > 0 ? groups(some) : [],
		streams: new Set(), version: '0.1.0', tokens: 0,
	};
}

const progress = (o) => ({
	done_objects: 0, done_bytes: 0, total_objects: null, total_bytes: null,
	total_exact: true, bytes_per_second: 0, eta_seconds: null, findings: 0,
	partial: 0, unread: 0, current: '', stalled: false, ...o,
});

function scan(id, name, state, hosts_, now, ago, p, took) {
	return {
		id, name, state, created: new Date(now - ago).toISOString(),
		started: state === 'queued' ? null : new Date(now - ago).toISOString(),
		ended: took ? new Date(now - ago + took).toISOString() : null,
		created_by: 'Anna Novak', message: state === 'failed'
			? 'the agent was removed while it ran' : null,
		agents: hosts_.map((h) => ({ id: h.id, host: h.name })),
		progress: progress(p),
	};
}

function scans(now, a) {
	const done = (n) => ({ done_objects: n * 900, done_bytes: n * GiB,
		total_objects: n * 900, total_bytes: n * GiB, findings: n * 31 });
	return [
		scan('5', 'PCI weekly · Payments', 'running', a.slice(0, 4), now, 36e5, {
			done_objects: 41200, done_bytes: 468.7 * GiB, total_objects: 60000,
			total_bytes: 640 * GiB, bytes_per_second: 214 * 2 ** 20,
			eta_seconds: [780, 900], findings: 18671, partial: 3, unread: 1,
			current: '/srv/exports/2025/q3/orders-714.sql.gz' }),
		scan('6', 'Finance file shares', 'running', a.slice(4, 6), now, 9e5, {
			done_objects: 9900, done_bytes: 117.9 * GiB, total_objects: 9950,
			total_bytes: 118 * GiB, bytes_per_second: 88 * 2 ** 20,
			eta_seconds: [1, 5], findings: 5569,
			current: '/shares/finance/invoices/2025.zip' }),
		scan('7', 'Secrets sweep · Engineering', 'paused', a.slice(9, 13), now, 7e5, {
			done_objects: 800, done_bytes: 12.4 * GiB, total_objects: 21000,
			total_bytes: 302 * GiB, findings: 847 }),
		scan('3', 'Everything · hr-fs-01', 'done', a.slice(7, 8), now, 864e5,
			{ ...done(64), partial: 9, unread: 4 }, 16e5),
		scan('2', 'Payment cards · pos-gw-03', 'stopped', a.slice(13, 14), now,
			2 * 864e5, done(12), 3e5),
		scan('1', 'First look', 'failed', a.slice(0, 1), now, 9 * 864e5, done(2), 1e5),
	];
}

/* ---- one predicate for rows, counts and export ---- */
const FIELDS = ['risk', 'type', 'category', 'target', 'agent', 'state', 'group',
	'scan'];

function fits(q, skip = '') {
	const tests = [];
	for (const f of FIELDS) {
		if (f === skip) continue;
		const yes = q.getAll(f);
		const no = q.getAll('-' + f);
		if (yes.length) tests.push((r) => yes.includes(r[f]));
		if (no.length) tests.push((r) => !no.includes(r[f]));
	}
	const text = (q.get('q') ?? '').toLowerCase();
	if (text) tests.push((r) => (r.host + r.path).toLowerCase().includes(text));
	const under = q.get('under');
	if (under) {
		const n = nodeOf(under);
		tests.push((r) => inNode(r, n));
	}
	return (r) => tests.every((t) => t(r));
}

const SORT = {
	risk: (a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk)
		|| b.matches - a.matches,
	'-matches': (a, b) => b.matches - a.matches,
	path: (a, b) => (a.host + a.path < b.host + b.path ? -1 : 1),
	'-found': (a, b) => (a.first_seen < b.first_seen ? 1 : -1),
};

const page = (items, total = items.length) =>
	({ items, next: null, total, total_exact: true });

function listFindings(w, q) {
	const limit = Number(q.get('limit') ?? 100);
	const at = Number(q.get('at') ?? 0);
	const sort = SORT[q.get('sort') ?? 'risk'];
	if (!sort || limit > 200) throw new Problem(400, 'The request is not valid');
	const all = w.findings.filter(fits(q)).sort(sort);
	return { ...page(all.slice(at, at + limit), all.length), at };
}

const FACETS = {
	risk: (r) => r.risk, type: (r) => r.type_name,
	category: (r) => CATEGORIES[r.category], target: (r) => r.host,
	agent: (r) => r.host, group: (r) => r.group, state: (r) => r.state,
};

function facets(w, q) {
	const out = {};
	for (const [f, name] of Object.entries(FACETS)) {
		const counts = new Map();
		for (const r of w.findings.filter(fits(q, f))) {
			const c = counts.get(r[f]) ?? { value: r[f], name: name(r), count: 0 };
			c.count++;
			counts.set(r[f], c);
		}
		const list = [...counts.values()].sort((a, b) => b.count - a.count);
		if (f === 'risk')
			list.sort((a, b) => RISKS.indexOf(a.value) - RISKS.indexOf(b.value));
		out[f] = list.slice(0, 200);
	}
	return out;
}

/* ---- the tree: g:GROUP, t:HOST, p:HOST:PATH ---- */
function nodeOf(id) {
	const [kind, host = '', ...rest] = id.split(':');
	return { kind, host, path: rest.join(':') };
}

const inNode = (r, n) => (n.kind === 'g' ? r.group === n.host
	: r.target === n.host && r.path.startsWith(n.path));

function node(w, id, name, kind, path, rows, children) {
	const open = rows.filter((r) => OPEN.has(r.state));
	const host = kind === 'host' ? w.agents.find((a) => 't:' + a.id === id) : null;
	return {
		id, kind, name, path, target: rows[0]?.target ?? host?.id ?? null,
		agent: host?.id ?? null, online: host ? host.online : null,
		findings: open.length,
		critical: open.filter((r) => r.risk === 'critical').length,
		matches: open.reduce((s, r) => s + r.matches, 0),
		state: kind === 'file' && /pst$/.test(name) ? 'partial'
			: host && rows.length === 0 ? 'never' : 'scanned',
		reason: kind === 'file' && /pst$/.test(name)
			? 'encrypted, no password is known' : null,
		last_scan: rows.length ? rows[0].last_seen : null,
		has_children: children, url: null, message: null,
	};
}

/* A target on another host: nothing of it was ever read. */
const remoteNode = (w, t) => ({
	...node(w, 't:' + t.id, t.name, 'host', null, [], false),
	target: t.id, state: 'never', url: t.url, message: t.last?.message ?? null,
});

function children(w, parent) {
	if (!parent) {
		return [...w.agents.filter((a) => a.target !== null).map((a) => {
			const rows = w.findings.filter((r) => r.target === a.id);
			return node(w, 't:' + a.id, a.name, 'host', null, rows, rows.length > 0);
		}), ...w.remotes.map((t) => remoteNode(w, t))]
			.sort((a, b) => b.critical - a.critical);
	}
	const n = nodeOf(parent);
	const base = n.path || '/';
	const groups = new Map();
	for (const r of w.findings) {
		if (!inNode(r, { ...n, path: base })) continue;
		const rest = r.path.slice(base.length);
		const cut = rest.indexOf('/');
		const name = cut < 0 ? rest : rest.slice(0, cut);
		const key = cut < 0 ? base + name : base + name + '/';
		groups.set(key, [...(groups.get(key) ?? []), r]);
	}
	return [...groups].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([path, rows]) => {
		const folder = path.endsWith('/');
		const name = path.slice(base.length).replace(/\/$/, '');
		return node(w, `p:${n.host}:${path}`, name, folder ? 'folder' : 'file',
			path, rows, folder);
	});
}

function target(w, id) {
	const n = nodeOf(id);
	const rows = w.findings.filter((r) => inNode(r, n));
	const a = w.agents.find((x) => x.id === n.host);
	const t = w.remotes.find((x) => x.id === n.host);
	if (t)
		return { ...remoteNode(w, t), breadcrumb: [], risks: [], categories: [],
			problems: null, scan: null, coverage: null };
	if (!a) throw new Problem(404, 'There is no such target');
	const f = facets({ findings: rows }, new URLSearchParams('state=open&state=confirmed'));
	return {
		...node(w, id, n.path ? n.path.replace(/\/$/, '').split('/').pop() : a.name,
			n.path ? 'folder' : 'host', n.path || null, rows, true),
		breadcrumb: [], risks: f.risk, categories: f.category,
		problems: n.path ? null : 13, scan: n.path ? null : '3',
		coverage: n.path ? null : totals(must(w.scans, '3')),
	};
}

/* ---- overview ---- */
const DAY = 86400e3;
const wave = (n, from, to, bend) => Array.from({ length: n }, (_, i) => {
	const x = i / (n - 1);
	return Math.round(from + (to - from) * x + bend * Math.sin(x * Math.PI));
});

function overview(w) {
	const open = w.findings.filter((r) => OPEN.has(r.state));
	const crit = open.filter((r) => r.risk === 'critical').length;
	const gone = w.findings.filter((r) => r.state === 'gone').length;
	const any = w.findings.length > 0;
	const groups = [...new Set(w.agents.map((a) => a.group))];
	const cats = Object.entries(CATEGORIES).map(([id, name]) => ({ id, name }));
	const series = (a, b, bend) => (any ? wave(30, a, b, bend) : [0]);
	const days = any ? 60 : 0;
	return {
		at: new Date().toISOString(),
		figures: {
			open: { value: open.length, change: any ? -0.142 : null,
				series: series(open.length * 1.16, open.length, -40) },
			critical: { value: crit, change: any ? -0.31 : null,
				series: series(crit * 1.45, crit, 0) },
			remediated: { value: gone, change: any ? 0.184 : null,
				series: series(gone * 0.84, gone, -60) },
			coverage: { value: any ? 0.87 : null, targets: 14, total: 16,
				change: any ? 4 : null, series: series(10, 14, 0) },
		},
		trend: {
			days: Array.from({ length: days }, (_, n) =>
				new Date(Date.now() - (59 - n) * DAY).toISOString().slice(0, 10)),
			open: days ? wave(60, open.length * 0.82, open.length, open.length * 0.2)
				: [],
			critical: days ? wave(60, crit * 1.2, crit, crit * 0.4) : [],
		},
		scans: w.scans.filter((s) => ['running', 'paused', 'queued']
			.includes(s.state)).slice(0, 5),
		heat: {
			categories: any ? cats : [],
			rows: groups.map((g) => ({ id: g, name: g, cells: cats.map((c) =>
				open.filter((r) => r.group === g && r.category === c.id).length) })),
		},
		targets: w.agents.map((a) => {
			const own = open.filter((r) => r.target === a.id);
			return { id: a.id, node: 't:' + a.id, name: a.name, group: a.group,
				findings: own.length,
				critical: own.filter((r) => r.risk === 'critical').length };
		}).filter((t) => t.findings).sort((a, b) => b.critical - a.critical)
			.slice(0, 7),
		recent: [...w.findings].sort(SORT['-found']).slice(0, 5),
		agents: {
			total: w.agents.length,
			online: w.agents.filter((a) => a.online).length,
			unverified: w.agents.filter((a) => a.state === 'unverified').length,
		},
	};
}

/* ---- single things ---- */
const must = (list, id) => {
	const x = list.find((i) => i.id === id);
	if (!x) throw new Problem(404, 'There is no such thing');
	return x;
};

function finding(w, id) {
	const f = must(w.findings, id);
	const parts = f.path.split('/').filter(Boolean);
	const crumb = (n) => ({ id: `p:${f.target}:/${parts.slice(0, n + 1).join('/')}`
		+ (n + 1 < parts.length ? '/' : ''),
	kind: n + 1 < parts.length ? 'folder' : 'file', name: parts[n] });
	return {
		...f, reasons: reasons(f), items: matches(f, 0, 20),
		next: f.matches > 20 ? '20' : null,
		object: { size: 48213, mtime: new Date(Date.now() - 120 * DAY).toISOString(),
			mode: 33188, permissions: '-rw-r--r--', uid: 1001, gid: 50,
			coverage: 'full', reason: null },
		breadcrumb: [{ id: 'g:' + f.group, kind: 'group', name: f.group },
			{ id: 't:' + f.target, kind: 'host', name: f.host },
			...parts.map((_, n) => crumb(n))],
		others: w.findings.filter((o) => o.id !== f.id && o.path === f.path
			&& o.target === f.target).slice(0, 20),
		history: [
			...(f.by ? [{ at: f.at, actor: f.by, what: 'decided', to: f.state }] : []),
			{ at: f.last_seen, actor: null, what: 'seen', to: null },
			{ at: f.first_seen, actor: null, what: 'found', to: null },
		],
	};
}

function decide(w, f, state) {
	if (!['open', 'confirmed', 'false_positive'].includes(state))
		throw new Problem(400, 'The request is not valid');
	f.state = state;
	f.by = w.user;
	f.at = new Date().toISOString();
}

function bulk(w, b) {
	const rows = b.ids ? w.findings.filter((f) => b.ids.includes(f.id))
		: w.findings.filter(fits(new URLSearchParams(b.filter)));
	if (b.expected_count !== undefined && b.expected_count !== rows.length)
		throw new Problem(409, 'The list changed meanwhile');
	if (!b.dry_run) for (const f of rows) decide(w, f, b.state);
	return { matched: rows.length, changed: rows.length, dry_run: !!b.dry_run };
}

function scanDetail(w, id) {
	const s = must(w.scans, id);
	const n = s.agents.length || 1;
	return {
		...s, paths: ['/srv', '/home'], types: id === '5' ? ['card_*'] : [],
		min_confidence: 50,
		tasks: s.agents.map((a, i) => ({
			id: `${id}${i}`, agent: a.id, host: a.host, target: a.id,
			proxy: null, url: null, online: true,
			started: s.started, ended: s.ended, state: s.state, message: null,
			progress: { ...s.progress,
				done_bytes: Math.round(s.progress.done_bytes / n),
				total_bytes: s.progress.total_bytes
					&& Math.round(s.progress.total_bytes / n) },
		})),
		limits: id === '5' ? { depth: 4 } : {},
		skip_unchanged: id === '5',
		ocr: id === '5' ? ['eng', 'deu'] : [], coverage: totals(s),
	};
}

/* ---- coverage ---- */
const REASONS = {
	denied: 'no permission to read it',
	encrypted: 'encrypted, no password is known',
	unsupported: 'a method we cannot read',
	link: 'a link that is not followed',
};

/* Partly read ones have two places each; every scan met one link. */
function places(p) {
	const row = (n, more) => ({
		task: '1', target: '1', host: 'pay-db-01', number: 0,
		path: `/srv/exports/2025/q3/archive-${n}.zip`, place: '',
		coverage: 'none', reason: 'denied', parser: '', detail: '',
		size: 48213, read: 0, folder: false, members: 0, members_partial: 0,
		members_unread: 0, places: 0, ...more,
	});
	const rows = Array.from({ length: p.unread }, (_, n) => row(n, {}));
	for (let n = p.unread; n < p.unread + p.partial; n++) {
		const part = { coverage: 'partial', read: 20111, parser: 'zip' };
		rows.push(row(n, { ...part, reason: 'encrypted', place: 'private.csv',
			members: 9, members_unread: 2, places: 2 }));
		rows.push(row(n, { ...part, reason: 'unsupported', number: 1,
			place: 'old → 1998.dat', detail: 'method 98' }));
	}
	if (rows.length > 0)
		rows.push(row(0, { path: '/srv/latest', reason: 'link', size: 0 }));
	return rows.map((r) => ({ ...r, text: REASONS[r.reason] }));
}

function totals(s) {
	const p = s.progress;
	const rows = places(p);
	const first = rows.filter((r) => r.number === 0 && r.reason !== 'link');
	const unreadBytes = first.reduce((n, r) => n + r.size - r.read, 0);
	const lost = rows.filter((r) => r.reason !== 'link').length;
	return {
		whole: s.state === 'done' && lost === 0,
		objects: p.done_objects, partial: p.partial, unread: p.unread,
		full: p.done_objects - p.partial - p.unread, folders: 0,
		unchanged: 0, rested_seconds: 0,
		bytes: p.done_bytes, unread_bytes: unreadBytes, members: 1204,
		members_partial: 0, members_unread: p.partial * 2, places: lost,
		left_out: rows.length - lost,
		reasons: Object.entries(REASONS).map(([reason, text]) => ({
			reason, text, partial: 0, unread: 0, bytes: 0,
			places: rows.filter((r) => r.reason === reason).length,
			counts: reason !== 'link',
		})).filter((r) => r.places > 0).sort((a, b) => b.places - a.places),
	};
}

const coverage = (w, id, q) => page(places(must(w.scans, id).progress)
	.filter((r) => !q.get('reason') || r.reason === q.get('reason')));

const LIMITS = [
	['depth', 8, 1, 16, 'count', 'containers within containers'],
	['members', 1000000, 1, 1000000000, 'count', 'members of one object'],
	['output', 64 * GiB, 1, null, 'bytes', 'bytes that one object unpacks to'],
	['seconds', 600, 1, 1000000, 'seconds', 'CPU time of one object'],
].map(([name, normal, low, high, unit, text]) =>
	({ name, default: normal, low, high, unit, text }));

function startScan(w, b) {
	const chosen = [...w.agents.filter((a) => b.agents?.includes(a.id)),
		...w.remotes.filter((t) => b.targets?.includes(t.id))];
	if (!chosen.length || (b.agents?.length && !b.paths?.length))
		throw new Problem(400, 'The request is not valid');
	const s = scan(String(w.scans.length + 10), b.name ?? 'Scan', 'running', chosen,
		Date.now(), 0, { total_objects: 900, total_bytes: 6 * GiB,
			bytes_per_second: 210 * 2 ** 20, eta_seconds: [20, 40],
			current: b.paths?.[0] ?? '' });
	w.scans.unshift(s);
	return s;
}

function control(w, id, action) {
	const s = must(w.scans, id);
	s.state = { pause: 'paused', resume: 'running', stop: 'stopped' }[action];
	if (s.state === 'stopped') s.ended = new Date().toISOString();
	tell(w, 'scan', { id, state: s.state, progress: s.progress });
	return s;
}

function agentsPage(w) {
	const n = (f) => w.agents.filter(f).length;
	const order = { unverified: 0, verified: 1, blocked: 2 };
	return {
		...page([...w.agents].sort((a, b) => order[a.state] - order[b.state])),
		summary: {
			total: w.agents.length, online: n((a) => a.online),
			unverified: n((a) => a.state === 'unverified'),
			blocked: n((a) => a.state === 'blocked'),
			outdated: n((a) => a.version !== w.version),
		},
	};
}

function setAgent(w, id, state) {
	const a = must(w.agents, id);
	a.state = state;
	a.online = state === 'verified';
	tell(w, 'agent', { id, name: a.name, state, online: a.online });
	return a;
}

function token(w) {
	const secret = 'trawl1:scan.example:11117:' + 'a1'.repeat(32) + ':made-up-secret';
	return {
		id: String(++w.tokens), name: '', group: '', uses: 20, uses_left: 20,
		created: new Date().toISOString(),
		ends: new Date(Date.now() + DAY).toISOString(), token: secret,
		command: `sudo trawl-agent enroll ${secret} && `
			+ 'sudo systemctl enable --now trawl-agent',
	};
}

/* An agent turns up, as after its command was run. */
export function arrive(w, name = 'web-01') {
	const [a] = hosts(Date.now());
	const fresh = { ...a, id: String(w.agents.length + 1), name, tasks: 0,
		state: 'verified', online: true };
	w.agents.push(fresh);
	tell(w, 'agent', { id: fresh.id, name, state: 'verified', online: true });
}

const session = (w) => ({
	user: { id: '1', name: w.user, role: 'admin' },
	permissions: ['read', 'triage', 'scan', 'manage'], kind: 'cookie',
	created: new Date().toISOString(),
	ends: new Date(Date.now() + 12 * 36e5).toISOString(), idle_seconds: 1800,
});

/* ---- live ---- */
export function tell(w, name, data) {
	for (const s of w.streams)
		s.write(`id: ${Date.now()}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

export function step(w) {
	for (const s of w.scans) {
		if (s.state !== 'running') continue;
		const p = s.progress;
		p.done_bytes = Math.min(p.total_bytes, p.done_bytes + p.bytes_per_second);
		p.done_objects = Math.min(p.total_objects, p.done_objects + 17);
		const left = (p.total_bytes - p.done_bytes) / (p.bytes_per_second || 1);
		p.eta_seconds = [Math.round(left * 0.9), Math.round(left * 1.1)];
		p.findings += 3;
		if (p.done_bytes >= p.total_bytes && s.id !== '6') {
			s.state = 'done';
			s.ended = new Date().toISOString();
			p.current = '';
		}
		tell(w, 'scan', { id: s.id, state: s.state, progress: p });
	}
	if (w.findings.length) tell(w, 'finding', { open: 1, critical: 1, matches: 1, new: 1 });
}

/* ---- routes ---- */
const ROUTES = [
	['GET', /^state$/, (w) => ({ setup_required: w.setup, version: w.version,
		fingerprint: '5A:1F:0C:77:9B:11:52:E0:6C:3D:8A:40:AA:91:0F:2E:B7:C4:13:68:'
			+ '9D:05:F3:21:7E:4B:D6:58:92:EF:30:1C', signed_in: w.signedIn }), 'open'],
	['POST', /^setup$/, (w, b) => {
		if (!w.setup) throw new Problem(409, 'The set-up was done already');
		if (b.code !== '7KQF-2MXR-9TWD')
			throw new Problem(403, 'The set-up code is not right');
		Object.assign(w, { setup: false, user: b.name, signedIn: true });
		return session(w);
	}, 'open'],
	['POST', /^session$/, (w, b) => {
		if (b.password.length < 12) throw new Problem(401, 'Not signed in');
		w.signedIn = true;
		return session(w);
	}, 'open'],
	['GET', /^session$/, (w) => session(w)],
	['DELETE', /^session$/, (w) => void (w.signedIn = false)],
	['GET', /^overview$/, (w) => overview(w)],
	['GET', /^findings$/, (w, _b, q) => listFindings(w, q)],
	['GET', /^findings\/facets$/, (w, _b, q) => facets(w, q)],
	['POST', /^findings:bulk$/, (w, b) => bulk(w, b)],
	['GET', /^findings\/(\d+)$/, (w, _b, _q, id) => finding(w, id)],
	['PATCH', /^findings\/(\d+)$/, (w, b, _q, id) => {
		decide(w, must(w.findings, id), b.state);
		return finding(w, id);
	}],
	['GET', /^findings\/(\d+)\/matches$/, (w, _b, q, id) => {
		const f = must(w.findings, id);
		const at = Number(q.get('cursor') ?? 0);
		const items = matches(f, at, 100);
		const next = at + 100 < f.matches ? String(at + 100) : null;
		return { items, next, total: f.matches, total_exact: true };
	}],
	['GET', /^targets$/, (w, _b, q) => page(children(w, q.get('parent')))],
	['GET', /^targets\/(.+)$/, (w, _b, _q, id) => target(w, id)],
	['GET', /^scans$/, (w) => page(w.scans)],
	['POST', /^scans$/, (w, b) => startScan(w, b)],
	['GET', /^scans\/(\d+)$/, (w, _b, _q, id) => scanDetail(w, id)],
	['GET', /^scans\/(\d+)\/coverage$/, (w, _b, q, id) => coverage(w, id, q)],
	['GET', /^limits$/, () => ({ items: LIMITS, total: LIMITS.length })],
	['POST', /^scans\/(\d+)\/(pause|resume|stop)$/,
		(w, _b, _q, id, action) => control(w, id, action)],
	['GET', /^agents$/, (w) => agentsPage(w)],
	['POST', /^agents\/(\d+)\/verify$/, (w, _b, _q, id) => setAgent(w, id, 'verified')],
	['POST', /^agents\/(\d+)\/block$/, (w, _b, _q, id) => setAgent(w, id, 'blocked')],
	['POST', /^agents\/(\d+)\/unblock$/, (w, _b, _q, id) => setAgent(w, id, 'verified')],
	['DELETE', /^agents\/(\d+)$/, (w, _b, _q, id) => {
		w.agents = w.agents.filter((a) => a !== must(w.agents, id));
	}],
	...remoteRoutes({ page, must, Problem }),
	['POST', /^tokens$/, (w) => token(w)],
	['GET', /^types$/, () => page(CATALOGUE)],
	['POST', /^mock\/arrive$/, (w) => void arrive(w), 'open'],
];

async function bodyOf(req) {
	let text = '';
	for await (const chunk of req) text += chunk;
	return text ? JSON.parse(text) : {};
}

async function answer(w, req, url) {
	const path = decodeURIComponent(url.pathname.slice('/api/v1/'.length));
	for (const [method, pattern, run, open] of ROUTES) {
		const m = method === req.method && pattern.exec(path);
		if (!m) continue;
		if (!open && !w.signedIn) throw new Problem(401, 'Not signed in');
		return run(w, await bodyOf(req), url.searchParams, ...m.slice(1));
	}
	throw new Problem(404, 'There is no such resource');
}

function stream(w, req, res) {
	res.writeHead(200, { 'Content-Type': 'text/event-stream',
		'Cache-Control': 'no-store' });
	res.write(': hello\n\n');
	w.streams.add(res);
	req.on('close', () => w.streams.delete(res));
}

function asset(res, path) {
	let file = normalize(join(DIST, path));
	if (!file.startsWith(DIST)) file = join(DIST, 'index.html');
	if (!existsSync(file) || statSync(file).isDirectory()) {
		if (extname(path)) return void res.writeHead(404).end();
		file = join(DIST, 'index.html');
	}
	res.writeHead(200, {
		'Content-Type': MIME[extname(file)] ?? 'application/octet-stream',
		'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff',
		'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-cache',
	});
	createReadStream(file).pipe(res);
}

async function handle(w, req, res) {
	const url = new URL(req.url, 'http://localhost');
	if (!url.pathname.startsWith('/api/')) return asset(res, url.pathname);
	if (url.pathname === '/api/v1/events' && w.signedIn && !w.deaf)
		return stream(w, req, res);
	try {
		const out = await answer(w, req, url);
		if (out === undefined) return res.writeHead(204).end();
		res.writeHead(200, { 'Content-Type': 'application/json', 'ETag': '"1"',
			'Cache-Control': 'no-store' });
		res.end(JSON.stringify(out));
	} catch (e) {
		const status = e.status ?? 500;
		res.writeHead(status, { 'Content-Type': 'application/problem+json' });
		res.end(JSON.stringify({ type: '/problems/mock', title: e.message, status,
			detail: e.detail ?? '', instance: 'mock' }));
	}
}

/* Start one; the answer knows its world, its address and how to stop. */
export function serve(options = {}, port = 0) {
	const w = world(options);
	w.signedIn = options.signedIn ?? false;
	const server = createServer((req, res) => void handle(w, req, res));
	const timer = options.still ? undefined : setInterval(() => step(w), 1000);
	return new Promise((done) => server.listen(port, '127.0.0.1', () => done({
		world: w, url: `http://127.0.0.1:${server.address().port}`,
		stop: () => {
			clearInterval(timer);
			for (const s of w.streams) s.destroy();
			server.closeAllConnections?.();
			return new Promise((r) => server.close(r));
		},
	})));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const has = (flag) => process.argv.includes(flag);
	const at = process.argv.indexOf('--port');
	const m = await serve({ fresh: has('--fresh'), empty: has('--empty'),
		signedIn: !has('--fresh') && !has('--signed-out') },
	at > 0 ? Number(process.argv[at + 1]) : 8043);
	console.log(`made data at ${m.url}`);
}
