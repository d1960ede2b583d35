import { useState } from 'preact/hooks';
import { api, Failure } from '../api';
import { Field, Password } from '../parts/form';
import { Icon } from '../parts/icons';
import { Brand } from '../parts/shell';
import { session, wordsOf } from '../state';
import { params } from '../url';
import { w } from '../words';
import { Pin } from './setup';

function wordsFor(e: unknown): string {
	if (e instanceof Failure && e.status === 401) return w.signin.wrong;
	if (e instanceof Failure && e.status === 429)
		return w.signin.later(e.retryAfter || 60);
	return wordsOf(e);
}

export function SignIn() {
	const [name, setName] = useState('');
	const [password, setPassword] = useState('');
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>();
	const submit = async (e: Event) => {
		e.preventDefault();
		setBusy(true);
		setError(undefined);
		try {
			session.value = await api.signIn(name.trim(), password);
		} catch (x) {
			setError(x);
			setPassword('');
			setBusy(false);
		}
	};
	return (
		<main class="gate">
			<div class="gate-card">
				<Brand link={false} />
				<h1>{w.signin.title}</h1>
				{params.value.has('next') && <p class="dim">{w.signin.ended}</p>}
				<form onSubmit={submit}>
					<Field label={w.signin.name}>
						{(f) => (
							<input
								{...f} class="input" required autofocus name="name"
								autocomplete="username" maxLength={64} value={name}
								onInput={(e) => setName(e.currentTarget.value)}
							/>
						)}
					</Field>
					<Field label={w.signin.password}>
						{(f) => (
							<Password
								wires={f} value={password} onValue={setPassword}
								complete="current-password"
							/>
						)}
					</Field>
					{error ? (
						<p class="note bad" role="alert">
							<Icon name="octagonAlert" />
							{wordsFor(error)}
						</p>
					) : null}
					<button
						type="submit" class="btn main wide-btn"
						disabled={busy || !name.trim() || !password}
					>
						{w.signin.submit}
					</button>
				</form>
				<Pin />
			</div>
		</main>
	);
}
