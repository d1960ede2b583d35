/* First run: code, name, password. A right answer signs in at once. */
import { useState } from 'preact/hooks';
import { api, Failure } from '../api';
import { Field, LengthMeter, Password } from '../parts/form';
import { Icon } from '../parts/icons';
import { Brand } from '../parts/shell';
import { fingerprint, session, setupRequired, wordsOf } from '../state';
import { w } from '../words';

const MIN = 12;

export const Pin = ({ hint }: { hint?: string }) => (fingerprint.value ? (
	<div class="pin">
		{w.setup.certificate}
		<code>{fingerprint.value}</code>
		{hint && <span class="dim">{hint}</span>}
	</div>
) : null);

export function Setup() {
	const [code, setCode] = useState('');
	const [name, setName] = useState('');
	const [password, setPassword] = useState('');
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>();
	const wrong = error instanceof Failure ? error.fields : {};
	const submit = async (e: Event) => {
		e.preventDefault();
		setBusy(true);
		setError(undefined);
		try {
			const s = await api.setup(code.trim(), name.trim(), password);
			setupRequired.value = false;
			session.value = s;
		} catch (x) {
			setError(x);
			setBusy(false);
		}
	};
	return (
		<main class="gate">
			<div class="gate-card">
				<Brand link={false} />
				<h1>{w.setup.title}</h1>
				<p class="dim">{w.setup.intro}</p>
				<form onSubmit={submit}>
					<Field
						label={w.setup.code} hint={w.setup.codeHint}
						wrong={wrong.code}
					>
						{(f) => (
							<input
								{...f} class="input code" required autofocus
								name="code" autocomplete="one-time-code"
								spellcheck={false} maxLength={64} value={code}
								onInput={(e) => setCode(e.currentTarget.value)}
							/>
						)}
					</Field>
					<Field
						label={w.setup.name} hint={w.setup.nameHint}
						wrong={wrong.name}
					>
						{(f) => (
							<input
								{...f} class="input" required name="name"
								autocomplete="username" maxLength={64} value={name}
								onInput={(e) => setName(e.currentTarget.value)}
							/>
						)}
					</Field>
					<Field label={w.setup.password} wrong={wrong.password}>
						{(f) => (
							<>
								<Password
									wires={f} value={password} onValue={setPassword}
									complete="new-password" min={MIN}
								/>
								<LengthMeter length={password.length} />
							</>
						)}
					</Field>
					{error && Object.keys(wrong).length === 0 ? (
						<p class="note bad" role="alert">
							<Icon name="octagonAlert" />
							{wordsOf(error)}
						</p>
					) : null}
					<button
						type="submit" class="btn main wide-btn"
						disabled={busy || password.length < MIN || !name.trim()
							|| !code.trim()}
					>
						{w.setup.submit}
					</button>
				</form>
				<Pin hint={w.setup.certificateHint} />
			</div>
		</main>
	);
}
