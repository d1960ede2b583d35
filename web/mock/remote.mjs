/* Made-up targets on other hosts, the proxies that read them, and their kinds. */
const kind = (scheme, title, ports, form, access, options, honesty, text, tested) => ({
	scheme, title, ports, form, access: access.split(' '),
	options: options ? options.split(' ') : [], honesty, honesty_text: text, tested,
});

export const KINDS = [
	kind('sftp', 'files over SFTP', '22', 'sftp://USER@HOST[:PORT]/PATH',
		'user password key passphrase agent', 'host_key include exclude max_size',
		'product', 'tested against the product', 'OpenSSH 9.2'),
	kind('s3', 'a bucket of S3 or of a store like it', '443',
		's3://BUCKET/[PREFIX][?endpoint=URL&region=NAME]', 'user password token',
		'endpoint region', 'protocol',
		'tested against a protocol-compatible server', 'OpenStack Swift 2.30 (s3api)'),
	kind('pgsql', 'tables of PostgreSQL', '5432',
		'pgsql://USER@HOST[:PORT]/DATABASE', 'user password ca', '',
		'product', 'tested against the product', 'PostgreSQL 15'),
];

const KEY = `SHA256:${'kP7'.repeat(14)}M`;
const UNKNOWN = 'nobody has approved the host key of files.example, '
	+ `${KEY} (ED25519): compare it with ssh-keygen -l there, then give `
	+ `--option host_key=${KEY}`;

export function proxies(from, now) {
	const row = (id, name, online, kinds, credentials) => ({
		id, name, group: '', weight: 0, os: 'Debian GNU/Linux 12 (bookworm)',
		arch: 'x86_64', addresses: ['10.0.9.7'], state: 'verified', online,
		last_seen: new Date(now - 9e3).toISOString(), version: '0.1.0',
		fingerprint: `91be-07d${id}-44c1-aa0${name.slice(-1)}`, tasks: 0,
		certificate_ends: new Date(now + 86400e3 * 20).toISOString(),
		load: online ? 0.08 : null, cpus: 4,
		enrolled: new Date(now - 86400e3 * 3).toISOString(), target: null,
		findings: 0, critical: 0, program: 'trawl-proxy-agent', kinds, credentials,
	});
	return [row(String(from), 'proxy-1', true, ['sftp', 'ssh', 's3'], ['files', 'backup']),
		row(String(from + 1), 'proxy-2', false, ['sftp', 'pgsql'], [])];
}

const bare = (id, url, o) => ({
	id, name: url.replace(/^.*:\/\/(.*@)?/, '').replace(/\/$/, ''), group: '',
	kind: url.split(':')[0], url, options: {}, credential: '', reader: 'any',
	reader_name: null, created: new Date().toISOString(), last_scan: null,
	findings: 0, critical: 0, matches: 0, last: null, ...o,
});

export const remotes = () => [
	bare('901', 'sftp://svc@files.example/srv', {
		name: 'File server', credential: 'files', reader: 'group:1',
		reader_name: 'dmz',
		last: { scan: '3', state: 'failed', ended: new Date().toISOString(),
			message: UNKNOWN, proxy: 'proxy-1' },
	}),
	bare('902', 'pgsql://audit@db.example/crm', {
		last: { scan: '5', state: 'queued', ended: null, proxy: null,
			message: 'no proxy that reads pgsql:// is there' },
	}),
];

export const groups = (p) => [{ id: '1', name: 'dmz',
	created: new Date().toISOString(),
	members: p.slice(0, 1).map((a) => ({ id: a.id, host: a.name })) }];

const withTargets = (w, g) => ({ ...g,
	targets: w.remotes.filter((t) => t.reader === `group:${g.id}`).length });

const membersOf = (w, ids) => w.agents.filter((a) => ids?.includes(a.id))
	.map((a) => ({ id: a.id, host: a.name }));

const readerName = (w, reader) => {
	const [what, id] = (reader ?? 'any').split(':');
	const from = what === 'group' ? w.groups : what === 'proxy' ? w.agents : [];
	return from.find((x) => x.id === id)?.name ?? null;
};

/* Host keys are met first until they are approved; then there are two levels. */
function outcome(t, what, path) {
	const done = { state: 'done', status: 'good', why: null, entries: [], more: false };
	if (t.kind === 'sftp' && !t.options.host_key)
		return { ...done, status: 'denied', why: UNKNOWN };
	if (what === 'test') return done;
	const base = (path ?? t.url).replace(/\/$/, '');
	return { ...done, entries: [
		...(path ? [] : [{ path: `${base}/sales`, size: 0, folder: true, reason: null }]),
		{ path: `${base}/orders.csv`, size: 20480, folder: false, reason: null },
		{ path: `${base}/private.key`, size: 1024, folder: false,
			reason: 'no permission to read it' },
	] };
}

/* The lines of the table of routes. page, must and Problem are the server's. */
export const routes = ({ page, must, Problem }) => [
	['GET', /^kinds$/, () => ({ items: KINDS, total: KINDS.length })],
	['GET', /^remote-targets$/, (w) => page(w.remotes)],
	['POST', /^remote-targets$/, (w, b) => {
		if (/:\/\/[^/@]*:[^/@]*@/.test(b.url))
			throw new Problem(422, 'The request is not valid',
				'The address holds a password. Keep it where it is used: '
				+ '`trawl-proxy-agent credential add NAME` on each proxy that may '
				+ 'read the target, and give that NAME here.');
		const t = bare(String(910 + w.remotes.length), b.url, Object.fromEntries(
			Object.entries(b).filter(([k, v]) => k !== 'name' || v)));
		t.reader_name = readerName(w, t.reader);
		w.remotes.push(t);
		return t;
	}],
	['GET', /^remote-targets\/(\d+)$/, (w, _b, _q, id) => must(w.remotes, id)],
	['PATCH', /^remote-targets\/(\d+)$/, (w, b, _q, id) => {
		const t = Object.assign(must(w.remotes, id), b);
		t.reader_name = readerName(w, t.reader);
		return t;
	}],
	['POST', /^remote-targets\/(\d+)\/(test|probe)$/, (w, b, _q, id, what) => {
		const t = must(w.remotes, id);
		w.tries ??= [];
		w.tries.push({ id: String(w.tries.length + 1), proxy: 'proxy-1',
			...outcome(t, what, b.path) });
		return { id: w.tries.at(-1).id, proxy: 'proxy-1', state: 'waiting',
			status: null, why: null, entries: [], more: false };
	}],
	['GET', /^tries\/(\d+)$/, (w, _b, _q, id) => must(w.tries ?? [], id)],
	['DELETE', /^remote-targets\/(\d+)$/, (w, _b, _q, id) => {
		w.remotes = w.remotes.filter((t) => t !== must(w.remotes, id));
	}],
	['GET', /^proxy-groups$/, (w) => page(w.groups.map((g) => withTargets(w, g)))],
	['POST', /^proxy-groups$/, (w, b) => {
		const g = { id: String(w.groups.length + 1), name: b.name,
			created: new Date().toISOString(), members: membersOf(w, b.members) };
		w.groups.push(g);
		return withTargets(w, g);
	}],
	['PATCH', /^proxy-groups\/(\d+)$/, (w, b, _q, id) => {
		const g = must(w.groups, id);
		Object.assign(g, { name: b.name ?? g.name,
			members: membersOf(w, b.members) });
		return withTargets(w, g);
	}],
	['DELETE', /^proxy-groups\/(\d+)$/, (w, _b, _q, id) => {
		w.groups = w.groups.filter((g) => g !== must(w.groups, id));
	}],
];
