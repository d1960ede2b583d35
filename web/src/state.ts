/* What outlives a page: who is signed in, the theme, notices, open dialogs. */
import { signal } from '@preact/signals';
import { api, Failure } from './api';
import type { Permission, Session } from './types';
import { w } from './words';

/* undefined: not asked yet; null: nobody */
export const session = signal<Session | null | undefined>(undefined);
export const setupRequired = signal(false);
export const version = signal('');
export const fingerprint = signal('');
export const agentCount = signal<{ online: number; total: number } | null>(null);
export const openCount = signal<number | null>(null);
export const runningCount = signal<number | null>(null);

/* What the master says of its own store, empty while all is well. */
export const trouble = signal('');

export const may = (p: Permission): boolean =>
	session.value?.permissions.includes(p) ?? false;

export type Theme = 'light' | 'dark';
const THEME = 'trawl-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

const chosen = (): Theme | null => {
	const t = localStorage.getItem(THEME);
	return t === 'light' || t === 'dark' ? t : null;
};

export const theme = signal<Theme>(chosen() ?? (dark.matches ? 'dark' : 'light'));

const paint = () => {
	document.documentElement.dataset.theme = theme.value;
};
paint();

dark.addEventListener('change', () => {
	if (chosen()) return;
	theme.value = dark.matches ? 'dark' : 'light';
	paint();
});

export function switchTheme(): void {
	theme.value = theme.value === 'dark' ? 'light' : 'dark';
	localStorage.setItem(THEME, theme.value);
	paint();
}

export interface Toast {
	id: number;
	text: string;
	bad: boolean;
}

const TOAST_MS = 5000;
let toastId = 0;
export const toasts = signal<Toast[]>([]);

export function toast(text: string, bad = false): void {
	const id = ++toastId;
	toasts.value = [...toasts.value.slice(-3), { id, text, bad }];
	setTimeout(() => {
		toasts.value = toasts.value.filter((t) => t.id !== id);
	}, bad ? TOAST_MS * 2 : TOAST_MS);
}

/* What the programs say begins small; a person reads a sentence. */
export const sentence = (s: string): string =>
	s.charAt(0).toUpperCase() + s.slice(1).replace(/\.$/, '');

/* Words for whatever was thrown: the detail says all that its title does,
 * but for a master that is not there at all. */
export function wordsOf(e: unknown): string {
	if (e instanceof Failure)
		return e.status === 0 && e.detail
			? `${e.title}. ${e.detail}` : sentence(e.detail || e.title);
	return w.error.unknown;
}

export function complain(e: unknown): void {
	if (e instanceof DOMException && e.name === 'AbortError') return;
	toast(wordsOf(e), true);
}

export type DialogName = 'palette' | 'keys' | 'add';
export const dialog = signal<DialogName | null>(null);

/* What the rail shows beside its words. */
export async function refreshCounts(): Promise<void> {
	try {
		const o = await api.overview();
		agentCount.value = o.agents;
		openCount.value = o.figures.open.value;
		runningCount.value = o.scans.length;
	} catch {
		/* the page itself says what is wrong */
	}
}

export async function signOut(): Promise<void> {
	try {
		await api.signOut();
	} catch {
		/* the session may be over already; the result is the same */
	}
	session.value = null;
}
