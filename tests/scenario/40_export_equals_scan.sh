#!/bin/bash
# The findings that reach the master are those of `trawl scan`, path by path,
# and so is what was not read, place by place;
# cards are found and nothing else is taken for one; a number that is valid as
# two ids names both; no clear number is kept; no agent process listens.
. "$(dirname "$0")/lib.sh"
scenario_begin

corpus=$W/corpus
python3 "$TOP/tests/data/corpus.py" "$corpus" --seed 7 \
	--scale "${CORPUS_SCALE:-0.02}" --parts abe >/dev/null || exit 1
docs=$W/docs
mkdir "$docs"
find /usr/share/doc -type f -size -512k | LC_ALL=C sort | head -1500 |
	tar -cf - -T - 2>/dev/null | tar -xf - -C "$docs"

# The shape of the passports of two countries, and their common word.
ids=$W/ids
mkdir "$ids"
printf 'passport_no=I8476381\n' >"$ids/guests.txt"

# Of which something cannot be read.
odd=$W/odd
python3 "$TOP/tests/scenario/ledger.py" make "$odd" || exit 1

names_both() { # FILE: one match of the list, and both types stand in it
	python3 - "$1" <<-'END'
		import json, sys
		rows = [r for r in map(json.loads, open(sys.argv[1], encoding="utf-8"))
		        if r["path"].endswith("/ids/guests.txt")]
		types = [r["type"] for r in rows] + [t for r in rows for t in r.get("also", [])]
		print(types)
		sys.exit(len(rows) != 1 or not {"at_passport", "ba_passport"} <= set(types))
	END
}

no_listener() { # all through a scan of the agent
	while kill -0 "$1" 2>/dev/null; do
		python3 "$TOP/tests/scenario/sockets.py" "$2" || return 1
		sleep 0.1
	done
}

no_core() { # every process of the tree refuses to dump its memory
	local p
	for p in $(tree_pids "$1"); do
		grep -q '^Max core file size *0 *0 ' "/proc/$p/limits" ||
			{ echo "pid $p may dump core"; return 1; }
	done
}

no_clear_card() {
	awk -F'\t' '$4 == "card" {print $6; print $7}' "$corpus"/truth.*.tsv |
		sort -u >"$W/planted"
	test -s "$W/planted" || return 1
	! grep -rlaF -f "$W/planted" "$W/master" "$W/a1" "$W"/*.log
}

trawl scan --format jsonl --coverage "$W/scan.ledger" \
	"$corpus" "$docs" "$ids" "$odd" \
	>"$W/scan.jsonl" 2>"$W/scan.err"
check "trawl scan ends well" test $? -eq 0
check "cards: recall and precision" python3 "$TOP/tests/scenario/truth.py" \
	"$W/scan.jsonl" "$corpus"

check "trawl scan names both ids of a number" names_both "$W/scan.jsonl"

check "master starts" eval 'master_init && master_start'
check "agent enrols" agent_enroll a1
agent_start a1
scan_order "$corpus" "$docs" "$ids" "$odd" &
scan=$!
check "no agent process listens" no_listener $scan "${PIDS[a1]}"
wait $scan
check "the ordered scan ends well" test $? -eq 0
check "no process of the agent dumps core" no_core "${PIDS[a1]}"
check "no process of the master dumps core" no_core "${PIDS[master]}"
check "export while the master runs" export_findings "$W/live.jsonl"
check "export equals trawl scan" python3 "$TOP/tests/scenario/same.py" \
	"$W/scan.jsonl" "$W/live.jsonl"
check "the export names both ids of a number" names_both "$W/live.jsonl"
export_ledger() { # FILE
	trawl-master export --data "$M" --coverage "$1" >/dev/null
}
check "ledger while the master runs" export_ledger "$W/live.ledger"
check "ledger equals trawl scan" python3 "$TOP/tests/scenario/ledger.py" \
	same "$W/scan.ledger" "$W/live.ledger"
agent_stop a1
master_stop
check "export offline" export_findings "$W/offline.jsonl"
check "offline export equals the live one" cmp "$W/live.jsonl" "$W/offline.jsonl"
check "ledger offline" export_ledger "$W/offline.ledger"
check "offline ledger equals the live one" cmp "$W/live.ledger" "$W/offline.ledger"
check "trawl-master check" trawl-master check --data "$M"
check "no clear card number on any disk" no_clear_card
scenario_end
