/* A real master and a real agent on loopback, in a folder of their own. */
import { execFile, spawn } from 'node:child_process';
import { chmodSync, createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync,
	writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ARTEFACTS, TOP } from './lib.mjs';

const run = promisify(execFile);
const BUILD = resolve(process.env.TRAWL_BUILD ?? join(TOP, 'build'));
const ENV = {
	...process.env, PATH: `${BUILD}:${process.env.PATH}`,
	TRAWL_CATALOGUE: process.env.TRAWL_CATALOGUE ?? join(TOP, 'schema/catalogue'),
	TRAWL_LIBEXEC: process.env.TRAWL_LIBEXEC ?? BUILD,
};

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

/* A bound, not a delay: goes on as soon as it is so. */
export async function until(what, fn, ms = 20_000) {
	const end = Date.now() + ms;
	for (;;) {
		const got = await fn();
		if (got) return got;
		if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
		await sleep(50);
	}
}

const freePort = () => new Promise((done) => {
	const s = createServer().listen(0, '127.0.0.1', () => {
		const { port } = s.address();
		s.close(() => done(port));
	});
});

const listens = (port) => new Promise((done) => {
	const s = connect(port, '127.0.0.1', () => {
		s.destroy();
		done(true);
	});
	s.on('error', () => done(false));
});

/* Numbers that pass the check digit and belong to nobody. */
const CARDS = ['4111111111111111', '5555555555554444', '378282246310005',
	'6011111111111117', '30569309025904', '3530111333300000'];

function luhn(stem) {
	let sum = 0;
	[...stem].reverse().forEach((c, n) => {
		const d = Number(c) * (n % 2 ? 1 : 2);
		sum += d > 9 ? d - 9 : d;
	});
	return stem + ((10 - (sum % 10)) % 10);
}

const visa = (n) => luhn('453214' + String(n * 7919 % 1e9).padStart(9, '0'));

/* A folder with something to find, and enough of it to see progress. */
export function makeFolder(dir, files) {
	for (const sub of ['exports/2026/q3', 'mail', 'config'])
		mkdirSync(join(dir, sub), { recursive: true });
	writeFileSync(join(dir, 'exports/2026/q3/orders.csv'),
		'name,card,amount\n' + CARDS.map((c, n) =>
			`customer ${n},${c},${n * 10}.00\n`).join(''));
	writeFileSync(join(dir, 'mail/note.txt'),
		'My credit card number is 4111 1111 1111 1111, please book it.\n');
	writeFileSync(join(dir, 'config/app.env'), 'DEBUG=1\nPORT=8080\n');
	for (let n = 0; n < files; n++) {
		const sub = join(dir, 'exports/2026', `batch-${n % 40}`);
		mkdirSync(sub, { recursive: true });
		writeFileSync(join(sub, `part-${n}.txt`),
			`order ${n}\ncard number: ${visa(n)}\n`
			+ 'nothing of interest on this line\n'.repeat(400));
	}
}

/* The test is root already and starts the agent itself, not as a service. */
function standIns(dir) {
	const bin = join(dir, 'bin');
	mkdirSync(bin, { recursive: true });
	const put = (name, text) =>
		writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
	put('sudo', 'exec "$@"');
	put('systemctl', 'echo "service: $*"');
	return bin;
}

export async function start() {
	const dir = mkdtempSync(join(tmpdir(), 'trawl-journey-'));
	chmodSync(dir, 0o755); /* the programs drop their rights */
	const log = createWriteStream(join(ARTEFACTS, 'programs.log'));
	const children = [];
	const [web, agents] = [await freePort(), await freePort()];
	const addresses = ['--web', `127.0.0.1:${web}`, '--agents', `127.0.0.1:${agents}`];
	const data = join(dir, 'master');
	const launch = (name, args, env = {}) => {
		const c = spawn(join(BUILD, name), args, { env: { ...ENV, ...env },
			stdio: ['ignore', 'pipe', 'pipe'] });
		c.stdout.pipe(log, { end: false });
		c.stderr.pipe(log, { end: false });
		c.ended = new Promise((r) => c.on('exit', r));
		children.push(c);
		return c;
	};
	const init = await run(join(BUILD, 'trawl-master'),
		['init', '--data', data, ...addresses], { env: ENV });
	log.write(init.stdout + init.stderr);
	const code = /\b[0-9A-Z]{4}(?:-[0-9A-Z]{4})+\b/.exec(init.stdout)?.[0];
	launch('trawl-master', ['run', '--data', data, ...addresses]);
	await until('the master to listen', async () =>
		(await listens(web)) && (await listens(agents)));
	return {
		dir, code, data, url: `https://127.0.0.1:${web}`,
		/* the very command that the console shows, for a state folder of ours */
		enrol: async (command, name) => {
			const r = await run('bash', ['-c', command], { timeout: 30_000,
				env: { ...ENV, PATH: `${standIns(dir)}:${ENV.PATH}`,
					TRAWL_STATE: join(dir, name) } });
			log.write(r.stdout + r.stderr);
			return r.stdout;
		},
		runAgent: (name, program = 'trawl-agent') => launch(program, ['run', '--state', join(dir, name),
			'--reconnect-base', '100ms', '--reconnect-cap', '1s']),
		agentStatus: async (name) => (await run(join(BUILD, 'trawl-agent'),
			['status', '--state', join(dir, name)], { env: ENV })).stdout,
		master: async (...args) => (await run(join(BUILD, 'trawl-master'),
			[...args, '--data', data], { env: ENV })).stdout,
		waitUnverified: (name, port = agents) => launch('trawl-agent', ['enroll',
			'--master', `127.0.0.1:${port}`, '--state', join(dir, name)]),
		log: () => readFileSync(join(ARTEFACTS, 'programs.log'), 'utf8'),
		stop: async () => {
			for (const c of children.reverse()) {
				if (c.exitCode !== null) continue;
				c.kill('SIGTERM');
				await Promise.race([c.ended, sleep(8000).then(() => c.kill('SIGKILL'))]);
			}
			log.end();
			rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
		},
	};
}
