#!/bin/bash
# One agent and its master, all the way: enrol, refuse what must be refused,
# scan, die at random moments; the export equals the undisturbed one. Who waits
# unverified goes on by itself; the agent has no listening socket.
#   KILLS=12   how often the agent dies
#   SEED=n     random moments (printed)
. "$(dirname "$0")/lib.sh"
scenario_begin
KILLS=${KILLS:-12}
RANDOM=${SEED:=$$}
echo "seed $SEED, $KILLS kills"

tree=$W/tree
python3 - "$tree" <<'PY' || exit 1
import os, random, sys
r = random.Random(20)
def card():
    n = "4" + "".join(r.choice("0123456789") for _ in range(14))
    s = 0
    for i, c in enumerate(reversed(n)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        s += d - 9 if d > 9 else d
    return n + str(-s % 10)
for i in range(1500):
    d = os.path.join(sys.argv[1], "d%02d" % (i % 30))
    os.makedirs(d, exist_ok=True)
    with open(os.path.join(d, "f%04d.txt" % i), "w") as f:
        for k in range(i % 5):
            f.write("customer %d card %s\n" % (k, card()))
        f.write("some words " * r.randint(1, 2000))
with open(os.path.join(sys.argv[1], "large.txt"), "w") as f:
    for k in range(20000):
        f.write("row %d card %s\n" % (k, card()))
os.mkfifo(os.path.join(sys.argv[1], "fifo"))
PY

says() { # FILE WORDS
	grep -qi -- "$2" "$1" || { echo "expected '$2' in:"; cat "$1"; return 1; }
}

exits() { # CODE COMMAND...
	local want=$1
	shift
	"$@" >"$W/out" 2>&1
	local got=$?
	[ "$got" -eq "$want" ] && return
	[ -n "${QUIET:-}" ] || { echo "exit $got, not $want"; cat "$W/out"; }
	return 1
}

status_is() { exits "$1" trawl-agent status --state "$W/$2"; }
all_done() { trawl-master scans --data "$M" --running 2>/dev/null | grep -q '^0 '; }
order() { trawl-master scan --data "$M" --all --path "$tree" >>"$W/scan.log" 2>&1; }

kill_tree() { kill -9 $(tree_pids "$1") 2>/dev/null; wait "$1" 2>/dev/null; }

# ---- who is refused, in words ------------------------------------------------

check "status of a host that is not enrolled" status_is 3 a
check "run of a host that is not enrolled says what to do" eval \
	'! timeout 10 trawl-agent run --state "$W/a" >"$W/out" 2>&1 &&
	 says "$W/out" "not enrolled"'
check "enrol without a word is a usage error" exits 2 \
	trawl-agent enroll --state "$W/a"
check "enrol with half a token is a usage error" exits 2 \
	trawl-agent enroll --state "$W/a" trawl1:127.0.0.1:1
check "a closed port is told" eval \
	'exits 1 trawl-agent enroll --state "$W/a" --master 127.0.0.1:1 &&
	 says "$W/out" "cannot be reached"'
check "a name that is none is told" eval \
	'exits 1 trawl-agent enroll --state "$W/a" --master nowhere.invalid:11117 &&
	 says "$W/out" "no host is known"'

check "master starts" eval 'master_init && master_start'
token=$(trawl-master token --data "$M" | grep -o 'trawl1:[^ ]*' | head -1)
wrong=$(sed 's/:\([0-9a-f]\)[0-9a-f]\{63\}:/:\1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:/' <<<"$token")
check "a token of another master is told" eval \
	'exits 1 trawl-agent enroll --state "$W/a" "$wrong" &&
	 says "$W/out" "not the one the token was made for"'
check "the right token enrols" exits 0 \
	trawl-agent enroll --state "$W/a" "$token"
check "the folder is nobody else's" test "$(stat -c %a "$W/a")" = 700
check "the key is nobody else's" test "$(stat -c %a "$W/a/agent.pem")" = 600
check "enrolling again says that it is done" eval \
	'exits 0 trawl-agent enroll --state "$W/a" "$token" && says "$W/out" already'
check "a used token is told" eval \
	'exits 1 trawl-agent enroll --state "$W/b" "$token" &&
	 says "$W/out" "no more"'
check "status of one that does not run" status_is 4 a

# ---- the scan -------------------------------------------------------------------

agent_start a
check "status of one that is connected" eval "QUIET=1 wait_for 10 status_is 0 a"
trawl scan --format jsonl "$tree" >"$W/scan.jsonl" 2>/dev/null
check "the ordered scan ends well" scan_order "$tree"
check "export" export_findings "$W/calm.jsonl"
check "export equals trawl scan" python3 "$TOP/tests/scenario/same.py" \
	"$W/scan.jsonl" "$W/calm.jsonl"
check "nothing is left in the spool" wait_for 5 eval \
	'[ "$(find "$W/a/spool" -size +0 | grep -c seg)" -eq 0 ]'
check "no task file is left" eval '[ -z "$(ls "$W/a/tasks")" ]'

# ---- the agent dies -----------------------------------------------------------------

n=0
end=$((SECONDS + 200))
while [ "$n" -lt "$KILLS" ] && [ "$SECONDS" -lt "$end" ]; do
	all_done && order
	sleep "0.$(printf %03d $((RANDOM % 500)))"
	python3 "$TOP/tests/scenario/sockets.py" "${PIDS[a]}" || failures=$((failures + 1))
	kill_tree "${PIDS[a]}"
	agent_start a
	n=$((n + 1))
done
check "the agent died $KILLS times" test "$n" -eq "$KILLS"
check "its scans end all the same" wait_for 120 all_done
check "export after that" export_findings "$W/killed.jsonl"
check "it equals the undisturbed one" python3 "$TOP/tests/scenario/same.py" \
	"$W/calm.jsonl" "$W/killed.jsonl"
check "summaries equal a recount" trawl-master check --data "$M"
check "the agent stops when it is told to" agent_stop a
check "status says so" status_is 4 a

# ---- one without a token ----------------------------------------------------------------

trawl-agent enroll --state "$W/c" --master "$AGENTS" >"$W/c.out" 2>&1 &
PIDS[c]=$!
check "one without a token shows a fingerprint" wait_for 10 grep -q 'Compare there' "$W/c.out"
id=$(trawl-master agents --data "$M" | awk '/unverified/ {print $1}' | head -1)
check "the master lists it as unverified" test -n "$id"
verify() { # as the console does, over the admin socket
	python3 - "$M/run/admin.sock" "$1" <<'PY'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall((json.dumps({"op": "agent.verify", "args": {"id": int(sys.argv[2])}}) + "\n").encode())
sys.exit(0 if json.loads(s.makefile().readline())["status"] == 200 else 1)
PY
}
check "an admin verifies it" verify "$id"
check "it goes on by itself" wait_for 10 gone "${PIDS[c]}"
check "and is enrolled" grep -q '^Enrolled' "$W/c.out"
unset 'PIDS[c]'
master_stop
scenario_end
