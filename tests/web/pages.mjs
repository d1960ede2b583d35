/*
 * Every page over made data, in both themes, wide and narrow: no violation of
 * axe, no word on the console, nothing that sticks out of a narrow window. It
 * needs no master, so it also tells whose fault a failing journey is.
 */
import { axeBothThemes, browse, check, failed, settled, TOP } from './lib.mjs';

const { arrive, serve, step, tell } = await import(`${TOP}/web/mock/server.mjs`);

const PAGES = [
	['Overview', '/'], ['Findings', '/findings'],
	['Findings filtered', '/findings?risk=critical&-type=card_visa&q=srv'],
	['Findings without any', '/findings?q=nowhere'],
	['a finding', '/findings/5'],
	['Targets', '/targets?open=t:1&node=t:1'],
	['a target on another host', '/targets?node=t:901'],
	['a target that waits', '/targets?node=t:902'],
	['Add target', '/targets/new'], ['a target that is changed', '/targets/901'], ['New scan', '/scans/new'],
	['Scans', '/scans'], ['a running scan', '/scans/5'],
	['an ended scan', '/scans/3'], ['Agents', '/agents'],
	['no such page', '/nowhere'],
];
const EMPTY = [['Overview', '/'], ['Findings', '/findings'],
	['Targets', '/targets'], ['Add target', '/targets/new'], ['New scan', '/scans/new'], ['Scans', '/scans'],
	['Agents', '/agents']];

const full = await serve({ signedIn: true, count: 3000, still: true });
const empty = await serve({ empty: true, signedIn: true, still: true });
const fresh = await serve({ fresh: true, still: true });
const { page, said, stop } = await browse();

async function open(base, path) {
	await page.goto(base + path, { waitUntil: 'load' });
	await settled(page);
}

async function dialogs() {
	await open(full.url, '/agents');
	await page.keyboard.press('Control+k');
	await axeBothThemes(page, 'the palette');
	await page.keyboard.press('Escape');
	await page.keyboard.press('?');
	await axeBothThemes(page, 'the sheet of keys');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Verify…' }).first().click();
	await axeBothThemes(page, 'Verify agent');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Add agent' }).first().click();
	await page.getByText('trawl-agent enroll').waitFor();
	await axeBothThemes(page, 'Add agent');
	await check('Add agent moves on when the agent is there', async () => {
		arrive(full.world, 'web-01');
		await page.getByText('web-01 is here').waitFor();
	});
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: /^Account/ }).click();
	await axeBothThemes(page, 'the account menu');
	await page.keyboard.press('Escape');
}

