/* One step of the page: its number, what it is, why. */
interface CardProps {
	no: number;
	title: string;
	text: string;
	children: preact.ComponentChildren;
}

export const Card = ({ no, title, text, children }: CardProps) => (
	<section class="card">
		<div class="card-no">
			<span class="no" aria-hidden="true">{no}</span>
			<div>
				<h2>{title}</h2>
				<p class="dim">{text}</p>
			</div>
		</div>
		{children}
	</section>
);
