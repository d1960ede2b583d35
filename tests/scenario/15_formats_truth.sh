#!/bin/bash
# What is planted in containers of each kind (zip, tar.gz, gz, mbox, SQLite,
# docx, xlsx, PDF) is found in the member where it was planted.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/corpus
check "containers are made" python3 "$TOP/tests/data/corpus.py" "$D" --seed 7 \
	--scale "${CORPUS_SCALE:-0.05}" --parts d
trawl scan --format jsonl --reveal --coverage "$W/cov" "$D/d_cont" >"$W/out"
check "scan ends well" test $? -eq 0
check "recall of what is planted" python3 \
	"$TOP/tests/scenario/truth_inside.py" "$W/out" "$D"
check "every object was read" grep -q '"partial":0,"unread":0' "$W/cov"
scenario_end
