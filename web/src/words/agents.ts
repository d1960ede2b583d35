/* Agents, and how one is added. */
import { agent, core, host, n, number } from './plural';

export const agents = {
	agents: {
		title: 'Agents',
		columns: {
			name: 'Agent', state: 'State', seen: 'Last contact',
			load: 'Load', version: 'Version', tasks: 'Scans',
			fingerprint: 'Fingerprint',
		},
		load: (share: number) => `${number.format(Math.round(share * 100))} %`,
		loadHint: (share: number, cores: number) =>
			`${number.format(Math.round(share * cores * 10) / 10)} of `
			+ `${n(cores, core)} busy in the last minute`,
		online: 'online',
		some: (v: number, of: number) =>
			`${number.format(v)} of ${number.format(of)} online`,
		offline: 'offline',
		outdated: (v: number) =>
			`${n(v, agent)} ${v === 1 ? 'runs' : 'run'} another version`,
		unverifiedNote: (v: number) =>
			`${n(v, agent)} ${v === 1 ? 'waits' : 'wait'} for verification`,
		emptyTitle: 'No agents yet',
		emptyText: 'An agent sits on a host, takes scans and reports what it '
			+ 'finds. It listens on nothing.',
		verify: 'Verify…',
		verifyTitle: (name: string) => `Is this ${name}?`,
		verifyText: 'On the host, run the command and compare. Only when both '
			+ 'are equal is it the machine you think it is.',
		verifyCommand: 'sudo trawl-agent status',
		verifyHere: 'Fingerprint that arrived here',
		verifyTyped: 'Fingerprint on the host',
		verifyHint: 'Type or paste what the host shows.',
		verifyWrong: 'They differ. Do not verify this agent.',
		verifySame: 'They are equal.',
		verifyGo: 'Verify agent',
		verified: (name: string) => `${name} is verified`,
		block: 'Block',
		blocked: (name: string) => `${name} is blocked`,
		unblock: 'Unblock',
		unblocked: (name: string) => `${name} may connect again`,
		remove: 'Remove…',
		removeTitle: (name: string) => `Remove ${name}?`,
		removeText: 'Its certificate is refused from now on and its connection '
			+ 'is cut. What it found stays. To come back it must enrol again.',
		removeType: (name: string) => `Type ${name} to go on`,
		removeGo: 'Remove agent',
		removed: (name: string) => `${name} was removed`,
		certificate: (t: string) => `certificate until ${t}`,
		menu: (name: string) => `Actions for ${name}`,
		proxy: (kinds: string) => `proxy · ${kinds || 'reads nothing'}`,
	},

	addAgent: {
		title: 'Add an agent',
		text: (uses: number, hours: number) =>
			`Run this on the host you want to scan. The token works for `
			+ `${n(uses, host)} and ends in ${hours} hours.`,
		command: 'Command',
		making: 'Making a token…',
		waiting: 'Waiting for the first agent to connect. This page moves on '
			+ 'by itself.',
		arrived: (name: string) => `${name} is here`,
		arrivedText: 'It is verified and ready. Next: what should it look at?',
		enrolledText: 'It has enrolled and is verified. It connects as soon as '
			+ '“trawl-agent run” runs there; as a service it does by itself.',
		next: 'Choose what to scan',
		another: 'Add another',
		proxy: 'To read targets on other hosts: a proxy',
		proxyText: 'Run this instead on a host that reaches them.',
		proxyNext: 'Add what it should read',
		token: 'Without a token an agent waits as unverified until you compare '
			+ 'its fingerprint.',
	},
};
