#!/bin/bash
# What is planted is found, and nothing else is taken for a card; no clear
# number stands in the output; the results do not depend on the workers.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/corpus
python3 "$TOP/tests/data/corpus.py" "$D" --seed 7 \
	--scale "${CORPUS_SCALE:-0.05}" --parts abe >/dev/null || exit 1
mkdir "$W/truth"
mv "$D"/truth.* "$W/truth"
trawl scan --format jsonl --coverage "$W/cov" "$D" >"$W/out" 2>"$W/err"
check "scan ends well" test $? -eq 0
cp "$W"/truth/* "$D"
check "recall and precision of cards" python3 \
	"$TOP/tests/scenario/truth.py" "$W/out" "$D"
rm -f "$D"/truth.*
check "every object was read" grep -q '"partial":0,"unread":0' "$W/cov"

awk -F'\t' '$4 == "card" {print $6; print $7}' "$W"/truth/* | sort -u \
	>"$W/planted"
check "no planted card stands in clear" \
	eval 'test -s "$W/planted" && ! grep -qF -f "$W/planted" "$W"/out "$W"/err "$W"/cov'
trawl scan --format jsonl --jobs 1 "$D" >"$W/one" 2>/dev/null
check "one worker finds the same" cmp "$W/out" "$W/one"
trawl scan --format jsonl --jobs 7 "$D" >"$W/seven" 2>/dev/null
check "seven workers find the same" cmp "$W/out" "$W/seven"
check "selftest" trawl selftest
scenario_end
