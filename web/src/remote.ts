/* Targets on other hosts and the proxies that read them, as the API has them. */
import { ask, none, query, requestKey } from './api';
import type * as T from './types';

const at = (id: string) => `/remote-targets/${encodeURIComponent(id)}`;
const group = (id: string) => `/proxy-groups/${encodeURIComponent(id)}`;
const PAGES = 20;

export const remote = {
	get: (id: string, signal?: AbortSignal) =>
		ask<T.RemoteTarget>('GET', at(id), { signal }),
	add: (body: T.RemoteRequest) =>
		ask<T.RemoteTarget>('POST', '/remote-targets', { body, key: requestKey() }),
	change: (id: string, body: Partial<T.RemoteRequest>) =>
		ask<T.RemoteTarget>('PATCH', at(id), { body }),
	remove: (id: string) => ask<void>('DELETE', at(id)),
	test: (id: string) => ask<T.Try>('POST', `${at(id)}/test`),
	probe: (id: string, path?: string) =>
		ask<T.Try>('POST', `${at(id)}/probe`, { body: path ? { path } : {} }),
	tried: (id: string, signal?: AbortSignal) =>
		ask<T.Try>('GET', `/tries/${encodeURIComponent(id)}`, { signal }),
	kinds: (signal?: AbortSignal) =>
		ask<{ items: T.Kind[] }>('GET', '/kinds', { signal }),
	async all(signal?: AbortSignal): Promise<T.RemoteTarget[]> {
		const out: T.RemoteTarget[] = [];
		let cursor: string | null = null;
		for (let n = 0; n < PAGES; n++) {
			const page: T.Page<T.RemoteTarget> = await ask('GET',
				'/remote-targets' + query(none, { cursor, limit: 200 }), { signal });
			out.push(...page.items);
			cursor = page.next;
			if (!cursor) break;
		}
		return out;
	},
	groups: (signal?: AbortSignal) =>
		ask<T.Page<T.ProxyGroup>>('GET', '/proxy-groups', { signal }),
	addGroup: (body: { name: string; members: string[] }) =>
		ask<T.ProxyGroup>('POST', '/proxy-groups', { body, key: requestKey() }),
	changeGroup: (id: string, body: { name: string; members: string[] }) =>
		ask<T.ProxyGroup>('PATCH', group(id), { body }),
	removeGroup: (id: string) => ask<void>('DELETE', group(id)),
};

/*
 * The fingerprint of a host key that nobody has approved yet, as the reader
 * says it; one that changed is never offered: somebody must find out why.
 */
export function newHostKey(message: string | null | undefined): string {
	if (!message?.includes('nobody has approved')) return '';
	return /SHA256:[A-Za-z0-9+/]{43}=?/.exec(message)?.[0] ?? '';
}
