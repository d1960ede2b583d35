/* The browser's own dialog: it keeps the focus inside and gives it back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { w } from '../words';
import { Icon } from './icons';

interface Props {
	title: string;
	onClose: () => void;
	children: ComponentChildren;
	class?: string;
	bare?: boolean;
}

export function Dialog({ title, onClose, children, bare, ...rest }: Props) {
	const ref = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const d = ref.current;
		d?.showModal();
		return () => d?.close();
	}, []);
	return (
		<dialog
			ref={ref}
			class={rest.class ?? ''}
			aria-label={title}
			onCancel={(e) => {
				e.preventDefault();
				onClose();
			}}
			onMouseDown={(e) => {
				if (e.target === ref.current) onClose();
			}}
		>
			{bare ? children : (
				<>
					<div class="dialog-head">
						<h2>{title}</h2>
						<button
							type="button" class="icon-btn" onClick={onClose}
							aria-label={w.common.close}
						>
							<Icon name="x" />
						</button>
					</div>
					<div class="dialog-body">{children}</div>
				</>
			)}
		</dialog>
	);
}

interface AskProps {
	title: string;
	text: string;
	go: string;
	onGo: () => void;
	onClose: () => void;
	blocked?: boolean;
	danger?: boolean;
	children?: ComponentChildren;
}

/* A question with one way on and one way back. */
export function Ask(p: AskProps) {
	return (
		<Dialog title={p.title} onClose={p.onClose}>
			<form
				class="dialog-body"
				onSubmit={(e) => {
					e.preventDefault();
					if (!p.blocked) p.onGo();
				}}
			>
				<p class="lead">{p.text}</p>
				{p.children}
				<div class="dialog-foot">
					<button type="button" class="btn" onClick={p.onClose}>
						{w.common.cancel}
					</button>
					<button
						type="submit"
						class={`btn main${p.danger ? ' danger' : ''}`}
						disabled={p.blocked ?? false}
					>
						{p.go}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
