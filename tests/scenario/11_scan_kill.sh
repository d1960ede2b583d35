#!/bin/bash
# Killing reader, zygote and workers of a scan at random moments changes
# nothing; Ctrl-C and a closed pipe end it cleanly.  SEED=n KILLS=n
. "$(dirname "$0")/lib.sh"
scenario_begin
KILLS=${KILLS:-${TORTURE:+50}}
KILLS=${KILLS:-12}
RANDOM=${SEED:=$$}
echo "seed $SEED, $KILLS kills a role"

D=$W/corpus
python3 "$TOP/tests/data/corpus.py" "$D" --seed 5 --scale 0.03 --parts ae \
	>/dev/null || exit 1
rm -f "$D"/truth.*
trawl scan --format jsonl "$D" >"$W/calm" 2>"$W/calm.err"
check "undisturbed scan" test -s "$W/calm"

role_pids() { # PID ROLE
	local p
	for p in $(tree_pids "$1"); do
		[ "$(cat "/proc/$p/comm" 2>/dev/null)" = "trawl-$2" ] && echo "$p"
	done
}

disturb() { # ROLE: scans until it was killed KILLS times
	local n=0 scan pids end=$((SECONDS + 60 + KILLS * 5))
	while [ "$n" -lt "$KILLS" ]; do
		[ "$SECONDS" -lt "$end" ] || { echo "only $n kills"; return 1; }
		trawl scan --format jsonl "$D" >"$W/now" 2>"$W/now.err" &
		scan=$!
		while gone "$scan" || true; do
			gone "$scan" && break
			pids=$(role_pids "$scan" "$1")
			[ -n "$pids" ] && kill -9 $(head -n 1 <<<"$pids") \
				2>/dev/null && n=$((n + 1))
			sleep "0.0$((RANDOM % 9 + 1))"
			[ "$n" -lt "$KILLS" ] || break
		done
		wait "$scan" || { cat "$W/now.err"; return 1; }
		cmp "$W/calm" "$W/now" || return 1
	done
}

for role in worker reader zygote; do
	check "$KILLS kills of the $role change nothing" disturb "$role"
done

interrupt() { # Ctrl-C: the whole group gets the signal
	setsid trawl scan --format jsonl "$D" >"$W/part" 2>"$W/part.err" &
	local scan=$!
	wait_for 20 test -s "$W/part" || return 1
	kill -INT -- "-$scan" 2>/dev/null
	wait "$scan"
	local code=$?
	[ "$code" -le 1 ] || { echo "exit $code"; return 1; }
	wait_for 5 gone "$scan"
	python3 - "$W/calm" "$W/part" <<-'P'
	import json, sys
	calm, part = (open(n).read().splitlines() for n in sys.argv[1:3])
	[json.loads(l) for l in part]
	rest = iter(calm)  # workers were at different places: there are gaps
	sys.exit(not part or not all(line in rest for line in part))
	P
}
check "Ctrl-C leaves whole lines, in order, of what was found" interrupt
check "Ctrl-C leaves no process" eval '! pgrep -f "trawl scan --format jsonl $D" >/dev/null'

trawl scan --format jsonl "$D" 2>"$W/pipe.err" | head -n 1 >/dev/null
check "a closed pipe ends the scan" \
	eval '! grep -qi "bug\|abort" "$W/pipe.err"'
scenario_end
