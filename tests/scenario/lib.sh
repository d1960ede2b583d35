# Sourced by every scenario: real programs on loopback in a folder of their own.
#
#   scenario_begin           work folder $W ($SCENARIO_DIR when the runner gave
#                            one), everything stopped at exit
#   check NAME COMMAND...    one assertion: "pass NAME" or "fail NAME"
#   scenario_end             exit status from the failures so far
#   master_init / master_start / master_stop / master_pids
#   agent_enroll NAME / agent_start NAME / agent_stop NAME
#   scan_order PATH...       order a scan on every agent, wait for its end
#   export_findings FILE
#   wait_for SECONDS COMMAND...   poll until it succeeds; a bound, not a delay
#   tallied LEDGER "whole 3 2 1 0 0 75"   what became of all objects of a scan:
#                            whole or cut; how many; of them read in full,
#                            unchanged, partly, not at all; bytes (where what
#                            is wanted has them)
# Processes are stopped by pid; nothing listens off loopback.
set -u -o pipefail

BUILD=$(cd "${TRAWL_BUILD:-${BUILD:-build}}" && pwd)
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PATH=$BUILD:$PATH
export TRAWL_CATALOGUE=${TRAWL_CATALOGUE:-$TOP/schema/catalogue}
export TRAWL_LIBEXEC=${TRAWL_LIBEXEC:-$BUILD}
failures=0
declare -A PIDS=()

scenario_begin() {
	W=${SCENARIO_DIR:-}
	[ -n "$W" ] || W=$(mktemp -d "${TMPDIR:-/tmp}/trawl-scn.XXXXXX")
	chmod 755 "$W"
	M=$W/master
	trap scenario_cleanup EXIT
	trap 'exit 130' INT TERM
}

scenario_cleanup() {
	local p
	for p in "${PIDS[@]}"; do kill "$p" 2>/dev/null; done
	for p in "${PIDS[@]}"; do
		wait_for 5 gone "$p" || kill -9 "$p" 2>/dev/null
	done
	[ -n "${KEEP:-}${SCENARIO_DIR:-}" ] || rm -rf "$W"
}

scenario_end() {
	[ "$failures" -eq 0 ]
	exit $?
}

gone() { ! kill -0 "$1" 2>/dev/null; }

check() {
	local name=$1
	shift
	local verdict=pass
	"$@" || verdict=fail
	echo "$verdict $name"
	echo "$verdict ${0##*/}: $name" >>"${TRAWL_RESULTS:-/dev/null}"
	[ "$verdict" = pass ] || failures=$((failures + 1))
}

wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# Whether a log has so many lines: a server may write one behind its answer.
log_has() { [ "$(grep -c -- "$2" "$1")" -ge "$3" ]; }
logged() { # FILE PATTERN LEAST [MOST]
	local n
	wait_for 5 log_has "$@"
	n=$(grep -c -- "$2" "$1")
	[ "$n" -ge "$3" ] && [ "$n" -le "${4:-$3}" ]
}

tallied() {
	local got
	got=$(jq -r 'select(.totals) | .totals |
		[if .whole then "whole" else "cut" end, .objects, .full,
		.unchanged, .partial, .unread, .bytes] | join(" ")' "$1")
	[ "$(wc -w <<<"$2")" -eq 7 ] || got=${got% *}
	[ "$got" = "$2" ] || { echo "  $1: $got, not $2"; return 1; }
}

# One, or N, a line each: below those that the kernel gives to clients, so that
# none of them takes it before its server comes.
free_port() { # [N]
	python3 - "${1:-1}" <<-'P'
		import random, socket, sys
		with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
		    below = int(f.read().split()[0])
		held = []
		while len(held) < int(sys.argv[1]):
		    s = socket.socket()
		    port = random.randrange(10240, below) if below > 12000 else 0
		    try: s.bind(("127.0.0.1", port))
		    except OSError: continue
		    held.append(s)
		    print(s.getsockname()[1])
	P
}

master_init() {
	WEB=${WEB:-127.0.0.1:$(free_port)}
	AGENTS=${AGENTS:-127.0.0.1:$(free_port)}
	trawl-master init --data "$M" --web "$WEB" --agents "$AGENTS" \
		>"$W/init.out" 2>"$W/init.err"
}

listening() { (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null; }

master_start() {
	trawl-master run --data "$M" --web "$WEB" --agents "$AGENTS" \
		>>"$W/master.log" 2>&1 &
	PIDS[master]=$!
	wait_for 20 listening "$AGENTS" && wait_for 20 listening "$WEB" &&
		wait_for 20 test -S "$M/run/admin.sock"
}

stop_one() {
	local pid=${PIDS[$1]:-}
	[ -n "$pid" ] || return 0
	kill "$pid" 2>/dev/null
	wait_for 10 gone "$pid" || kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	unset "PIDS[$1]"
}

master_stop() { stop_one master; }

# Every process of a tree, parents first.
tree_pids() {
	local p its=
	echo "$1"
	{ read -r its <"/proc/$1/task/$1/children"; } 2>/dev/null
	for p in $its; do tree_pids "$p"; done
}

agent_enroll() {
	local token
	token=$(trawl-master token --data "$M" | grep -o 'trawl1:[^ ]*' | head -1)
	trawl-agent enroll --state "$W/$1" "$token" >>"$W/$1.log" 2>&1
}

agent_start() {
	trawl-agent run --state "$W/$1" --reconnect-base 100ms \
		--reconnect-cap 1s >>"$W/$1.log" 2>&1 &
	PIDS[$1]=$!
}

agent_stop() { stop_one "$1"; }

scan_order() {
	local args=() p
	for p in "$@"; do args+=(--path "$p"); done
	timeout "${SCAN_SECONDS:-300}" trawl-master scan --data "$M" --all \
		"${args[@]}" --wait >>"$W/scan.log" 2>&1
}

export_findings() { trawl-master export --data "$M" --format jsonl >"$1"; }
