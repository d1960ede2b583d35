#!/bin/bash
# The master by its command line: what it makes, what it refuses and how it says
# so; a database from a newer version, a damaged one; nothing is overwritten.
. "$(dirname "$0")/lib.sh"
scenario_begin

says() { # WORDS COMMAND...: it fails and its message has the words
	local words=$1
	shift
	if "$@" >"$W/said" 2>&1; then
		echo "it did not fail: $*"
		return 1
	fi
	grep -qi -- "$words" "$W/said" || { cat "$W/said"; return 1; }
}

no_clear_line() { ! grep -rlaF "$1" "$M"; }

check "init makes a data folder" master_init
check "it prints a set-up code" grep -q 'Set-up code' "$W/init.out"
code=$(sed -n 's/^Set-up code *//p' "$W/init.out")
check "only a hash of the code is kept" no_clear_line "$code"
check "init overwrites nothing" says "not overwritten" \
	trawl-master init --data "$M"
check "check finds nothing wrong" trawl-master check --data "$M"
check "an empty export is empty" test -z "$(trawl-master export --data "$M")"
check "a token is made while nothing runs" eval \
	'trawl-master token --data "$M" | grep -q "^trawl1:"'
check "a new set-up code too" eval \
	'trawl-master setup-code --data "$M" | grep -q "^....-....-....-....$"'
check "a scan wants a running master" says "No master runs" \
	trawl-master scan --data "$M" --all --path /
check "no data folder" says "trawl-master init" \
	trawl-master run --data "$W/none"
check "an unknown setting" says "colour" \
	trawl-master run --data "$M" --colour red
check "a wrong address" says "list of addresses" \
	trawl-master run --data "$M" --web nowhere

# One that starts holds the folder before it can be asked.
python3 - "$M" "$W/held" <<-P &
	import fcntl, os, sys, time
	lock = open(sys.argv[1] + "/run/lock", "w")
	fcntl.lockf(lock, fcntl.LOCK_EX)
	open(sys.argv[2], "w").close()
	while os.path.exists(sys.argv[2]):
	    time.sleep(0.02)
P
PIDS[holder]=$!
wait_for 10 test -e "$W/held"
trawl-master token --data "$M" >"$W/token" 2>"$W/token.err" &
PIDS[asker]=$!
check "while one starts a token waits and says so" \
	wait_for 10 grep -q "waiting for it" "$W/token.err"
check "none is made meanwhile" test ! -s "$W/token"
rm "$W/held"
check "then it is made" wait_for 20 grep -q "^trawl1:" "$W/token"
trawl-master run --data "$M" --web "$WEB" --agents "$AGENTS" \
	>>"$W/master.log" 2>&1 &
PIDS[master]=$!
check "a token right behind the start" eval \
	'trawl-master token --data "$M" 2>/dev/null | grep -q "^trawl1:"'
stop_one master
check "master starts" master_start
check "a second one is refused" says "Another master runs" \
	trawl-master run --data "$M"
check "a taken port is named" eval '
	trawl-master init --data "$W/second" --web "$WEB" --agents 127.0.0.1:1 \
		>/dev/null 2>&1 &&
	says "is taken" trawl-master run --data "$W/second"'
check "the console answers" eval \
	'curl -sk "https://$WEB/api/v1/state" | grep -q setup_required.:true'
check "an order without agents is refused" says "No agent is verified" \
	trawl-master scan --data "$M" --all --path /
check "check while it runs" trawl-master check --data "$M"
check "a token while it runs" eval \
	'trawl-master token --data "$M" --uses 3 --ttl 1d | grep -q "^trawl1:"'
master_stop

cp -a "$M" "$W/newer"
python3 - "$W/newer/db/trawl.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA user_version = 999")
db.commit()
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
PY
before=$(sha256sum <"$W/newer/db/trawl.db")
check "a newer database is refused" says "newer" \
	trawl-master run --data "$W/newer"
check "for export too" says "newer" trawl-master export --data "$W/newer"
check "it was not touched" test "$before" = "$(sha256sum <"$W/newer/db/trawl.db")"

cp -a "$M" "$W/damaged"
rm -f "$W/damaged"/db/*-wal "$W/damaged"/db/*-shm
python3 - "$W/damaged/db/trawl.db" <<'PY'
import os, sys
with open(sys.argv[1], "r+b") as f:
    size = f.seek(0, os.SEEK_END)
    for at in range(8192, size - 4096, 16384):
        f.seek(at)
        f.write(b"\xa5" * 4096)
PY
check "a damaged database is refused with advice" says "backup" \
	trawl-master run --data "$W/damaged"
check "check says FAIL" says "FAIL" trawl-master check --data "$W/damaged"

cp -a "$M" "$W/othercakey"
cp "$W/second/ca/ca.key" "$W/othercakey/ca/ca.key"
check "a CA key that is not its certificate's" says "FAIL *CA key" \
	trawl-master check --data "$W/othercakey"
chmod 644 "$W/othercakey/ca/fingerprint.key"
check "a key that others may read" says "FAIL *ca/fingerprint.key" \
	trawl-master check --data "$W/othercakey"
scenario_end
