/*
 * The first three minutes of a newcomer, in Chromium, against the real
 * programs: from the set-up code to a finding that is decided, then the ways
 * that keys, filters and agents go. Screenshots lie in $ARTEFACTS.
 */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { axeBothThemes, browse, check, failed, settled, shot, TOP, verdict }
	from './lib.mjs';
import { makeFolder, start, until } from './world.mjs';

const { CSP } = await import(join(TOP, 'web/mock/server.mjs'));
const PASSWORD = 'a long made-up sentence';
const FILES = Number(process.env.JOURNEY_FILES ?? 4000);
const BUDGET_S = 180;

const world = await start();
const folder = join(world.dir, 'files');
mkdirSync(folder);
makeFolder(folder, FILES);
const { page, said, stop } = await browse();
const button = (name, root = page) => root.getByRole('button', { name, exact: true });
const link = (name) => page.getByRole('link', { name, exact: true });
let begun = 0;
let agentName = '';

async function setUp() {
	await check('init prints a set-up code', () => !!world.code);
	begun = Date.now();
	await check('the first page is the set-up', async () => {
		const answer = await page.goto(world.url, { waitUntil: 'load' });
		await page.getByRole('heading', { name: 'Set up Trawl' }).waitFor();
		const csp = answer.headers()['content-security-policy'];
		return csp === CSP || `the policy is ${csp}`;
	});
	await axeBothThemes(page, 'Set-up');
	await check('a wrong code is refused with a sentence', async () => {
		await page.getByLabel('Set-up code').fill('XXXX-XXXX-XXXX');
		await page.getByLabel('Your name').fill('anna');
		await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
		await page.getByText('Strong').first().waitFor();
		await button('Create account and sign in').click();
		await page.locator('.note.bad, .wrong').first().waitFor();
	});
	forgive(/40[0139]/); /* the browser tells of the refusal itself */
	await check('the right code signs in at once', async () => {
		await page.getByLabel('Set-up code').fill(world.code);
		await button('Create account and sign in').click();
		await page.getByText('Your first finding is three steps away').waitFor();
	});
	await settled(page);
	await axeBothThemes(page, 'Overview with nothing');
}

/* What the browser says of an answer that we wanted to be an error. */
function forgive(pattern) {
	for (let n = said.length - 1; n >= 0; n--)
		if (said[n].includes('Failed to load resource') && pattern.test(said[n]))
			said.splice(n, 1);
}

async function signIn() {
	await check('signing out leads to the door', async () => {
		await page.getByRole('button', { name: /^Account/ }).click();
		await page.getByRole('menuitem', { name: 'Sign out' }).click();
		await page.getByRole('heading', { name: 'Sign in' }).waitFor();
	});
	await axeBothThemes(page, 'Sign in');
	await check('a wrong password is refused', async () => {
		await page.getByLabel('Name').fill('anna');
		await page.getByLabel('Password', { exact: true }).fill('not this one');
		await button('Sign in').click();
		await page.getByText('Name or password is not right.').waitFor();
	});
	forgive(/401/);
	await check('the right one signs in', async () => {
		await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
		await button('Sign in').click();
		await page.getByText('Your first finding is three steps away').waitFor();
	});
}

async function addAgent() {
	let command = '';
	await check('Add agent shows one complete command', async () => {
		await button('Add an agent').click();
		const code = page.locator('.command code').first();
		await code.waitFor();
		command = (await code.textContent()).trim();
		await axeBothThemes(page, 'Add agent');
		return /trawl1:\S+/.test(command) || command;
	});
	await check('that very command enrols an agent', async () =>
		/enrolled/i.test(await world.enrol(command, 'agent')));
	world.runAgent('agent');
	await check('the dialog moves on by itself', async () => {
		await page.getByRole('heading', { name: / is here$/ })
			.waitFor({ timeout: 20_000 });
		const text = await page.getByRole('heading', { name: / is here$/ }).textContent();
		agentName = text.replace(/ is here$/, '');
		await button('Choose what to scan').click();
		await page.getByRole('heading', { name: 'Where' }).waitFor();
	});
	await check('the token was worth one agent more', async () => {
		await until('the agent to be online', async () =>
			page.evaluate(async () => {
				const r = await fetch('/api/v1/agents');
				return (await r.json()).items[0]?.online;
			}));
	});
}

