/* The shapes of schema/api/openapi.yaml, kept by hand, names as there. */

export type Risk = 'critical' | 'high' | 'medium' | 'low';
export type FindingState = 'open' | 'confirmed' | 'false_positive' | 'gone';
export type Decision = 'open' | 'confirmed' | 'false_positive';
export type ScanState =
	| 'queued' | 'running' | 'paused' | 'done' | 'stopped' | 'failed'
	| 'partial';
export type AgentState = 'unverified' | 'verified' | 'blocked';
export type Permission = 'read' | 'triage' | 'scan' | 'manage';
export type NodeKind = 'group' | 'host' | 'folder' | 'file';

export interface Problem {
	type: string;
	title: string;
	status: number;
	detail?: string;
	instance: string;
	errors?: { pointer: string; detail: string }[];
}

export interface State {
	setup_required: boolean;
	version: string;
	fingerprint: string;
	signed_in: boolean;
}

export interface Session {
	user: { id: string; name: string; role: string };
	permissions: Permission[];
	kind: 'cookie' | 'bearer';
	created: string;
	ends: string;
	idle_seconds: number;
}

export interface Page<T> {
	items: T[];
	next: string | null;
	total: number | null;
	total_exact: boolean;
}

export interface Figure {
	value: number;
	change: number | null;
	series: number[];
}

export interface CoverageFigure {
	value: number | null;
	targets: number;
	total: number;
	change: number | null;
	series: number[];
}

export interface Named {
	id: string;
	name: string;
}

export interface HeatRow extends Named {
	cells: number[];
}

export interface TopTarget {
	id: string;
	node: string;
	name: string;
	group: string;
	findings: number;
	critical: number;
}

export interface Overview {
	at: string;
	figures: {
		open: Figure;
		critical: Figure;
		remediated: Figure;
		coverage: CoverageFigure;
	};
	trend: { days: string[]; open: number[]; critical: number[] };
	scans: Scan[];
	heat: { categories: Named[]; rows: HeatRow[] };
	targets: TopTarget[];
	recent: FindingRow[];
	agents: { total: number; online: number; unverified: number };
}

export interface FindingRow {
	id: string;
	risk: Risk;
	type: string;
	type_name: string;
	category: string;
	target: string;
	agent: string | null;
	host: string;
	group: string;
	path: string;
	matches: number;
	confidence: number;
	level: 'strict' | 'broad';
	state: FindingState;
	scan?: string | null;
	first_seen: string;
	last_seen: string;
}

export interface FindingPage extends Page<FindingRow> {
	at?: number;
}

export interface Match {
	place: string;
	offset: number;
	length: number;
	confidence: number;
	level: 'strict' | 'broad';
	reasons: string[];
	also: string[];
	masked: string;
	context: string;
	fingerprint: string;
}

export interface Crumb {
	id: string;
	kind: NodeKind;
	name: string;
}

export interface ObjectFacts {
	size: number;
	mtime: string | null;
	mode: number;
	permissions: string;
	uid: number;
	gid: number;
	coverage: 'full' | 'partial' | 'none';
	reason: string | null;
}

export interface HistoryLine {
	at: string;
	actor: string | null;
	what: 'found' | 'seen' | 'gone' | 'decided';
	to?: string | null;
}

export interface Finding extends FindingRow {
	reasons: string[];
	items: Match[];
	next: string | null;
	object: ObjectFacts;
	breadcrumb: Crumb[];
	others: FindingRow[];
	history: HistoryLine[];
}

export interface BulkResult {
	matched: number;
	changed: number;
	dry_run: boolean;
}

export interface FacetValue {
	value: string;
	name: string;
	count: number;
}

export type FacetName =
	| 'risk' | 'state' | 'category' | 'type' | 'target' | 'agent' | 'group';
export type Facets = Record<FacetName, FacetValue[]>;

export interface TreeNode {
	id: string;
	kind: NodeKind;
	name: string;
	path: string | null;
	target: string | null;
	agent: string | null;
	online: boolean | null;
	findings: number;
	critical: number;
	matches: number;
	state: 'never' | 'scanned' | 'partial' | 'unread';
	reason: string | null;
	last_scan: string | null;
	has_children: boolean;
	url: string | null; /* of a target on another host */
	message: string | null; /* why its last scan failed, or waits */
}

export interface NodeDetail extends TreeNode {
	breadcrumb: Crumb[];
	risks: FacetValue[];
	categories: FacetValue[];
	problems: number | null;
	scan: string | null;
	coverage: Coverage | null;
}

export interface Progress {
	done_objects: number;
	done_bytes: number;
	total_objects: number | null;
	total_bytes: number | null;
	total_exact: boolean;
	bytes_per_second: number;
	eta_seconds: [number, number] | null;
	findings: number;
	partial: number;
	unread: number;
	current: string;
	stalled: boolean;
}

