#!/usr/bin/env bash
# run.sh: try Trawl on this machine; `make run` calls it.
#   SCAN=path          folder to scan (default: a made demo folder)
#   DATA=dir           where keys, database and results are kept
#   WEB=addr:port      console (default 443, or 8443 without the right)
#   AGENTS=addr:port   agents (default 127.0.0.1:11117)
#   ONCE=1             stop everything when the scan is complete
set -u -o pipefail
export LC_ALL=C.UTF-8
top=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
start_dir=$PWD
cd "$top" || exit 1
build=${TRAWL_BUILD:-$top/build}

say() { printf '%s\n' "$*"; }
die() {
	printf 'make run: %s\n' "$*" >&2
	exit 1
}

# ---- where ----

is_root() { [ "$(id -u)" -eq 0 ]; }

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$start_dir" "$1" ;;
	esac
}

choose_data() {
	if [ -n "${DATA:-}" ]; then
		data=$(absolute "$DATA")
	elif is_root; then
		data=/var/lib/trawl-run
	else
		data=${XDG_STATE_HOME:-$HOME/.local/state}/trawl
	fi
	mkdir -p "$data" 2>/dev/null && [ -w "$data" ] && [ -x "$data" ] ||
		die "the folder $data cannot be written;" \
		    "choose another with DATA=folder"
	local free
	free=$(df -Pk "$data" | awk 'NR == 2 {print $4}')
	[ "${free:-0}" -ge 102400 ] ||
		die "less than 100 MiB are free in $data;" \
		    "make room or choose another folder with DATA=folder"
}

choose_scan() {
	if [ -n "${SCAN:-}" ]; then
		scan=$(absolute "$SCAN")
		[ -e "$scan" ] || die "there is no $scan; say another with SCAN=path"
		[ -r "$scan" ] || is_root ||
			die "$scan cannot be read by $(id -un);" \
			    "choose another with SCAN=path or run as root"
		return
	fi
	scan=$data/demo
	packaging/demo "$scan" || die "the demo folder could not be made"
}

# ---- ports ----

port_of() { printf '%s\n' "${1##*:}"; }

# The address to knock at: any address is reached by loopback.
host_of() {
	local host=${1%:*}
	[ "$host" != "$1" ] || host=
	host=${host#[}
	host=${host%]}
	case $host in
	'' | '*' | 0.0.0.0) echo 127.0.0.1 ;;
	::) echo ::1 ;;
	*) echo "$host" ;;
	esac
}

answers() {
	(exec 3<>"/dev/tcp/$(host_of "$1")/$(port_of "$1")") 2>/dev/null
}

may_bind() {
	local first
	is_root && return 0
	first=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null)
	[ "$(port_of "$1")" -ge "${first:-1024}" ]
}

check_address() {
	local name=$1 address=$2 port
	port=$(port_of "$address")
	case $port in
	'' | *[!0-9]*) die "$name=$address is no address; write it as" \
	    "127.0.0.1:8443, [::1]:8443 or 8443" ;;
	esac
	[ "$port" -le 65535 ] || die "$name=$address: a port is at most 65535"
	may_bind "$address" ||
		die "port $port needs root; choose one above 1023, as $name=8443"
	if answers "$address"; then
		die "port $port is taken by another program; stop it or choose" \
		    "another, as $name=127.0.0.1:$((port < 50000 ? port + 10000 : port - 10000))"
	fi
}

choose_ports() {
	if [ -n "${WEB:-}" ]; then
		web=$WEB
	elif may_bind 443; then
		web=443
	else
		web=8443
		say "Port 443 needs root, so the console gets 8443."
	fi
	agents=${AGENTS:-127.0.0.1:11117}
	check_address WEB "$web"
	check_address AGENTS "$agents"
	[ "$(port_of "$web")" != "$(port_of "$agents")" ] ||
		die "WEB and AGENTS are the same port; choose two"
}

# ---- the user that the master drops to ----

choose_user() {
	user=
	is_root || return 0
	if ! id -u trawl >/dev/null 2>&1; then
		command -v useradd >/dev/null ||
			die "there is no user trawl and no useradd to make it"
		useradd --system --no-create-home --home-dir /var/lib/trawl \
		    --shell /usr/sbin/nologin trawl ||
			die "the user trawl could not be made"
		say "Made the system user trawl: the master drops its rights to it."
	fi
	user=trawl
	# A folder of our own may be entered; its content stays closed.
	if ! runuser -u trawl -- test -x "$data" && [ -O "$data" ]; then
		chmod go+x "$data"
	fi
	if ! runuser -u trawl -- test -x "$data"; then
		say "The user trawl cannot enter $data, so the programs run as" \
		    "root without capabilities. A DATA outside of private" \
		    "folders gives each its own user."
		user=root
	fi
}

# ---- processes ----

