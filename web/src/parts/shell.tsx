/* Rail and top bar. Only pages that exist are named here. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { brief, initials } from '../format';
import { live } from '../live';
import {
	agentCount, dialog, may, openCount, runningCount, session, signOut,
	switchTheme, theme, trouble,
} from '../state';
import { place } from '../url';
import { w } from '../words';
import { Icon, type IconName } from './icons';
import { Menu } from './menu';

interface Entry {
	to: string;
	word: string;
	icon: IconName;
	count?: () => number | null;
}

const PAGES: readonly Entry[] = [
	{ to: '/', word: w.nav.overview, icon: 'gauge' },
	{
		to: '/findings', word: w.nav.findings, icon: 'scan',
		count: () => openCount.value,
	},
	{ to: '/targets', word: w.nav.targets, icon: 'drive' },
	{
		to: '/scans', word: w.nav.scans, icon: 'activity',
		count: () => runningCount.value,
	},
];
const MANAGE: readonly Entry[] = [
	{ to: '/agents', word: w.nav.agents, icon: 'bot' },
];

export const Brand = ({ link = true }: { link?: boolean }) => {
	const face = (
		<>
			<span class="mark">
				<svg
					width="15" height="15" viewBox="0 0 24 24" fill="none"
					stroke="currentColor" stroke-width="2.8"
					stroke-linecap="round" aria-hidden="true"
				>
					<circle cx="10.5" cy="10.5" r="7.5" />
					<path d="m16 16 5.5 5.5" />
				</svg>
			</span>
			{w.product}
		</>
	);
	return link ? <a class="brand" href="/">{face}</a>
		: <div class="brand">{face}</div>;
};

function NavLink({ to, word, icon, count }: Entry) {
	const { path } = place.value;
	const here = to === '/' ? path === '/'
		: path === to || path.startsWith(to + '/');
	const n = count?.() ?? 0;
	return (
		<a
			class="nav-link" href={to}
			aria-current={here ? 'page' : undefined}
		>
			<Icon name={icon} size={17} />
			{word}
			{n > 0 && <span class="num">{brief(n)}</span>}
		</a>
	);
}

function LiveLine() {
	const on = live.value === 'on';
	const c = agentCount.value;
	return (
		<p class="live-line" role="status">
			<span class={`dot${on ? ' on' : ''}`} aria-hidden="true" />
			{on && c ? w.live.on(c.online, c.total) : on ? '' : w.live.off}
		</p>
	);
}

function Rail({ open }: { open: boolean }) {
	return (
		<aside class={`rail${open ? ' open' : ''}`} aria-label={w.product}>
			<Brand />
			<button
				type="button" class="rail-search"
				onClick={() => (dialog.value = 'palette')}
			>
				<Icon name="search" />
				<span class="grow">{w.nav.search}</span>
				<kbd>Ctrl K</kbd>
			</button>
			<nav aria-label={w.nav.label}>
				{PAGES.map((e) => <NavLink key={e.to} {...e} />)}
				<h2>{w.nav.manage}</h2>
				{MANAGE.map((e) => <NavLink key={e.to} {...e} />)}
			</nav>
			<LiveLine />
		</aside>
	);
}

function Account() {
	const name = session.value?.user.name ?? '';
	return (
		<Menu
			label={`${w.top.account} ${initials(name)}`} class="avatar"
			face={initials(name)}
		>
			<p class="menu-note">{w.top.signedInAs(name)}</p>
			<button
				type="button" class="menu-item" role="menuitem"
				onClick={() => (dialog.value = 'keys')}
			>
				<Icon name="keyboard" />
				{w.top.help}
			</button>
			<button
				type="button" class="menu-item" role="menuitem"
				onClick={() => void signOut()}
			>
				<Icon name="logOut" />
				{w.top.signOut}
			</button>
		</Menu>
	);
}

function ThemeButton() {
	const dark = theme.value === 'dark';
	const label = dark ? w.top.light : w.top.dark;
	return (
		<button
			type="button" class="icon-btn" aria-label={label} title={label}
			onClick={switchTheme}
		>
			<Icon name={dark ? 'sun' : 'moon'} size={17} />
		</button>
	);
}

function Bar({ title, onMenu }: { title: string; onMenu: () => void }) {
	return (
		<header class="bar">
			<button
				type="button" class="icon-btn menu-button"
				aria-label={w.nav.menu} onClick={onMenu}
			>
				<Icon name="menu" size={18} />
			</button>
			<h1>{title}</h1>
			<ThemeButton />
			{may('manage') && (
				<button
					type="button" class="btn" aria-label={w.top.addAgent}
					onClick={() => (dialog.value = 'add')}
				>
					<Icon name="plus" />
					<span class="wide">{w.top.addAgent}</span>
				</button>
			)}
			{may('scan') && (
				<a class="btn main" href="/scans/new" aria-label={w.nav.newScan}>
					<Icon name="scan" />
					<span class="wide">{w.nav.newScan}</span>
				</a>
			)}
			<Account />
		</header>
	);
}

export function Frame(
	{ title, fill, children }: {
		title: string; fill: boolean; children: ComponentChildren;
	},
) {
	const [open, setOpen] = useState(false);
	const page = useRef<HTMLElement>(null);
	const { path } = place.value;
	useEffect(() => setOpen(false), [path]);
	return (
		<div class="shell">
			<a
				class="skip" href="#page"
				onClick={(e) => {
					e.preventDefault();
					page.current?.focus();
				}}
			>
				{w.skip}
			</a>
			<Rail open={open} />
			{open && (
				<button
					type="button" class="rail-scrim" aria-label={w.common.close}
					onClick={() => setOpen(false)}
				/>
			)}
			<Bar title={title} onMenu={() => setOpen(true)} />
			<main
				ref={page} id="page" class={`page${fill ? ' fill' : ''}`}
				tabIndex={-1}
			>
				{trouble.value && (
					<p class="note bad banner" role="alert">
						<Icon name="octagonAlert" />
						{trouble.value}
					</p>
				)}
				{children}
			</main>
		</div>
	);
}
