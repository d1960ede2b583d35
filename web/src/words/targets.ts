/* Targets and what they hold. */
import { n, number, target } from './plural';

export const targets = {
	targets: {
		title: 'Targets',
		tree: 'Targets and what lies in them',
		some: (v: number) => n(v, target),
		groups: (v: number) => n(v, { one: 'group', other: 'groups' }),
		critical: (v: number) => `${number.format(v)} critical`,
		problems: (v: number) => `${number.format(v)} not fully read`,
		emptyTitle: 'No targets yet',
		emptyText: 'Each host with an agent becomes a target; proxies read '
			+ 'those that can carry none.',
		matches: 'Matches',
		lastScan: 'Last scan',
		show: 'Show findings',
		never: 'never scanned',
		scanned: 'scanned',
		partial: 'read in part',
		unread: 'not read',
		offline: 'offline',
		total: 'Open findings',
		headCritical: 'Critical',
		headOpen: 'Open',
		expand: (name: string) => `Open ${name}`,
		collapse: (name: string) => `Close ${name}`,
		failedChildren: 'could not be loaded',
	},
};
