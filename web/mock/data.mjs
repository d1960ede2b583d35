/*
 * Made-up hosts and findings, the same on every run, so that pages can be
 * looked at. No number here is anybody's.
 */
export function random(seed) {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export const CATEGORIES = {
	card: 'Cardholder data', personal: 'Personal data',
	bank: 'Bank accounts', secret: 'Secrets',
};

const type = (id, name, category, risk) => ({
	id, name, category, category_name: CATEGORIES[category], risk,
	countries: '*', findings: 0, current: true,
});

export const TYPES = [
	type('card_visa', 'Visa', 'card', 'critical'),
	type('card_mastercard', 'Mastercard', 'card', 'critical'),
	type('card_amex', 'American Express', 'card', 'critical'),
	type('card_discover', 'Discover', 'card', 'critical'),
	type('us_ssn', 'US SSN', 'personal', 'high'),
	type('email', 'E-mail address', 'personal', 'low'),
	type('phone', 'Phone number', 'personal', 'low'),
	type('iban', 'IBAN', 'bank', 'medium'),
	type('secret.aws_access_key', 'AWS access key', 'secret', 'critical'),
	type('secret.private_key', 'Private key', 'secret', 'critical'),
	type('secret.github_token', 'GitHub token', 'secret', 'high'),
	type('secret.slack_token', 'Slack token', 'secret', 'high'),
];

/* As many as a catalogue has, so that a page shows what it does with them. */
export const CATALOGUE = [...TYPES,
	...Array.from({ length: 360 }, (_, n) =>
		type(`secret.vendor_${n}`, `Vendor ${n + 1} API key`, 'secret', 'high')),
	...['at', 'be', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'se'].flatMap((c) =>
		['identity card', 'passport', 'tax number', 'driving licence'].map((k) =>
			type(`${c}_${k.replace(' ', '_')}`, `${c.toUpperCase()} ${k}`,
				'personal', 'high')))];

const HOSTS = [
	['pay-db-01', 'Payments', 9], ['pay-app-01', 'Payments', 6],
	['pay-app-02', 'Payments', 5], ['settle-01', 'Payments', 4],
	['fin-fs-01', 'Finance', 3.5], ['fin-sql-02', 'Finance', 3],
	['sap-app-01', 'Finance', 2.5], ['hr-fs-01', 'HR', 2],
	['hr-mail', 'HR', 1.8], ['git-01', 'Engineering', 1.5],
	['build-04', 'Engineering', 1.2], ['jenkins-02', 'Engineering', 1],
	['artifacts', 'Engineering', 0.9], ['pos-gw-03', 'Retail', 0.8],
	['shop-web-02', 'Retail', 0.7], ['onedrive-corp', 'Cloud', 0.3],
];

const FOLDERS = [
	'/srv/exports/2025/q3/', '/srv/git/payments/config/', '/etc/app/',
	'/var/backups/nightly/', '/home/alice/Documents/', '/data/archive/statements/',
	'/shares/finance/invoices/', '/opt/pos/journal/', '/var/log/app/',
];
const FILES = [
	'orders.sql.gz', 'payroll.xlsx', 'customers.parquet', 'id_rsa', 'mailbox.pst',
	'notes.txt', 'statement.docx', '.env', 'settlement.csv', 'chargebacks.xlsx',
	'dump.tar.gz', 'debug.log',
];
const STATES = ['open', 'open', 'open', 'open', 'confirmed', 'false_positive', 'gone'];
const RISK = ['critical', 'high', 'medium', 'low'];

export function hosts(now) {
	return HOSTS.map(([name, group, weight], n) => ({
		id: String(n + 1), name, group, weight,
		os: n % 5 === 4 ? 'Ubuntu 24.04 LTS' : 'Debian GNU/Linux 12 (bookworm)',
		arch: 'x86_64', addresses: [`10.0.3.${n + 7}`],
		state: n === 13 ? 'unverified' : n === 14 ? 'blocked' : 'verified',
		online: n !== 11 && n !== 14,
		last_seen: new Date(now - (n === 11 ? 86400e3 * 3 : 20e3)).toISOString(),
		version: n === 5 ? '0.0.9' : '0.1.0',
		fingerprint: `3f9a-77c${n.toString(16)}-05de-b2${(n + 16).toString(16)}`,
		tasks: n < 2 ? 1 : 0,
		certificate_ends: new Date(now + 86400e3 * 20).toISOString(),
		load: n === 11 || n === 14 ? null : [0.12, 0.47, 1.34, 0.03][n % 4], cpus: 8,
		enrolled: new Date(now - 86400e3 * 40).toISOString(),
		target: String(n + 1), findings: 0, critical: 0,
		program: 'trawl-agent', kinds: [], credentials: [],
	}));
}

export function findings(count, all, now) {
	const r = random(7);
	const pick = (list) => list[Math.floor(r() * list.length)];
	const sum = all.reduce((s, h) => s + h.weight, 0);
	const host = () => {
		let x = r() * sum;
		return all.find((h) => (x -= h.weight) < 0) ?? all[0];
	};
	const out = [];
	for (let n = 1; n <= count; n++) {
		const h = host();
		const t = pick(TYPES);
		const [stem, ...ext] = pick(FILES).split('.');
		const name = `${stem || '.env'}-${1 + Math.floor(r() * 900)}`
			+ (stem && ext.length ? '.' + ext.join('.') : '');
		const broad = r() < 0.15;
		const seen = now - Math.floor(r() * 25 * 86400e3);
		out.push({
			id: String(n), risk: broad ? RISK[Math.min(3, RISK.indexOf(t.risk) + 1)]
				: t.risk,
			type: t.id, type_name: t.name, category: t.category, target: h.id,
			agent: h.id, host: h.name, group: h.group, path: pick(FOLDERS) + name,
			matches: 1 + Math.floor(r() ** 3 * 880), confidence: broad ? 62 : 95,
			level: broad ? 'broad' : 'strict', state: pick(STATES), scan: '3',
			first_seen: new Date(seen).toISOString(),
			last_seen: new Date(Math.min(now, seen + 86400e3)).toISOString(),
		});
	}
	return out;
}

const LINES = {
	card: ['INSERT INTO orders VALUES (88121, ', '411111******1111', ", '11/27', 'J ORTIZ')"],
	personal: ['employee;', '***-**-4821', ';KELLER, MARTA;1986-04-**'],
	bank: ['pay to ', 'DE89************3000', ' before the end of the month'],
	secret: ['aws_access_key_id = ', 'AKIA************', ''],
};
const REASONS = {
	card: ['check digit is valid', 'prefix and length belong to a known issuer',
		'a word of the type stands near'],
	personal: ['every part lies in its allowed range',
		'column or key has a name of the type'],
	bank: ['check digit is valid', 'country prefix and length are registered'],
	secret: ['prefix is reserved for this kind of secret',
		'looks random, not like a word'],
};

export function matches(f, from, count) {
	const [before, masked, after] = LINES[f.category];
	const out = [];
	for (let n = from; n < Math.min(f.matches, from + count); n++)
		out.push({
			place: f.path.endsWith('.xlsx') ? 'Sheet1!C' + (n + 2) : '',
			offset: 214 + n * 96, length: masked.length, confidence: f.confidence,
			level: f.level, reasons: REASONS[f.category],
			also: f.category === 'personal' && n % 5 === 1
				? ['pl_nip', 'ru_inn'] : [],
			masked,
			context: before + masked + after, fingerprint: '9f2c1b77e04da417',
		});
	return out;
}

export const reasons = (f) => REASONS[f.category];
