# Sourced: what a scan costs the host that does it. A large object of any kind
# must go through memory that stays small, and never through a file.
#
#   traced TARGET...   scans them, with --credential and so on: its findings are
#                      in $W/traced.out. All of it is followed by strace, and
#                      every reader's peak is looked at while it lives
#   sparing N          what is asserted of the last one: N readers were seen,
#                      none had more than 128 MiB, and none of all its processes
#                      opened a file for writing
declare -A PEAK=()
SPARING_KIB=131072
OPENS=open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat

peak_of() { # PID: of a reader; no program is started for it: they are short
	local name=
	now=0
	{ read -r name <"/proc/$1/comm"; } 2>/dev/null
	[[ $name == trawl-source* ]] || return 0
	{
		while read -r name now _; do
			[ "$name" != VmHWM: ] || return 0
		done <"/proc/$1/status"
	} 2>/dev/null
	now=0
}
look_at_readers() { # each one's peak, by its number
	local p now
	while read -r p; do
		peak_of "$p"
		[ "${now:-0}" -le "${PEAK["$p"]:-0}" ] || PEAK["$p"]=$now
	done < <(tree_pids "$1")
}
look_at_session() { :; } # more to look at, for who redefines it
traced() {
	local code
	PEAK=()
	strace -f --seccomp-bpf -qq -o "$W/trace" -e signal=none \
	    -e trace="$OPENS" \
	    "$BUILD/trawl" scan --format jsonl --types 'card_*' "$@" \
	    >"$W/traced.out" 2>"$W/traced.err" &
	PIDS["traced"]=$!
	until gone "${PIDS["traced"]}"; do
		look_at_readers "${PIDS["traced"]}"
		look_at_session "${PIDS["traced"]}"
		sleep 0.05
	done
	wait "${PIDS["traced"]}"
	code=$?
	unset 'PIDS["traced"]'
	cat "$W/traced.err"
	return $code
}
# For writing: but the null device, what the kernel makes up, and what was
# compiled of the detectors.
opened_for_writing() {
	grep -E 'O_(WRONLY|RDWR|CREAT|TMPFILE)|(creat|mkdir|rename|link)[a-z0-9]*\(' \
	    "$W/trace" |
		grep -vE ' = -1 |"/dev/(null|tty)"|"/proc/' |
		grep -vF -e "${TRAWL_CACHE:-/.cache/trawl}" -e /.cache/trawl \
		    -e /var/cache/trawl
}
unwritten() { # of every reader that was seen, the trace has opens
	local p
	for p in "${!PEAK[@]}"; do
		grep -q "^$p .*open" "$W/trace" || return 1
	done
	[ ${#PEAK[@]} -gt 0 ] && ! opened_for_writing
}
none_is_large() {
	local most
	most=$(printf '%s\n' "${PEAK[@]}" | sort -n | tail -n 1)
	echo "  peaks of the readers, KiB: ${PEAK[*]}"
	[ "$most" -le "$SPARING_KIB" ]
}
sparing() { [ ${#PEAK[@]} -eq "$1" ] && none_is_large && unwritten; }
