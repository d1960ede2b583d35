/* What browser tests share: Chromium, verdicts, axe, an ear on the console. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const TOP = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const need = createRequire(join(TOP, 'web', 'package.json'));
const { chromium } = need('playwright-core');
const AXE = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic',
	'--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync',
	'--ignore-certificate-errors'];

export const ARTEFACTS = process.env.ARTEFACTS
	?? join(TOP, 'build', 'artefacts', 'web');
mkdirSync(ARTEFACTS, { recursive: true });

let failures = 0;
let passes = 0;

/* One line for a person, one for whoever counts. */
export function verdict(ok, name, why = '') {
	if (ok) passes++;
	else failures++;
	console.log(`${ok ? 'pass' : 'fail'} ${name}`);
	if (!ok && why) console.log(`     ${why}`);
	if (process.env.TRAWL_RESULTS)
		appendFileSync(process.env.TRAWL_RESULTS,
			`${ok ? 'pass' : 'fail'} web: ${name}\n`);
}

export const failed = () => failures > 0 || passes === 0;

/* A step that throws has failed; what comes after may still be told. */
export async function check(name, fn) {
	try {
		const why = await fn();
		verdict(why === undefined || why === true, name, String(why));
		return why === undefined || why === true;
	} catch (e) {
		verdict(false, name, e.message.split('\n').slice(0, 12).join('\n     '));
		return false;
	}
}

export async function browse({ width = 1440, height = 900 } = {}) {
	const profile = mkdtempSync(join(tmpdir(), 'trawl-browser-'));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		headless: true, args: ARGS, ignoreHTTPSErrors: true,
		viewport: { width, height },
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	const page = await context.newPage();
	const said = [];
	page.on('console', (m) => {
		if (['error', 'warning'].includes(m.type()))
			said.push(`${m.type()}: ${m.text()} (${m.location().url})`);
	});
	page.on('pageerror', (e) => said.push(`exception: ${e.message}`));
	page.setDefaultTimeout(15_000);
	return {
		page, context, said,
		stop: async () => {
			await context.close();
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
	'best-practice'];

/*
 * Trusted Types refuse script elements, so axe goes in through the debugger,
 * which the policy of the page does not bind.
 */
export async function axe(page) {
	const cdp = await page.context().newCDPSession(page);
	await cdp.send('Runtime.evaluate', { expression: AXE });
	const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
		expression: `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })
			.then((r) => JSON.stringify(r.violations.map((v) => v.id + ': '
				+ v.nodes.map((n) => n.target.join(' ') + ' ('
				+ (n.any[0]?.message ?? n.failureSummary) + ')')
					.slice(0, 3).join(' | '))))`,
		awaitPromise: true, returnByValue: true,
	});
	await cdp.detach();
	if (exceptionDetails) throw new Error(exceptionDetails.text);
	return JSON.parse(result.value);
}

/* Both themes by the reader's preference; the page must follow by itself. */
export async function axeBothThemes(page, name) {
	for (const theme of ['light', 'dark']) {
		await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
		await page.waitForFunction((t) =>
			document.documentElement.dataset.theme === t, theme);
		await settled(page);
		await check(`axe has nothing to say about ${name}, ${theme}`, async () => {
			const found = await axe(page);
			return found.length === 0 || found.join('\n     ');
		});
		await shot(page, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${theme}`);
	}
	await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

export async function settled(page) {
	await page.waitForFunction(() =>
		document.querySelector('main') /* before that nobody is known yet */
		&& !document.querySelector('.skeleton, .bone')
		&& document.getAnimations().every((a) =>
			a.playState !== 'running' || a.effect?.getTiming().iterations === Infinity));
	await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

export const shot = (page, name) =>
	page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
