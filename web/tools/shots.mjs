/*
 * Pictures of every page over made data, in both themes, wide and narrow, to
 * look at: node tools/shots.mjs [folder] [name part]. Build first.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { serve } from '../mock/server.mjs';

export const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic',
	'--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];

const out = process.argv[2] ?? 'shots';
const only = process.argv[3] ?? '';
mkdirSync(out, { recursive: true });

const PAGES = [
	['overview', '/'], ['findings', '/findings'],
	['review', '/findings?risk=critical&state=open&-type=card_visa'],
	['finding', '/findings/5'], ['nothing', '/findings?q=nowhere'],
	['targets', '/targets?open=t:1&open=p:1:/srv/&node=t:1'],
	['newscan', '/scans/new'], ['scans', '/scans'], ['scan', '/scans/5'],
	['scan-done', '/scans/3'], ['agents', '/agents'], ['missing', '/nowhere'],
];

const SIZES = { wide: [1440, 900], narrow: [420, 860] };
const profile = mkdtempSync(join(tmpdir(), 'trawl-shots-'));
const said = [];

async function shoot(page, base, name, path, act) {
	if (!name.includes(only)) return;
	await page.goto(base + path, { waitUntil: 'load' });
	await page.waitForFunction(() => !document.querySelector('.skeleton, .bone'));
	await page.evaluate(() => document.fonts.ready);
	if (act) await act(page);
	await page.waitForTimeout(450);
	await page.screenshot({ path: join(out, `${name}.png`) });
}

const full = await serve({ signedIn: true });
const empty = await serve({ empty: true, signedIn: true });
const fresh = await serve({ fresh: true });
const browser = await chromium.launchPersistentContext(profile, {
	executablePath: '/usr/bin/chromium', headless: true, args: ARGS,
	viewport: { width: 1440, height: 900 },
});
const page = await browser.newPage();
page.on('console', (m) => {
	if (['error', 'warning'].includes(m.type())) said.push(`${m.text()} ${m.location().url}`);
});
page.on('pageerror', (e) => said.push(String(e)));

for (const [size, [width, height]] of Object.entries(SIZES)) {
	await page.setViewportSize({ width, height });
	for (const theme of ['light', 'dark']) {
		await page.emulateMedia({ colorScheme: theme });
		const n = (name) => `${size}-${theme}-${name}`;
		await shoot(page, fresh.url, n('setup'), '/');
		for (const [name, path] of PAGES)
			await shoot(page, full.url, n(name), path);
		await shoot(page, full.url, n('picked'), '/findings/9', async (p) => {
			await p.locator('.grid-row input').nth(3).check({ force: true }).catch(() => 0);
			await p.locator('.grid-row input').nth(4).check({ force: true }).catch(() => 0);
		});
		await shoot(page, empty.url, n('empty-overview'), '/');
		await shoot(page, empty.url, n('empty-findings'), '/findings');
		await shoot(page, full.url, n('add'), '/targets', (p) =>
			p.locator('.bar .btn').first().click());
		await shoot(page, full.url, n('palette'), '/', (p) => p.keyboard.press('Control+k'));
		await shoot(page, full.url, n('keys'), '/', (p) => p.keyboard.press('?'));
		await shoot(page, full.url, n('verify'), '/agents', (p) =>
			p.locator('table .btn.main').first().click());
	}
}
await browser.close();
await Promise.all([full.stop(), empty.stop(), fresh.stop()]);
rmSync(profile, { recursive: true, force: true });
for (const line of [...new Set(said)]) console.log('console:', line);
console.log(`pictures in ${out}`);
process.exit(said.length ? 1 : 0);
