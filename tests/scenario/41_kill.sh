#!/bin/bash
# SIGKILL at random moments of a scan: agent, reader, worker, gate, core, api,
# the whole master. The final export equals the undisturbed one, the ledger of
# what was not read, too. Every scan
# that is disturbed reads a folder of its own (hard links), so that a finding
# that was lost cannot stand there from a scan before.
#   KILLS=50     how often each; 150 in `make torture`
#   ROLES="..."  which
#   SEED=n       random moments (printed)
#   KILL_RATE=n  bytes a second of the scan, so that there are moments to hit
. "$(dirname "$0")/lib.sh"
scenario_begin
KILLS=${KILLS:-$([ -n "${TORTURE:-}" ] && echo 150 || echo 50)}
ROLE_SECONDS=${ROLE_SECONDS:-$((KILLS * 5))}
ROLES=${ROLES:-worker reader zygote scanner agent gate core master}
KILL_RATE=${KILL_RATE:-3000000}
RANDOM=${SEED:=$$}
echo "seed $SEED, $KILLS kills a role"

corpus=$W/corpus
python3 "$TOP/tests/data/corpus.py" "$corpus" --seed 11 \
	--scale "${KILL_SCALE:-0.012}" --parts ae >/dev/null &&
	python3 "$TOP/tests/scenario/ledger.py" make "$corpus/odd" || exit 1

# pids of the processes that play a role
players() {
	case $1 in
	agent) echo "${PIDS[agent]:-}" ;;
	master) echo "${PIDS[master]:-}" ;;
	gate | core | api) pgrep -P "${PIDS[master]}" -f -- "--role $1" ;;
	*) for p in $(tree_pids "${PIDS[agent]}"); do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" = "trawl-$1" ] && echo "$p"
	   done ;;
	esac
}

kill_tree() { # the process and what it started, as a power cut would
	local all
	all=$(tree_pids "$1")
	kill -9 $all 2>/dev/null
	wait "$1" 2>/dev/null
}

kill_once() {
	local pids
	pids=$(players "$1")
	[ -n "$pids" ] || return 1
	case $1 in
	agent) kill_tree "$pids"; agent_start agent ;;
	master) kill_tree "$pids"; master_start ;;
	*) kill -9 $(shuf -n1 --random-source=<(yes $RANDOM) <<<"$pids") 2>/dev/null ;;
	esac
}

all_done() {
	trawl-master scans --data "$M" --running 2>/dev/null | grep -q '^0 '
}
scanning() { ! all_done; }

try_order() { # NAME; one that has ended says why, and asking on is no use
	gone "${PIDS[master]:-0}" ||
		trawl-master scan --data "$M" --all --path "$W/disk/$1" \
			--bytes-per-second "$KILL_RATE" >>"$W/scan.log" 2>&1
}

order() { # NAME, without waiting: the master may be killed under us
	mkdir -p "$W/disk"
	cp -al "$corpus" "$W/disk/$1"
	last=$W/disk/$1
	wait_for 60 try_order "$1" && ! gone "${PIDS[master]:-0}" && return
	echo "no scan can be ordered; the master says:"
	tail -n 5 "$W/scan.log" "$W/master.log"
	return 1
}

disturb() { # ROLE: kill it KILLS times, ordering scans until it was enough
	local n=0 scans=0 end=$((SECONDS + ROLE_SECONDS))
	while [ "$n" -lt "$KILLS" ]; do
		[ "$SECONDS" -lt "$end" ] || { echo "only $n kills of $1"; return 1; }
		scanning || order "$1.$((++scans))" || return 1
		sleep "0.$(printf %03d $((RANDOM % 200)))"
		kill_once "$1" && n=$((n + 1))
	done
	wait_for 120 all_done
}

check "master starts" eval 'master_init && master_start'
[ "$failures" -eq 0 ] || { cat "$W/init.err" "$W/master.log"; exit 1; }
check "agent enrols" agent_enroll agent
agent_start agent

# ROLE: what reached the master of its folders equals `trawl scan` of them
same_as_scan() {
	trawl scan --format jsonl "$W"/disk/"$1".* >"$W/$1.want" 2>/dev/null
	export_findings "$W/$1.all" || return 1
	grep -F "\"path\":\"$W/disk/$1." "$W/$1.all" >"$W/$1.got"
	python3 "$TOP/tests/scenario/same.py" "$W/$1.want" "$W/$1.got"
}

# What the last scan did not read is what `trawl scan` does not read there.
same_ledger() { # ROLE
	trawl scan --format jsonl --coverage "$W/$1.ledger" "$last" \
		>/dev/null 2>&1
	trawl-master export --data "$M" --coverage "$W/$1.told" >/dev/null &&
		python3 "$TOP/tests/scenario/ledger.py" same "$W/$1.ledger" \
			"$W/$1.told"
}

check "a scan is ordered" order calm.1
check "undisturbed scan ends" wait_for 120 all_done
check "undisturbed export equals trawl scan" same_as_scan calm
check "undisturbed ledger equals trawl scan" same_ledger calm

for role in $ROLES; do
	check "$KILLS kills of $role end in a finished scan" disturb "$role"
	check "export after kills of $role equals trawl scan" same_as_scan "$role"
	check "ledger after kills of $role equals trawl scan" same_ledger "$role"
done
agent_stop agent
master_stop
check "summaries equal a recount after all kills" trawl-master check --data "$M"
scenario_end
