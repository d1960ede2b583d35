import { toasts } from '../state';
import { Icon } from './icons';

export function Toasts() {
	return (
		<div class="toasts" role="status" aria-live="polite">
			{toasts.value.map((t) => (
				<div key={t.id} class={`toast ${t.bad ? 'bad' : 'good'}`}>
					<Icon name={t.bad ? 'octagonAlert' : 'circleCheck'} />
					{t.text}
				</div>
			))}
		</div>
	);
}
