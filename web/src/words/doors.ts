/* Set-up and sign-in. */
export const doors = {
	setup: {
		title: 'Set up Trawl',
		intro: 'Three fields and the console is yours. The set-up code was '
			+ 'printed when the master was installed.',
		code: 'Set-up code',
		codeHint: '“trawl-master setup-code” prints a new one.',
		name: 'Your name',
		nameHint: 'You sign in with it.',
		password: 'Password',
		show: 'Show the password',
		hide: 'Hide the password',
		submit: 'Create account and sign in',
		meter: (len: number) =>
			len === 0 ? 'At least 12 characters. Length is the only rule.'
				: len < 12 ? `${12 - len} more to go`
					: len < 16 ? 'Long enough'
						: len < 24 ? 'Strong' : 'Very strong',
		certificate: 'Certificate of this console (SHA-256)',
		certificateHint: 'It must equal the one that was printed with the code.',
	},

	signin: {
		title: 'Sign in',
		name: 'Name',
		password: 'Password',
		submit: 'Sign in',
		wrong: 'Name or password is not right.',
		later: (s: number) => `Too many attempts. Try again in ${s} s.`,
		ended: 'Your session has ended. Sign in to go on.',
	},
};