async function newScan() {
	await settled(page);
	await axeBothThemes(page, 'New scan');
	await check('a path that is none keeps the scan from starting', async () => {
		await page.getByLabel('Folders').fill('srv');
		await page.getByText('does not begin with /').waitFor();
		return button('Start scan').isDisabled();
	});
	await check('a scan starts', async () => {
		await page.getByLabel('Folders').fill(folder);
		await button('Start scan').click();
		await page.waitForURL(/\/scans\/\d+$/);
		await page.locator('.big-line .pill').waitFor();
	});
	await check('its progress is seen live, without a reload', async () => {
		await page.evaluate(() => (window.sameDocument = true));
		await page.locator('.big-line .pill', { hasText: /running|complete/ })
			.waitFor({ timeout: 20_000 });
		await page.locator('.run-facts b').getByText(/[1-9][\d,]* match/).first()
			.waitFor({ timeout: 30_000 });
	});
}

async function findings() {
	await check('the first finding is opened', async () => {
		await link('Findings').or(page.getByRole('link', { name: /^Findings/ }))
			.first().click();
		await page.locator('.grid-row .file').first().waitFor({ timeout: 60_000 });
		await page.locator('.grid-row .file').first().click();
		await page.waitForURL(/\/findings\/\d+/);
		await page.getByText('Matches in context').waitFor();
	});
	const took = (Date.now() - begun) / 1000;
	verdict(took < BUDGET_S, `first page to first finding under ${BUDGET_S} s`);
	console.log(`     it took ${took.toFixed(1)} s`);
	await check('the scan ends', async () => {
		await until('the scan to end', () => page.evaluate(async () => {
			const r = await fetch('/api/v1/scans');
			return (await r.json()).items[0]?.state === 'done';
		}), 120_000);
		await until('the page still to be the same document', () =>
			page.evaluate(() => window.sameDocument === true), 100);
	});
	await check('the values in it are masked', async () => {
		const text = await page.locator('.pane').innerText();
		return !/\d{13,19}/.test(text.replaceAll(' ', '')) || text;
	});
	await page.goto(world.url + '/findings');
	await settled(page);
	await axeBothThemes(page, 'Findings');
}

async function decide() {
	await check('search narrows the list and is in the address', async () => {
		await page.keyboard.press('/');
		await page.keyboard.type('orders.csv');
		await page.waitForURL(/q=orders\.csv/);
		await page.locator('.grid-row .file', { hasText: 'orders.csv' }).first()
			.waitFor();
		await page.waitForFunction(() => [...document.querySelectorAll(
			'.grid-row .file')].every((f) => f.textContent === 'orders.csv'));
		await page.keyboard.press('Escape');
	});
	await check('a facet filters, its chip takes the filter away', async () => {
		await page.goto(world.url + '/findings?q=orders.csv');
		await settled(page);
		await page.locator('.facet .main-part', { hasText: 'Critical' }).click();
		await page.waitForURL(/risk=critical/);
		await page.getByRole('button', { name: 'Remove filter Risk Critical' }).click();
		await page.waitForURL((u) => !u.search.includes('risk'));
	});
	await check('j, Enter and Esc walk the list', async () => {
		await settled(page);
		await page.keyboard.press('j');
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/findings\/\d+/);
		await page.getByText('Why it was reported').waitFor();
		await page.keyboard.press('j');
		await page.keyboard.press('k');
	});
	await page.getByText('Why it was reported').waitFor();
	await axeBothThemes(page, 'a finding');
	await check('a finding is confirmed and the table says so', async () => {
		await button('Confirm', page.locator('.pane')).click();
		await page.locator('.pane-head .pill.confirmed').waitFor();
	});
	await check('it has a history with a name', () =>
		page.locator('.history', { hasText: 'anna' }).waitFor());
	await check('Esc goes back to the list', async () => {
		await page.keyboard.press('Escape');
		await page.waitForURL((u) => u.pathname === '/findings');
		await page.locator('.grid-row .pill.confirmed').first().waitFor();
	});
	await check('several are set to not sensitive at once', async () => {
		for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
		await page.getByText('2 selected').waitFor();
		await button('Not sensitive', page.locator('.bulk')).click();
		await page.getByText('2 findings changed').waitFor();
		await page.locator('.grid-row .pill.false_positive').nth(1).waitFor();
	});
	await check('the view is exported, one line a match', async () => {
		const lines = await page.evaluate(async () => {
			const r = await fetch('/api/v1/findings/export?format=jsonl&q=orders.csv');
			return (await r.text()).trim().split('\n').map((l) => JSON.parse(l));
		});
		return (lines.length >= 6 && lines.every((l) => l.path.endsWith('orders.csv')))
			|| `${lines.length} lines`;
	});
}