export interface Scan {
	id: string;
	name: string;
	state: ScanState;
	created: string;
	started: string | null;
	ended: string | null;
	created_by: string | null;
	agents: { id: string | null; host: string }[];
	progress: Progress;
	message: string | null;
}

export interface Task {
	id: string;
	agent: string | null;
	host: string;
	proxy: string | null;
	url: string | null;
	target: string;
	online: boolean;
	started: string | null;
	ended: string | null;
	state: ScanState;
	progress: Progress;
	message: string | null;
}

export interface ScanDetail extends Scan {
	paths: string[];
	types: string[];
	min_confidence: number;
	limits: Record<string, number>;
	ocr: string[];
	skip_unchanged: boolean;
	tasks: Task[];
	coverage: Coverage;
	errors: {
		coverage: 'full' | 'partial' | 'none';
		reason: string;
		text: string;
		count: number;
	}[];
}

export interface ScanRequest {
	name?: string;
	agents?: string[];
	all?: boolean;
	targets?: string[];
	paths?: string[];
	types?: string[];
	limits?: Record<string, number>;
	ocr?: string[];
	skip_unchanged?: boolean;
}

export interface Limit {
	name: string;
	default: number;
	low: number;
	high: number | null;
	unit: 'count' | 'bytes' | 'seconds';
	text: string;
}

export interface CoverageReason {
	reason: string;
	text: string;
	partial: number;
	unread: number;
	places: number;
	bytes: number;
	counts: boolean;
}

export interface Coverage {
	whole: boolean;
	objects: number;
	full: number;
	partial: number;
	unread: number;
	unchanged: number;
	folders: number;
	bytes: number;
	unread_bytes: number;
	rested_seconds: number;
	members: number;
	members_partial: number;
	members_unread: number;
	places: number;
	left_out: number;
	reasons: CoverageReason[];
}

export interface CoverageRow {
	task: string;
	target: string;
	host: string;
	path: string;
	place: string;
	number: number;
	coverage: 'full' | 'partial' | 'none';
	reason: string;
	text: string;
	parser: string;
	detail: string;
	size: number;
	read: number;
	folder: boolean;
	members: number;
	members_partial: number;
	members_unread: number;
	places: number;
}

export interface Agent {
	id: string;
	name: string;
	os: string;
	arch?: string;
	addresses: string[];
	state: AgentState;
	online: boolean;
	last_seen: string | null;
	version: string;
	fingerprint: string;
	tasks: number;
	certificate_ends: string | null;
	load: number | null;
	cpus?: number;
	enrolled: string;
	target: string | null;
	group: string;
	findings: number;
	critical: number;
	program: string;
	kinds: string[]; /* schemes that a proxy reads */
	credentials: string[]; /* their names */
}

export interface RemoteTarget {
	id: string;
	name: string;
	group: string;
	kind: string;
	url: string;
	options: Record<string, string>;
	credential: string;
	reader: string; /* any, proxy:ID, group:ID */
	reader_name: string | null;
	created: string;
	last_scan: string | null;
	findings: number;
	critical: number;
	matches: number;
	last: {
		scan: string;
		state: ScanState;
		ended: string | null;
		message: string | null;
		proxy: string | null;
	} | null;
}

export interface Try {
	id: string;
	proxy: string;
	state: 'waiting' | 'done';
	status: string | null;
	why: string | null;
	entries: { path: string; size: number; folder: boolean; reason: string | null }[];
	more: boolean;
}

export interface RemoteRequest {
	url?: string;
	name: string;
	group: string;
	options: Record<string, string>;
	credential: string;
	reader: string;
}

export interface Kind {
	scheme: string;
	title: string;
	ports: string;
	form: string;
	access: string[];
	options: string[];
	honesty: 'product' | 'protocol' | 'fixture' | 'untested';
	honesty_text: string;
	tested: string;
}

export interface ProxyGroup {
	id: string;
	name: string;
	created: string;
	targets: number;
	members: { id: string; host: string }[];
}

export interface AgentPage extends Page<Agent> {
	summary: {
		total: number;
		online: number;
		unverified: number;
		blocked: number;
		outdated: number;
	};
}

export interface NewToken {
	id: string;
	ends: string;
	uses: number;
	uses_left: number;
	token: string;
	command: string;
}

export interface DataType {
	id: string;
	name: string;
	category: string;
	category_name: string;
	risk: Risk;
	countries: string;
	findings: number;
	current: boolean;
}

/* What GET /events carries, by event name. */
export interface LiveEvents {
	finding: { open: number; critical: number; matches: number; new: number };
	scan: { id: string; state: ScanState; progress: Progress };
	agent: { id: string; name: string; state: string; online: boolean };
	store: { state: 'ok' | 'full' | 'failing'; text: string };
	reset: Record<string, never>;
}
export type LiveName = keyof LiveEvents;
