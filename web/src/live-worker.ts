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
const FIRST_MS = 1000;
const LAST_MS = 30_000;
const ports = new Set<Port>();
let source: EventSource | undefined;
let up = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let wait = FIRST_MS;

function tell(word: unknown): void {
	for (const p of ports) p.postMessage(word);
}

/*
 * The browser comes back by itself after a broken connection, but never after
 * an answer that was an error: then we do, ever more slowly.
 */
function open(): void {
	clearTimeout(timer);
	source?.close();
	source = new EventSource('/api/v1/events');
	source.onopen = () => {
		up = true;
		wait = FIRST_MS;
		tell({ kind: 'up' });
	};
	source.onerror = () => {
		up = false;
		tell({ kind: 'down' });
		if (source?.readyState !== EventSource.CLOSED) return;
		timer = setTimeout(open, wait);
		wait = Math.min(LAST_MS, wait * 2);
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
	clearTimeout(timer);
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
