/* New scan. */
import { dataType, n, number } from './plural';

export const newscan = {
	newScan: {
		title: 'New scan',
		where: 'Where',
		whereText: 'Hosts with a verified agent and the folders to look in, '
			+ 'and targets that proxies read.',
		what: 'What',
		whatText: 'The data types to look for, and how thoroughly.',
		when: 'Start',
		nowText: 'It starts at once where the agents are online, and goes on '
			+ 'where it was after a restart.',
		nameLabel: 'Name',
		nameHint: 'Optional. To find it again.',
		hosts: 'Hosts',
		remotes: 'Targets on other hosts',
		allHosts: 'Choose all',
		noHosts: 'Choose none',
		paths: 'Folders',
		pathsHint: 'One a line, each beginning with /. A host that lacks one '
			+ 'says so in its coverage.',
		defaultPaths: '/home\n/srv\n/var/www',
		noAgents: 'No agent is ready',
		noAgentsText: 'A scan needs at least one verified agent, or a target '
			+ 'that a proxy reads.',
		offline: 'offline, starts when it is back',
		presets: {
			all: { name: 'Everything', text: 'The default profile: cards, '
				+ 'personal data, bank accounts and secrets.' },
			cards: { name: 'Payment cards', text: 'Card numbers of every '
				+ 'brand, as PCI DSS wants it.' },
			personal: { name: 'Personal data', text: 'National ids, bank '
				+ 'accounts, e-mail addresses and phone numbers.' },
			secrets: { name: 'Secrets', text: 'Keys, tokens and passwords '
				+ 'in code and settings.' },
			own: { name: 'Choose…', text: 'Pick groups or single data types.' },
		},
		typesLabel: 'Data types',
		typesSearch: 'Find a type',
		typesChosen: (v: number) => `${number.format(v)} chosen`,
		typesOwn: (v: number) => n(v, dataType),
		typesSome: (v: number, of: number) =>
			(v === 0 ? number.format(of) : `${number.format(v)} of ${number.format(of)}`),
		typesOf: (group: string) => ` types of ${group}`,
		typesNone: 'No type has such a name.',
		limits: 'Advanced limits',
		limitsText: 'What one object may cost. Over a limit it is read in '
			+ 'part, and the coverage says what was left out.',
		limitsSet: (v: number) => `${number.format(v)} changed`,
		limitUnits: { count: '', bytes: '', seconds: 's' },
		limitRange: (low: string, high: string, normal: string) =>
			`${low} to ${high}; ${normal} when empty`,
		limitFrom: (low: string, normal: string) =>
			`from ${low} on; ${normal} when empty`,
		badLimit: (text: string, range: string) =>
			`${text}: a number ${range.split(';')[0]} is wanted.`,
		summaryLimits: 'Limits',
		summary: 'This scan',
		summaryHosts: 'Hosts',
		summaryPaths: 'Folders',
		summaryTypes: 'Looks for',
		start: 'Start scan',
		needHost: 'Choose at least one host or target.',
		needPath: 'Give at least one folder.',
		badPath: (path: string) => `“${path}” does not begin with /.`,
		needType: 'Choose at least one data type.',
		manyTypes: 'These are too many single types. Choose whole groups, or '
			+ 'everything.',
		started: 'The scan has started',
		defaultName: (what: string, hosts: string) => `${what} · ${hosts}`,
		moreHosts: (first: string, v: number) => `${first} and ${v} more`,
	},

	unchanged: {
		skip: 'Leave out what has not changed',
		skipText: 'What the last such scan read in full and found nothing in is '
			+ 'not read again while it stays the same.',
		summary: 'Unchanged objects',
		left: 'left out',
	},

	pictures: {
		read: 'Read the text in pictures, too',
		readText: 'Photos, screenshots, faxes and scanned pages are read. '
			+ 'Without it, only their titles and other metadata are.',
		cost: 'It takes seconds of CPU for each picture or page, more with '
			+ 'each language. An agent needs Tesseract with these '
			+ 'languages; one that lacks something fails at once, and its '
			+ 'message names the Debian package.',
		label: 'Languages of text in pictures',
		more: 'Other languages',
		moreHint: 'By Tesseract’s names, such as isl or chi_tra_vert. Up to '
			+ '8 in all.',
		summary: 'Text in pictures',
		needLanguage: 'Choose a language for the text in pictures.',
		badLanguage: (v: string) => `“${v}” is no name of a language.`,
		manyLanguages: 'At most 8 languages of text in pictures.',
		languages: {
			eng: 'English', deu: 'German', fra: 'French', spa: 'Spanish',
			por: 'Portuguese', ita: 'Italian', nld: 'Dutch', pol: 'Polish',
			ces: 'Czech', swe: 'Swedish', dan: 'Danish', nor: 'Norwegian',
			fin: 'Finnish', ell: 'Greek', hun: 'Hungarian', ron: 'Romanian',
			tur: 'Turkish', rus: 'Russian', ukr: 'Ukrainian', ara: 'Arabic',
			heb: 'Hebrew', hin: 'Hindi', chi_sim: 'Chinese, simplified',
			chi_tra: 'Chinese, traditional', jpn: 'Japanese', kor: 'Korean',
		} as Readonly<Record<string, string>>,
	},
};