master_pid=
agent_pid=
fresh=

stop() {
	local pid
	trap - EXIT INT TERM
	for pid in $agent_pid $master_pid; do
		kill -TERM "$pid" 2>/dev/null
		for _ in $(seq 100); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
}
trap stop EXIT
trap 'say; say "Stopping."; exit 0' INT
trap 'exit 0' TERM

# wait_until SECONDS PID LOG COMMAND...: PID must live on
wait_until() {
	local seconds=$1 end=$((SECONDS + $1)) pid=$2 log=$3
	shift 3
	until "$@" >/dev/null 2>&1; do
		if ! kill -0 "$pid" 2>/dev/null; then
			tail -n 5 "$log" >&2
			die "it ended at once; all of its words are in $log"
		fi
		[ "$SECONDS" -lt "$end" ] ||
			die "it did not start within $seconds seconds; see $log"
		sleep 0.1
	done
}

master() {
	local verb=$1
	shift
	"$build/trawl-master" "$verb" --data "$data/master" \
	    ${user:+--user "$user"} "$@"
}

start_master() {
	local log=$data/master.log
	if [ ! -e "$data/master/db" ]; then
		say "Making a new master in $data/master"
		master init --web "$web" --agents "$agents" >"$data/init.out" ||
			die "trawl-master init failed"
		fresh=1
	fi
	# Not by the function: its pid would be that of a shell.
	"$build/trawl-master" run --data "$data/master" ${user:+--user "$user"} \
	    --web "$web" --agents "$agents" >>"$log" 2>&1 &
	master_pid=$!
	wait_until 30 "$master_pid" "$log" answers "$web"
	wait_until 30 "$master_pid" "$log" test -S "$data/master/run/admin.sock"
}

start_agent() {
	local log=$data/agent.log token
	if [ ! -e "$data/agent/agent.conf" ]; then
		token=$(master token | grep -o 'trawl1:[^[:space:]]*' | head -n 1)
		[ -n "$token" ] || die "the master gave no token; see $data/master.log"
		"$build/trawl-agent" enroll --state "$data/agent" \
		    ${user:+--user "$user"} "$token" >>"$log" 2>&1 || {
			tail -n 5 "$log" >&2
			die "the agent could not enrol; see $log"
		}
	fi
	"$build/trawl-agent" run --state "$data/agent" \
	    ${user:+--user "$user"} >>"$log" 2>&1 &
	agent_pid=$!
	wait_until 30 "$agent_pid" "$log" \
	    "$build/trawl-agent" status --state "$data/agent"
}

# ---- result ----

show_findings() {
	say
	master findings || die "the findings could not be read"
}

console_url() {
	local host port
	host=${web%:*}
	[ "$host" != "$web" ] || host=
	port=$(port_of "$web")
	case $host in '' | '*' | 0.0.0.0 | '[::]') host=$(hostname -f 2>/dev/null || hostname) ;; esac
	[ "$port" = 443 ] && port= || port=:$port
	printf 'https://%s%s/\n' "$host" "$port"
}

# Only while nobody has signed up; the code of an earlier run is then void.
show_code() {
	local code print
	code=$(sed -n 's/^Set-up code *//p' "$data/init.out" 2>/dev/null)
	[ -n "$fresh" ] || code=$(master setup-code 2>/dev/null |
	    grep -oE '([A-Z0-9]{4}-){3}[A-Z0-9]{4}' | head -n 1)
	[ -n "$code" ] || return 0
	say "Set-up code: $code"
	print=$(sed -n 's/^Certificate SHA-256 *//p' "$data/init.out" 2>/dev/null)
	[ -z "$print" ] || say "Certificate: SHA-256 $print"
}

main() {
	choose_data
	choose_ports
	packaging/deps run || exit 1
	if [ ! -x "$build/trawl-master" ] || [ -z "${TRAWL_NO_BUILD:-}" ]; then
		packaging/deps build || exit 1
		say "Building"
		"${MAKE:-make}" -s -j"$(nproc)" BUILD="${TRAWL_MAKE_BUILD:-build}" all ||
			die "the build failed, see above"
	fi
	choose_scan
	choose_user
	export TRAWL_CATALOGUE=${TRAWL_CATALOGUE:-$top/schema/catalogue}
	export TRAWL_LIBEXEC=$build
	start_master
	start_agent
	say "Scanning $scan"
	master scan --all --path "$scan" --wait ||
		die "the scan did not complete; see $data/agent.log"
	show_findings
	say
	say "Console:     $(console_url)"
	show_code
	say "Data:        $data"
	if [ -n "${ONCE:-}" ]; then
		return 0
	fi
	say "Ctrl-C stops master and agent."
	wait "$master_pid"
	die "the master ended; see $data/master.log"
}

unset MAKEFLAGS MFLAGS MAKELEVEL
main
