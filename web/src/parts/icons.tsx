/* Icons are data, drawn by us: no markup is ever parsed. */
import {
	Activity, ArrowDown, ArrowUpRight, Ban, Bot, Box, Check, ChevronDown,
	ChevronRight, CircleCheck, CircleX, Copy, Download, Ellipsis, Eye,
	EyeOff, File, Folder, FolderTree, Gauge, HardDrive, Keyboard,
	LogOut, Maximize2, Menu, Minus, Moon, OctagonAlert, Pause, Play, Plus,
	RotateCcw, ScanSearch, Search, Server, ShieldCheck, SlidersHorizontal,
	Square, Sun, Terminal, Trash2, TriangleAlert, X,
} from 'lucide';
import { h } from 'preact';

const TABLE = {
	activity: Activity, arrowDown: ArrowDown, arrowUpRight: ArrowUpRight,
	ban: Ban, bot: Bot, box: Box, check: Check, chevronDown: ChevronDown,
	chevronRight: ChevronRight, circleCheck: CircleCheck, circleX: CircleX,
	copy: Copy, download: Download, ellipsis: Ellipsis, eye: Eye,
	eyeOff: EyeOff, file: File, folder: Folder, folderTree: FolderTree,
	gauge: Gauge, drive: HardDrive, keyboard: Keyboard, logOut: LogOut,
	maximize: Maximize2, menu: Menu, minus: Minus, moon: Moon,
	octagonAlert: OctagonAlert, pause: Pause, play: Play, plus: Plus,
	reopen: RotateCcw, scan: ScanSearch, search: Search, server: Server,
	shield: ShieldCheck, filters: SlidersHorizontal, stop: Square, sun: Sun,
	terminal: Terminal, trash: Trash2, warning: TriangleAlert, x: X,
} as const;

export type IconName = keyof typeof TABLE;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
	return h(
		'svg',
		{
			'width': size, 'height': size, 'viewBox': '0 0 24 24',
			'fill': 'none', 'stroke': 'currentColor', 'stroke-width': 1.75,
			'stroke-linecap': 'round', 'stroke-linejoin': 'round',
			'aria-hidden': 'true', 'focusable': 'false',
		},
		TABLE[name].map(([tag, attrs]) => h(tag, attrs)),
	);
}
