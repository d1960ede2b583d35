import { Blank } from '../parts/bits';
import { w } from '../words';

export function Missing() {
	return (
		<Blank
			icon="circleX" title={w.error.page}
			action={<a class="btn" href="/">{w.error.toOverview}</a>}
		>
			{w.error.pageDetail}
		</Blank>
	);
}