async function otherPages() {
	await check('g o shows the overview with figures', async () => {
		await page.keyboard.press('g');
		await page.keyboard.press('o');
		await page.getByText('Targets to fix first').waitFor();
		await page.getByText('The line begins tomorrow.').waitFor();
	});
	await settled(page);
	await axeBothThemes(page, 'Overview');
	await check('g t opens the tree down to a file', async () => {
		await page.keyboard.press('g');
		await page.keyboard.press('t');
		await page.locator('.tree-row').first().waitFor();
		await page.getByRole('tree').focus();
		await page.keyboard.press('ArrowDown');
		const file = page.getByRole('treeitem', { name: /note\.txt/ });
		for (let deep = 0; deep < 20 && !await file.count(); deep++) {
			const at = page.locator('.tree-row.cursor');
			await at.waitFor();
			const name = await at.locator('.label').textContent();
			/* open what leads there, pass by what does not */
			const leads = deep === 0 || `${folder}/mail/`.includes(name);
			const level = await at.getAttribute('aria-level');
			await page.keyboard.press(leads ? 'ArrowRight' : 'ArrowDown');
			if (leads) await page.locator(`[aria-level="${Number(level) + 1}"]`)
				.first().waitFor();
			if (leads) await page.keyboard.press('ArrowDown');
		}
		await file.waitFor({ timeout: 3000 });
		await page.locator('.node-card .facts').waitFor();
	});
	await axeBothThemes(page, 'Targets');
	await check('g s shows the ended scan', async () => {
		await page.keyboard.press('g');
		await page.keyboard.press('s');
		await page.locator('.plain .pill.done').first().waitFor();
	});
	await axeBothThemes(page, 'Scans');
	await check('Enter opens it with its coverage', async () => {
		await page.keyboard.press('j');
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/scans\/\d+$/);
		await page.getByRole('heading', { name: 'Coverage', exact: true }).waitFor();
		await page.getByText(/^100 % read$|% of objects fully read$/).waitFor();
		await settled(page);
	});
	await axeBothThemes(page, 'an ended scan');
	await check('Ctrl K finds a page', async () => {
		await page.keyboard.press('Control+k');
		await page.locator('.palette input:focus').waitFor();
		await page.keyboard.type('agents');
		await page.keyboard.press('Enter');
		await page.waitForURL(/\/agents$/);
	});
	await check('? shows every key of the table', async () => {
		await page.keyboard.press('?');
		await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
	});
}

async function control() {
	await check('a scan is paused, resumed and stopped', async () => {
		/* held back, so that it cannot end before the buttons are pressed */
		const id = await page.evaluate(async () => {
			const r = await fetch('/api/v1/scans', { method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ all: true, paths: ['/usr'],
					bytes_per_second: 8 << 20 }) });
			return (await r.json()).id;
		});
		await page.goto(`${world.url}/scans/${id}`);
		await page.locator('.big-line .pill.running').waitFor({ timeout: 20_000 });
		await shot(page, 'scan-live');
		await page.getByRole('button', { name: /^Pause/ }).click();
		await page.locator('.big-line .pill.paused').waitFor({ timeout: 20_000 });
		await page.getByRole('button', { name: /^Resume/ }).click();
		await page.locator('.big-line .pill.running').waitFor({ timeout: 20_000 });
		await page.getByRole('button', { name: /^Stop/ }).first().click();
		await button('Stop', page.getByRole('dialog')).click();
		await page.locator('.big-line .pill.stopped').waitFor({ timeout: 20_000 });
	});
}

const rowOf = (name) => page.locator('tbody tr', { hasText: name }).first();

async function menu(item) {
	await page.getByRole('button', { name: /^Actions for/ }).first().click();
	await page.getByRole('menuitem', { name: item }).click();
}

