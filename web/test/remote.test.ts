import { describe, expect, it } from 'vitest';
import { newHostKey } from '../src/remote';
import type { Agent, Kind, ProxyGroup } from '../src/types';
import {
	type Draft, problemOf, readersOf, requestOf, type World,
} from '../src/views/addtarget';

const proxy = (id: string, credentials: string[]) =>
	({ id, name: `p${id}`, credentials, kinds: ['sftp'] }) as unknown as Agent;
const group = (id: string, members: string[]): ProxyGroup => ({
	id, name: id, created: '', targets: 0,
	members: members.map((m) => ({ id: m, host: m })),
});
const world: World = {
	kinds: [{ scheme: 'sftp', form: 'sftp://USER@HOST' } as Kind],
	proxies: [proxy('1', ['a']), proxy('2', ['b'])],
	groups: [group('7', ['2', '9']), group('8', [])],
};
const draft = (o: Partial<Draft> = {}): Draft => ({
	kind: 'sftp', url: 'sftp://svc@files.example/', name: '', group: '',
	reader: 'any', credential: '', options: {}, ...o,
});
const KEY = `SHA256:${'a'.repeat(43)}`;

describe('a target on another host', () => {
	it.each([
		['any', '1,2'], ['proxy:2', '2'], ['group:7', '2'], ['group:8', ''],
		['group:99', ''],
	])('%s is read by proxies %s', (reader, ids) =>
		expect(readersOf(reader, world).map((a) => a.id).join()).toBe(ids));
	it('its address begins as its kind does', () => {
		expect(problemOf(draft(), world)).toBe('');
		expect(problemOf(draft({ url: ' ' }), world)).not.toBe('');
		expect(problemOf(draft({ url: 'ftp://x/' }), world)).toContain('sftp://');
	});
	it('options that are empty do not go with it', () =>
		expect(requestOf(draft({ options: { exclude: ' *.iso ', rate: ' ' } })).options)
			.toEqual({ exclude: '*.iso' }));
	it('a key that was met first is offered', () =>
		expect(newHostKey(`nobody has approved the host key of x, ${KEY} (ED25519)`))
			.toBe(KEY));
	it('a key that changed is never offered', () =>
		expect(newHostKey(`the host key of x is ${KEY} and not the one that was approved`))
			.toBe(''));
	it('other trouble offers none', () => {
		expect(newHostKey(null)).toBe('');
		expect(newHostKey('nobody has approved the host key')).toBe('');
	});
});
