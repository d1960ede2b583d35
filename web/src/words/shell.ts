/* What stands on every page: shell, states, units, failures. */
import { agent, finding, match, n, number, object, target } from './plural';

export const shell = {
	product: 'Trawl',

	skip: 'Skip to content',

	nav: {
		label: 'Pages',
		manage: 'Manage',
		overview: 'Overview',
		findings: 'Findings',
		targets: 'Targets',
		scans: 'Scans',
		agents: 'Agents',
		newScan: 'New scan',
		addTarget: 'Add target',
		changeTarget: 'Change target',
		menu: 'Show pages',
		search: 'Search',
	},

	live: {
		on: (online: number, total: number) =>
			total === 0 ? 'Live · no agents yet'
				: `Live · ${number.format(online)} of ${n(total, agent)}`,
		off: 'Reconnecting…',
	},

	top: {
		dark: 'Use the dark theme',
		light: 'Use the light theme',
		account: 'Account',
		signOut: 'Sign out',
		help: 'Keyboard shortcuts',
		addAgent: 'Add agent',
		signedInAs: (name: string) => `Signed in as ${name}`,
	},

	common: {
		loading: 'Loading…',
		retry: 'Try again',
		close: 'Close',
		cancel: 'Cancel',
		copy: 'Copy',
		copied: 'Copied',
		clear: 'Clear',
		more: 'Show more',
		back: 'Back',
		any: 'any',
		none: 'none',
		actions: 'Actions',
		selectRow: (name: string) => `Select ${name}`,
		selectAll: 'Select all loaded rows',
		row: (r: number, of: number) =>
			`row ${number.format(r)} of ${number.format(of)}`,
	},

	error: {
		title: 'This could not be loaded',
		gone: 'This is not here any more',
		offline: 'The master cannot be reached',
		offlineDetail:
			'Check that it runs and that this machine can reach it.',
		status: (s: number) => `The master answered with status ${s}`,
		page: 'There is no such page',
		pageDetail: 'The address may be mistyped or the item was removed.',
		toOverview: 'Go to the overview',
		unknown: 'Something went wrong',
	},

	time: {
		never: 'never',
		now: 'just now',
		ago: (v: number, unit: string) => `${v}${unit} ago`,
		instant: 'less than 1 s',
		seconds: (s: number) => `${s} s`,
		minutes: (m: number) => `${m} min`,
		hours: (h: number, m: number) => (m ? `${h} h ${m} min` : `${h} h`),
		days: (d: number, h: number) => (h ? `${d} d ${h} h` : `${d} d`),
	},

	risk: {
		critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low',
	},

	state: {
		open: 'Open',
		confirmed: 'Confirmed',
		false_positive: 'Not sensitive',
		gone: 'Gone',
	},

	level: {
		strict: 'sure enough to act on',
		broad: 'worth a look',
	},

	field: {
		risk: 'Risk', state: 'Status', category: 'Class', type: 'Data type',
		target: 'Target', agent: 'Agent', group: 'Group', scan: 'Scan',
		under: 'In',
		q: 'Text',
	},

	scanState: {
		queued: 'waiting for its agents',
		running: 'running',
		paused: 'paused',
		done: 'complete',
		stopped: 'stopped',
		failed: 'failed',
		partial: 'read in part',
	},

	agentState: {
		unverified: 'Unverified', verified: 'Verified', blocked: 'Blocked',
	},

	count: {
		findings: (v: number) => n(v, finding),
		matches: (v: number) => n(v, match),
		targets: (v: number) => n(v, target),
		agents: (v: number) => n(v, agent),
		objects: (v: number) => n(v, object),
		atLeast: (text: string) => `${text} or more`,
	},
};
