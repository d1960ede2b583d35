/* The sheet of shortcuts, made from the table that binds them. */
import { KEYS, type Scope } from '../keys';
import { dialog } from '../state';
import { w } from '../words';
import { Dialog } from './dialog';

const SCOPES: readonly Scope[] = ['everywhere', 'lists'];

const Press = ({ press }: { press: string }) => (
	<span>
		{press.split(/[ +]/).map((k, n) => (
			<>
				{n > 0 && ' '}
				<kbd>{k === 'Escape' ? 'Esc' : k.length === 1 && press.includes('+')
					? k.toUpperCase() : k}</kbd>
			</>
		))}
	</span>
);

export function KeySheet() {
	return (
		<Dialog title={w.keys.title} onClose={() => (dialog.value = null)}>
			<div class="sheet">
				{SCOPES.map((scope) => (
					<section key={scope}>
						<h3>{w.keys[scope]}</h3>
						<ul>
							{KEYS.filter((k) => k.scope === scope).map((k) => (
								<li key={k.press}>
									{k.word}
									<Press press={k.press} />
								</li>
							))}
						</ul>
					</section>
				))}
			</div>
		</Dialog>
	);
}