async function agents() {
	await page.goto(world.url + '/agents');
	await settled(page);
	await axeBothThemes(page, 'Agents');
	await check('an agent is blocked and cut off', async () => {
		await menu('Block');
		await rowOf(agentName).locator('.pill.blocked').waitFor();
		await rowOf(agentName).getByText('online', { exact: true })
			.waitFor({ state: 'detached' });
	});
	await check('and let in again', async () => {
		await menu('Unblock');
		await rowOf(agentName).locator('.pill.verified').waitFor();
		await rowOf(agentName).getByText('online', { exact: true })
			.waitFor({ timeout: 30_000 });
	});
	await check('removing asks for its name', async () => {
		await menu('Remove…');
		const dialog = page.getByRole('dialog');
		const go = button('Remove agent', dialog);
		if (!await go.isDisabled()) return 'it may be pressed without the name';
		await axeBothThemes(page, 'Remove agent');
		await dialog.getByRole('textbox').fill(agentName);
		await go.click();
		await page.getByRole('heading', { name: 'No agents yet' }).waitFor();
	});
}

async function verify() {
	world.waitUnverified('second');
	await check('an agent without a token waits to be verified', async () => {
		await page.getByText('1 agent waits for verification')
			.waitFor({ timeout: 30_000 });
		await page.getByRole('button', { name: 'Verify…' }).click();
	});
	await check('a wrong fingerprint is not taken, the right one is', async () => {
		const dialog = page.getByRole('dialog');
		const print = (await dialog.locator('.print').textContent()).trim();
		const go = button('Verify agent', dialog);
		await dialog.getByRole('textbox').fill(print.replace(/.$/, 'x'));
		if (!await go.isDisabled()) return 'a wrong one would be taken';
		await dialog.getByRole('textbox').fill(print);
		await axeBothThemes(page, 'Verify agent');
		await go.click();
		await page.locator('tbody .pill.verified').waitFor();
	});
}

/* A site that a proxy reads: one page with something in it. */
const site = createServer((_q, a) => {
	a.setHeader('Content-Type', 'text/html');
	a.end('<p>visa card 4111 1111 1111 1111</p>');
});

async function proxy() {
	await new Promise((done) => site.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${site.address().port}/`;
	await check('a proxy is added by the command for it', async () => {
		await button('Add agent').first().click();
		const code = page.locator('.command code').last();
		await code.waitFor({ state: 'attached' });
		const command = (await code.textContent()).trim();
		if (!/enrolled/i.test(await world.enrol(command, 'proxy'))) return command;
		world.runAgent('proxy', 'trawl-proxy-agent');
		await button('Add what it should read').click({ timeout: 30_000 });
		await page.getByLabel('What is it?').waitFor();
	});
	await check('a target on another host is added', async () => {
		await page.getByLabel('What is it?').selectOption('http');
		await page.getByLabel('URL').fill(url);
		await page.getByLabel('Name').fill('Shop');
		await button('Add target').click();
		await page.getByRole('treeitem', { name: /^Shop/ }).waitFor();
	});
	await check('the proxy can read it', async () => {
		await until('the proxy to be online', () => page.evaluate(async () => {
			const r = await fetch('/api/v1/agents');
			return (await r.json()).items.some((a) => a.online && a.kinds.length);
		}));
		await button('Test').click();
		await page.getByText(/can read it\.$/).waitFor({ timeout: 60_000 });
	});
	await axeBothThemes(page, 'a target on another host');
	await check('its scan finds what stands there', async () => {
		await link('Scan it').click();
		await page.getByRole('checkbox', { name: /Shop/ }).waitFor();
		await button('Start scan').click();
		await page.locator('.big-line .pill.done').waitFor({ timeout: 60_000 });
		await link('Show findings').click();
		await page.locator('.grid-row', { hasText: 'Shop' }).first().waitFor();
	});
}

try {
	await setUp();
	await signIn();
	await addAgent();
	await newScan();
	await findings();
	await decide();
	await otherPages();
	await control();
	await agents();
	await verify();
	await proxy();
	await check('no set-up twice', async () => {
		await page.goto(world.url + '/setup');
		await page.waitForURL((u) => u.pathname === '/');
	});
	await check('nothing was said on the console', () =>
		said.length === 0 || said.join('\n     '));
} catch (e) {
	verdict(false, 'the journey goes to its end', e.message);
	await shot(page, 'failure').catch(() => undefined);
} finally {
	await stop();
	await world.stop();
	site.close();
}
process.exit(failed() ? 1 : 0);
