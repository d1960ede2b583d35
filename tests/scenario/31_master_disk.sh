#!/bin/bash
# A disk that is full: nothing is lost or acknowledged falsely, the agent stays
# connected, the state is visible, and it goes on when there is space again.
. "$(dirname "$0")/lib.sh"
[ "$(id -u)" -eq 0 ] || { echo "skip: a small disk wants root"; exit 0; }
scenario_begin
M=$W/disk/master
mkdir "$W/disk"
mount -t tmpfs -o size=12m,mode=755 none "$W/disk" ||
	{ echo "skip: no tmpfs here"; exit 0; }
unmount() { umount -l "$W/disk"; }
trap 'unmount; scenario_cleanup' EXIT

mkdir "$W/files"
python3 - "$W/files" <<'PY'
import sys
def card(n):
    digits = "411111%09d" % n
    total = sum(int(c) if i % 2 else sum(map(int, str(int(c) * 2)))
                for i, c in enumerate(digits))
    return digits + str(-total % 10)
for f in range(400):
    with open("%s/%04d.txt" % (sys.argv[1], f), "w") as out:
        for i in range(60):
            out.write("the card of order %d is %s\n" % (i, card(f * 60 + i)))
PY
trawl scan --format jsonl "$W/files" >"$W/want.jsonl" 2>/dev/null

ask() { # OP: what core says of itself
	python3 - "$M/run/admin.sock" "$1" <<'PY'
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(json.dumps({"op": sys.argv[2], "args": {}}).encode() + b"\n")
print(s.makefile().readline())
PY
}
status_has() { case $(ask status) in *"$1"*) ;; *) return 1 ;; esac; }
full() { status_has '"store":"full"'; }
well() { status_has '"store":"ok"'; }
online() { status_has '"agents_online":1'; }
over() { trawl-master scans --data "$M" --running | grep -q '^0 '; }

check "master starts" eval 'master_init && master_start'
check "agent enrols" agent_enroll a1
agent_start a1
check "the agent is there" wait_for 20 online
# All but a little of the disk.
dd if=/dev/zero of="$W/disk/filler" bs=64k >/dev/null 2>&1
truncate -s -128k "$W/disk/filler"
trawl-master scan --data "$M" --all --path "$W/files" >/dev/null 2>&1
ordered=$?
check "the full disk is seen" wait_for 30 full
check "the agent stays connected" online
rm "$W/disk/filler"
check "it goes on within ten seconds" wait_for 10 well
[ "$ordered" -eq 0 ] ||
	trawl-master scan --data "$M" --all --path "$W/files" >/dev/null
check "the scan ends" wait_for 60 over
check "every finding once" eval 'export_findings "$W/have.jsonl" &&
	python3 "$TOP/tests/scenario/same.py" "$W/want.jsonl" "$W/have.jsonl"'
check "check finds nothing wrong" trawl-master check --data "$M"
scenario_end
