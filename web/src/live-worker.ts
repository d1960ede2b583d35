/*
 * Shared by all tabs: holds the one event stream while at least one tab is
 * there. It knows nothing of what the events mean.
 */
import type { LiveName } from './types';

interface Port {
	postMessage(message: unknown): void;
	onmessage: ((e: MessageEvent<string>) => void) | null;
	start(): void;
}

const names: readonly LiveName[] = [
	'finding', 'scan', 'agent', 'store', 'reset',
];
const ports = new Set<Port>();
let source: EventSource | undefined;
let up = false;

function tell(word: unknown): void {
	for (const p of ports) p.postMessage(word);
}

function open(): void {
	source = new EventSource('/api/v1/events');
	source.onopen = () => {
		up = true;
		tell({ kind: 'up' });
	};
	source.onerror = () => {
		up = false;
		tell({ kind: 'down' });
	};
	for (const name of names)
		source.addEventListener(name, (e) =>
			tell({ kind: 'event', name, data: (e as MessageEvent<string>).data }));
}

function join(port: Port): void {
	ports.add(port);
	/* a closed stream had no session; whoever joins now may have one */
	if (!source || source.readyState === EventSource.CLOSED) open();
	port.postMessage({ kind: up ? 'up' : 'wait' });
}

function leave(port: Port): void {
	ports.delete(port);
	if (ports.size > 0) return;
	source?.close();
	source = undefined;
	up = false;
}

addEventListener('connect', (e) => {
	const port = (e as unknown as { ports: Port[] }).ports[0];
	if (!port) return;
	port.onmessage = (m) => (m.data === 'join' ? join(port) : leave(port));
	port.start();
});