async function bulk() {
	await open(full.url, '/findings');
	await page.getByRole('grid').focus();
	for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
	await page.getByText('2 selected').waitFor();
	await axeBothThemes(page, 'selected findings');
	await check('two findings are decided at once', async () => {
		await page.locator('.bulk').getByRole('button', { name: 'Not sensitive' })
			.click();
		await page.getByText('2 findings changed').waitFor();
	});
	await check('all that fit a filter are decided after a question', async () => {
		await open(full.url, '/findings?risk=low');
		await page.getByRole('checkbox', { name: 'Select all' }).check();
		await page.locator('.bulk').getByRole('button', { name: 'Confirm' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Change them' })
			.click();
		await page.getByText(/findings changed/).last().waitFor();
		await page.locator('.grid-row .pill.confirmed').first().waitFor();
	});
}

async function scrolling() {
	await open(full.url, '/');
	await check('the trend is drawn', () =>
		page.locator('.chart canvas').waitFor());
	await open(full.url, '/findings');
	await check('the last row of a long list comes into view', async () => {
		await page.getByRole('grid').evaluate((g) => g.scrollTo(0, g.scrollHeight));
		await page.locator('#row-2999 .file').waitFor();
	});
	await check('only what is in view exists', async () => {
		const rows = await page.locator('.grid-row').count();
		return rows < 60 || `${rows} rows in the document`;
	});
}

async function live() {
	await open(full.url, '/scans');
	await check('the page is live', () => page.getByText(/^Live/).first().waitFor());
	await check('two tabs share one stream', async () => {
		const other = await page.context().newPage();
		await other.goto(full.url + '/agents');
		await other.getByText(/^Live/).first().waitFor();
		const n = full.world.streams.size;
		await other.close();
		return n === 1 || `${n} streams`;
	});
	await check('progress moves without asking again', async () => {
		const asked = [];
		const ear = (r) => r.url().includes('/scans') && asked.push(r.url());
		page.on('request', ear);
		step(full.world);
		await page.getByText('18,674 matches').waitFor();
		page.off('request', ear);
		return asked.length === 0 || asked.join(' ');
	});
	await check('the stream comes back after it was refused', async () => {
		full.world.deaf = true;
		for (const s of full.world.streams) s.end();
		await page.getByText('Reconnecting…').waitFor();
		full.world.deaf = false;
		await page.getByText(/^Live/).first().waitFor();
	});
	await check('trouble of the store is told on every page', async () => {
		tell(full.world, 'store', { state: 'full', text: 'The disk is full.' });
		await page.getByRole('alert').getByText('The disk is full.').waitFor();
		tell(full.world, 'store', { state: 'ok', text: '' });
		await page.getByText('The disk is full.').waitFor({ state: 'detached' });
	});
	await check('a session that ended leads to the door and back', async () => {
		await open(full.url, '/findings?risk=low');
		/* ends with what the click asks, not with what the page still asks */
		await page.route(/\/findings\?.*risk=high/, async (route) => {
			full.world.signedIn = false;
			await route.continue();
		}, { times: 1 });
		await page.locator('.facet .main-part', { hasText: 'High' }).click();
		await page.getByText('Your session has ended.').waitFor();
		await page.getByLabel('Name').fill('Anna Novak');
		await page.getByLabel('Password', { exact: true }).fill('a long made-up one');
		await page.getByRole('button', { name: 'Sign in' }).click();
		await page.waitForURL(/\/findings\?risk=low&risk=high/);
		said.length = 0; /* the browser itself tells of the 401 we made */
	});
	await check('new findings wait behind a pill', async () => {
		await open(full.url, '/findings');
		await page.getByText(/^Live/).first().waitFor();
		step(full.world);
		await page.getByRole('button', { name: 'Show 1 new finding' }).click();
		await page.locator('.fresh-pill').waitFor({ state: 'detached' });
	});
}

async function choices() {
	await open(full.url, '/scans/new');
	await page.getByRole('radio', { name: /Choose/ }).check();
	await page.getByText('Choose at least one data type.').waitFor();
	await page.getByRole('button', { name: /types of Bank accounts/ }).click();
	await axeBothThemes(page, 'single data types');
	await check('a whole group is chosen with one tick', async () => {
		await page.getByRole('checkbox', { name: 'Secrets' }).check();
		await page.getByText('364 chosen').waitFor();
		await page.getByRole('checkbox', { name: 'Secrets' }).uncheck();
	});
	await check('single data types are searched and chosen', async () => {
		await page.getByLabel('Find a type').fill('github');
		await page.getByRole('checkbox', { name: /GitHub token/ }).check();
		await page.getByText('1 chosen').waitFor();
		return page.getByRole('button', { name: 'Start scan' }).isEnabled();
	});
	await check('a limit out of its range keeps the scan from starting', async () => {
		await page.getByText('Advanced limits').click();
		await page.getByLabel('Containers within containers').fill('17');
		await page.getByText(/Containers.*1 to 16 is wanted/).waitFor();
		return page.getByRole('button', { name: 'Start scan' }).isDisabled();
	});
	await axeBothThemes(page, 'limits of a scan');
	await check('a limit goes with the order', async () => {
		await page.getByLabel('Containers within containers').fill('4');
		await page.getByLabel('Bytes that one object unpacks to').fill('1 GiB');
		const sent = page.waitForRequest((r) => r.method() === 'POST');
		await page.getByRole('button', { name: 'Start scan' }).click();
		const { limits } = (await sent).postDataJSON();
		return limits.depth === 4 && limits.output === 2 ** 30
			|| JSON.stringify(limits);
	});
	await check('text in pictures is off, and its languages go with the order', async () => {
		await open(full.url, '/scans/new');
		const box = page.getByRole('checkbox', { name: /Read the text in pictures/ });
		if (await box.isChecked()) return 'it is on';
		await box.check();
		await page.getByRole('checkbox', { name: 'German' }).check();
		await page.getByLabel('Other languages').fill('../x');
		await page.getByText('“../x” is no name of a language.').waitFor();
		await axeBothThemes(page, 'text in pictures');
		await page.getByLabel('Other languages').fill('isl');
		await page.getByRole('checkbox', { name: /Leave out what has not changed/ }).check();
		const sent = page.waitForRequest((r) => r.method() === 'POST');
		await page.getByRole('button', { name: 'Start scan' }).click();
		const { ocr, skip_unchanged } = (await sent).postDataJSON();
		return skip_unchanged === true && String(ocr) === 'eng,deu,isl' || JSON.stringify(ocr);
	});
	await check('places that were not read are filtered by reason', async () => {
		await open(full.url, '/scans/5');
		const reason = page.getByRole('button', { name: /a method we cannot read/ });
		await reason.focus();
		await page.keyboard.press('Enter');
		await page.waitForURL(/reason=unsupported/);
		await page.getByRole('cell', { name: /→ old → 1998\.dat/ }).first().waitFor();
		await page.getByRole('cell', { name: /private\.csv/ }).first()
			.waitFor({ state: 'detached' });
		return await reason.getAttribute('aria-pressed') === 'true';
	});
	await axeBothThemes(page, 'places by reason');
	await check('100 % read is said of a scan that read all, and of no other', async () => {
		const ended = full.world.scans.find((s) => s.id === '3').progress;
		const was = { ...ended };
		const said = async (s) => {
			await open(full.url, `/scans/${s.id}`);
			await page.getByText(/fully read|100 % read/).first().waitFor();
			return await page.getByText('100 % read').count() > 0;
		};
		for (const s of full.world.scans)
			if (await said(s)) return `${s.name} says so`;
		Object.assign(ended, { partial: 0, unread: 0 });
		const whole = await said({ id: '3' });
		const proof = await page.getByRole('link', { name: 'JSON lines' }).count();
		Object.assign(ended, was);
		return whole && proof === 1 || `whole ${whole}, ${proof} files that prove it`;
	});
	await check('on paper a scan stands alone, light and as long as it is', async () => {
		await open(full.url, '/scans/3');
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		const [rail, box, ground] = await page.evaluate(() => [
			getComputedStyle(document.querySelector('.rail')).display,
			getComputedStyle(document.querySelector('.page')).overflowY,
			getComputedStyle(document.querySelector('.card')).backgroundColor,
		]);
		await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
		return rail === 'none' && box === 'visible' && ground === 'rgb(255, 255, 255)'
			|| `${rail} ${box} ${ground}`;
	});
	await check('findings of one file are told apart beside the pane', async () => {
		await open(full.url, '/findings/5');
		const type = page.locator('.grid-row .c-type').first();
		await type.waitFor();
		return (await type.boundingBox()).width >= 60;
	});
	await check('a value is filtered out with one press', async () => {
		await open(full.url, '/findings');
		await page.getByRole('button', { name: 'Without Visa' }).click();
		await page.getByText('Data type not').waitFor();
		await page.waitForFunction(() => ![...document.querySelectorAll('.c-type')]
			.some((c) => c.textContent === 'Visa'));
	});
	await check('a reload shows what was shown', async () => {
		const before = await page.locator('.find-head .total').textContent();
		await page.reload();
		await settled(page);
		return await page.locator('.find-head .total').textContent() === before;
	});
	await check('back and forward keep the filters', async () => {
		await page.locator('.grid-row').first().click();
		await page.getByText('Why it was reported').waitFor();
		await page.goBack();
		await page.waitForURL((u) => u.pathname === '/findings'
			&& u.search === '?-type=card_visa');
		await page.goForward();
		await page.getByText('Why it was reported').waitFor();
	});
	await check('a scan that stands still says so', async () => {
		const scan = full.world.scans.find((s) => s.id === '5');
		scan.progress.stalled = true;
		await open(full.url, '/scans/5');
		await page.getByText('No progress for a minute.').waitFor();
	});
	await axeBothThemes(page, 'a stalled scan');
}

async function remotes() {
	const add = page.getByRole('button', { name: 'Add target' });
	await open(full.url, '/targets/new');
	await check('a target without an address is not added', async () => {
		await page.getByLabel('URL').fill('');
		await page.getByText('Give its URL.').waitFor();
		return add.isDisabled();
	});
	await check('its kind says how it is written and what it was tried against', async () => {
		await page.getByLabel('What is it?').selectOption('s3');
		await page.getByText('tested against a protocol-compatible server').waitFor();
		await page.getByText('As s3://BUCKET/[PREFIX]').waitFor();
		await page.getByLabel('What is it?').selectOption('sftp');
		return await page.getByLabel('URL').inputValue() === 'sftp://';
	});
	await check('an address with a password is refused with what to do', async () => {
		await page.getByLabel('URL').fill('sftp://svc:made-up@b.example/');
		await add.click();
		await page.getByRole('alert').getByText('credential add NAME').waitFor();
		said.length = 0; /* the browser itself tells of the 422 we made */
	});
	await axeBothThemes(page, 'a target that is refused');
	await check('the credentials are those of the proxies that may read it', async () => {
		await page.getByLabel('Proxy or group').selectOption({ label: 'dmz' });
		const of = () => page.getByLabel('Credential').locator('option').allTextContents();
		const dmz = (await of()).join();
		await page.getByLabel('Proxy or group')
			.selectOption({ label: 'proxy-2 (offline)' });
		await page.getByText('sudo trawl-proxy-agent credential add NAME').waitFor();
		return dmz === 'What fits the address,backup,files'
			&& (await of()).length === 1 || `${dmz} / ${await of()}`;
	});
	await axeBothThemes(page, 'a proxy without credentials');
	await check('a target is added and shown in the tree', async () => {
		await page.getByLabel('URL').fill('sftp://svc@nas.example/data');
		await page.getByLabel('Proxy or group').selectOption({ label: 'dmz' });
		await page.getByLabel('Credential').selectOption('backup');
		await page.getByText('Options').click();
		await page.getByLabel('exclude').fill('*.iso');
		const sent = page.waitForRequest((r) => r.method() === 'POST');
		await page.keyboard.press('Enter');
		const got = (await sent).postDataJSON();
		await page.waitForURL(/node=t:/);
		await page.getByRole('treeitem', { name: /nas\.example/ }).waitFor();
		return got.options.exclude === '*.iso' && got.credential === 'backup'
			&& got.reader === 'group:1' || JSON.stringify(got);
	});
	await check('a scan of it is one press away and names it', async () => {
		await page.getByRole('link', { name: 'Scan it' }).click();
		await page.getByRole('checkbox', { name: /nas\.example/ }).waitFor();
		const sent = page.waitForRequest((r) => r.method() === 'POST');
		await page.getByRole('button', { name: 'Start scan' }).click();
		const { targets, agents, paths } = (await sent).postDataJSON();
		return targets.length === 1 && !agents && !paths
			|| JSON.stringify({ targets, agents, paths });
	});
	await check('a host key that is met first is accepted by a person', async () => {
		await open(full.url, '/targets?node=t:901');
		await page.getByRole('button', { name: 'Accept this key' }).waitFor();
		const notes = await page.locator('.node-card .note').count();
		if (notes !== 1) return `${notes} notes say it`;
		const sent = page.waitForRequest((r) => r.method() === 'PATCH');
		await page.getByRole('button', { name: 'Accept this key' }).click();
		const { options } = (await sent).postDataJSON();
		await page.getByRole('button', { name: 'Accept this key' })
			.waitFor({ state: 'detached' });
		return options.host_key.startsWith('SHA256:') || JSON.stringify(options);
	});
	await check('a target is tried by a proxy while one waits', async () => {
		await page.getByRole('button', { name: 'Test', exact: true }).click();
		await page.getByText('proxy-1 can read it.').waitFor();
	});
	await check('it is looked into, level by level and back', async () => {
		await page.getByRole('button', { name: 'Browse' }).click();
		await page.getByRole('button', { name: 'Open sales' }).click();
		await page.getByRole('button', { name: 'One level up' }).waitFor();
		await axeBothThemes(page, 'a folder of a target');
		await page.getByRole('button', { name: 'One level up' }).click();
		await page.getByRole('button', { name: 'Open sales' }).waitFor();
	});
	await check('a target is removed after a question', async () => {
		await page.getByRole('button', { name: 'Remove…' }).click();
		await page.getByRole('button', { name: 'Remove target' }).click();
		await page.getByText('File server was removed').waitFor();
	});
	await check('proxies are put into a group', async () => {
		await open(full.url, '/agents');
		await page.getByRole('button', { name: 'New group' }).click();
		await axeBothThemes(page, 'a group of proxies');
		await page.getByLabel('Name of the group').fill('north');
		await page.getByRole('checkbox', { name: /proxy-2/ }).check();
		await page.getByRole('button', { name: 'Save group' }).click();
		await page.getByRole('button', { name: 'Change north' }).waitFor();
	});
}

/* What is wider than its card and cannot be scrolled to. */
const stickOut = () => page.evaluate(() => {
	const scrolls = (e, card) => {
		for (let x = e; x !== card; x = x.parentElement)
			if (/auto|scroll|hidden|clip/.test(getComputedStyle(x).overflowX)
				|| x.classList.contains('hidden-label')) return true;
		return false;
	};
	return [...document.querySelectorAll('.card')].flatMap((card) => {
		const edge = card.getBoundingClientRect().right + 1;
		return [...card.querySelectorAll('*')]
			.filter((e) => e.getBoundingClientRect().right > edge
				&& !scrolls(e, card))
			.map((e) => `${e.tagName}.${e.className}`);
	}).slice(0, 3).join(' ');
});

async function middling() {
	await page.setViewportSize({ width: 1024, height: 768 });
	for (const [name, path] of PAGES) {
		await open(full.url, path);
		await check(`${name} keeps within its cards at 1024`, async () =>
			await stickOut() || true);
	}
	await check('an agent is verified without scrolling aside', async () => {
		await open(full.url, '/agents');
		const box = await page.getByRole('button', { name: 'Verify…' }).first()
			.boundingBox();
		return box.x + box.width <= 1024 || JSON.stringify(box);
	});
}

async function narrow() {
	await page.setViewportSize({ width: 390, height: 844 });
	for (const [name, path] of PAGES) {
		await open(full.url, path);
		await check(`${name} fits a narrow window`, async () => {
			const over = await page.evaluate(() =>
				document.documentElement.scrollWidth - innerWidth);
			return over > 0 ? `${over} px stick out` : await stickOut() || true;
		});
	}
	await open(full.url, '/findings');
	await axeBothThemes(page, 'Findings narrow');
	await page.setViewportSize({ width: 1440, height: 900 });
}

try {
	await open(fresh.url, '/');
	await axeBothThemes(page, 'Set-up');
	for (const [name, path] of PAGES) {
		await open(full.url, path);
		await axeBothThemes(page, name);
	}
	for (const [name, path] of EMPTY) {
		await open(empty.url, path);
		await axeBothThemes(page, `${name} with nothing`);
	}
	await dialogs();
	await bulk();
	await scrolling();
	await live();
	await choices();
	await remotes();
	await middling();
	await narrow();
	await check('what was removed is said to be gone', async () => {
		await page.goto(full.url + '/scans/4711');
		await page.getByText('This is not here any more').waitFor();
		said.length = 0; /* the browser itself tells of the 404 */
	});
	await check('what fails says so and can be tried again', async () => {
		await page.route('**/api/v1/agents*', (r) => r.fulfill({ status: 503,
			contentType: 'application/problem+json',
			body: JSON.stringify({ type: '/problems/busy', status: 503,
				title: 'The core is being restarted', instance: 'x' }) }));
		await page.goto(full.url + '/agents');
		await page.getByText('The core is being restarted').waitFor();
		await page.unroute('**/api/v1/agents*');
		said.length = 0; /* the browser itself tells of the 503 we made */
		await page.getByRole('button', { name: 'Try again' }).click();
		await page.getByText('pay-db-01').first().waitFor();
	});
	await check('nothing was said on the console', () =>
		said.length === 0 || said.join('\n     '));
} finally {
	await stop();
	await Promise.all([full.stop(), empty.stop(), fresh.stop()]);
}
process.exit(failed() ? 1 : 0);
