/* A menu on a button, in the top layer, closed by Esc, choice or a click. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface Props {
	label: string;
	face: ComponentChildren;
	class: string;
	children: ComponentChildren;
}

const GAP = 6;

function placeUnder(menu: HTMLElement, button: HTMLElement): void {
	const b = button.getBoundingClientRect();
	const m = menu.getBoundingClientRect();
	const left = Math.max(8, Math.min(b.right - m.width,
		innerWidth - m.width - 8));
	const below = b.bottom + GAP;
	const top = below + m.height > innerHeight - 8
		? Math.max(8, b.top - GAP - m.height) : below;
	menu.style.left = `${left}px`;
	menu.style.top = `${top}px`;
}

function items(menu: HTMLElement): HTMLElement[] {
	return [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
}

function move(menu: HTMLElement, key: string): boolean {
	const all = items(menu);
	const at = all.indexOf(document.activeElement as HTMLElement);
	const next: Record<string, number> = {
		ArrowDown: (at + 1) % all.length,
		ArrowUp: (at - 1 + all.length) % all.length,
		Home: 0,
		End: all.length - 1,
	};
	const to = next[key];
	if (to === undefined) return false;
	all[to]?.focus();
	return true;
}

export function Menu({ label, face, children, ...rest }: Props) {
	const [open, setOpen] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const menu = useRef<HTMLDivElement>(null);
	const id = useId();
	useEffect(() => {
		const m = menu.current;
		const b = button.current;
		if (!open || !m || !b) return;
		m.showPopover();
		placeUnder(m, b);
		items(m)[0]?.focus();
	}, [open]);
	return (
		<>
			<button
				ref={button} type="button" class={rest.class}
				aria-label={label} title={label} aria-haspopup="menu"
				aria-expanded={open} aria-controls={open ? id : undefined}
				onClick={(e) => {
					e.stopPropagation();
					setOpen(!open);
				}}
			>
				{face}
			</button>
			{open && (
				<div
					ref={menu} id={id} class="menu" popover="auto" role="menu"
					aria-label={label}
					onToggle={(e) => {
						if ((e as ToggleEvent).newState === 'closed') {
							setOpen(false);
							button.current?.focus();
						}
					}}
					onClick={(e) => {
						e.stopPropagation();
						if ((e.target as Element).closest('[role="menuitem"]'))
							menu.current?.hidePopover();
					}}
					onKeyDown={(e) => {
						if (menu.current && move(menu.current, e.key))
							e.preventDefault();
						e.stopPropagation();
					}}
				>
					{children}
				</div>
			)}
		</>
	);
}
