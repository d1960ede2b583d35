/* The shell: who is there, which page, and what stands around it. */
import './style/all.css';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { api, Failure, whenSignedOut } from './api';
import { useKey, useLive, useThrottled } from './hooks';
import { Keyboard } from './keys';
import { startLive, stopLive, whenLost } from './live';
import { AddAgent } from './parts/add';
import { KeySheet } from './parts/keysheet';
import { Palette } from './parts/palette';
import { Frame } from './parts/shell';
import { Toasts } from './parts/toast';
import {
	dialog, fingerprint, refreshCounts, session, setupRequired, trouble, version,
} from './state';
import { go, params, place, type Route, routeOf, takeClicks, withQuery }
	from './url';
import { lazy } from './parts/lazy';
import { Missing } from './views/missing';
import { Overview } from './views/overview';
import { Setup } from './views/setup';
import { SignIn } from './views/signin';
import { w } from './words';

const AddTarget = lazy(() => import('./views/addtarget').then((m) => m.AddTarget));
const Agents = lazy(() => import('./views/agents').then((m) => m.Agents));
const Findings = lazy(() => import('./views/findings').then((m) => m.Findings));
const NewScan = lazy(() => import('./views/newscan').then((m) => m.NewScan));
const ScanPage = lazy(() => import('./views/scan').then((m) => m.ScanPage));
const Scans = lazy(() => import('./views/scans').then((m) => m.Scans));
const Targets = lazy(() => import('./views/targets').then((m) => m.Targets));

interface Page {
	title: string;
	fill?: boolean;
	body: (args: string[]) => preact.JSX.Element;
}

const ROUTES: readonly Route<Page>[] = [
	{ path: /^\/$/, view: { title: w.nav.overview, body: () => <Overview /> } },
	{
		path: /^\/findings(?:\/(\d+))?$/,
		view: {
			title: w.nav.findings, fill: true,
			body: ([id]) => <Findings id={id ?? ''} />,
		},
	},
	{
		path: /^\/targets\/(new)$/,
		view: { title: w.nav.addTarget, body: () => <AddTarget id="new" /> },
	},
	{
		path: /^\/targets\/(\d+)$/,
		view: { title: w.nav.changeTarget, body: ([id]) => <AddTarget key={id} id={id ?? ''} /> },
	},
	{ path: /^\/targets$/, view: { title: w.nav.targets, body: () => <Targets /> } },
	{
		path: /^\/scans\/new$/,
		view: { title: w.nav.newScan, body: () => <NewScan /> },
	},
	{
		path: /^\/scans\/(\d+)$/,
		view: { title: w.nav.scans, body: ([id]) => <ScanPage id={id ?? ''} /> },
	},
	{ path: /^\/scans$/, view: { title: w.nav.scans, body: () => <Scans /> } },
	{ path: /^\/agents$/, view: { title: w.nav.agents, body: () => <Agents /> } },
];

const COUNTS_MS = 3000;

function Signed() {
	const found = routeOf(ROUTES, place.value.path);
	const title = found?.view.title ?? w.error.page;
	const recount = useThrottled(() => void refreshCounts(), COUNTS_MS);
	useEffect(() => {
		startLive();
		void refreshCounts();
		return stopLive;
	}, []);
	useLive('finding', recount);
	useLive('scan', recount);
	useLive('agent', recount);
	useLive('reset', recount);
	useLive('store', (events) => {
		const last = events[events.length - 1];
		if (last) trouble.value = last.state === 'ok' ? '' : last.text;
	});
	useEffect(() => {
		document.title = `${title} · ${w.product}`;
	}, [title]);
	useKey('palette', () => void (dialog.value = 'palette'));
	useKey('sheet', () => void (dialog.value = 'keys'));
	return (
		<>
			<Frame title={title} fill={found?.view.fill ?? false}>
				{found ? found.view.body(found.args) : <Missing />}
			</Frame>
			{dialog.value === 'palette' && <Palette />}
			{dialog.value === 'keys' && <KeySheet />}
			{dialog.value === 'add' && <AddAgent />}
		</>
	);
}

const DOORS = new Set(['/setup', '/signin']);

/* Which door: set-up once, sign-in without a session, else the pages. */
function Root() {
	const { path, query } = place.value;
	const who = session.value;
	const door = setupRequired.value ? '/setup' : who ? null : '/signin';
	useEffect(() => {
		if (who === undefined) return;
		if (door && path !== door) {
			const back = DOORS.has(path) || path === '/'
				? '' : withQuery(path, new URLSearchParams(query));
			const p = new URLSearchParams(back ? { next: back } : {});
			go(withQuery(door, p), true);
		} else if (!door && DOORS.has(path)) {
			const next = params.value.get('next') ?? '/';
			go(next.startsWith('/') && !next.startsWith('//') ? next : '/', true);
		}
	});
	if (who === undefined) return null;
	return (
		<>
			{door === '/setup' ? <Setup />
				: door === '/signin' ? <SignIn /> : <Signed />}
			<Toasts />
		</>
	);
}

async function boot(): Promise<void> {
	try {
		const state = await api.state();
		setupRequired.value = state.setup_required;
		version.value = state.version;
		fingerprint.value = state.fingerprint;
		session.value = state.signed_in ? await api.session() : null;
	} catch {
		session.value = null; /* the sign-in page says what is wrong */
	}
}

whenSignedOut(() => {
	if (session.value) session.value = null;
});

whenLost(() => {
	api.session().catch((e: unknown) => {
		if (e instanceof Failure && e.status === 401) session.value = null;
	});
});

const root = document.getElementById('app');
if (root) {
	takeClicks(document.body);
	const keyboard = new Keyboard();
	addEventListener('keydown', (e) => keyboard.handle(e));
	render(<Root />, root);
	void boot();
}
