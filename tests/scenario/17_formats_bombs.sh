#!/bin/bash
# Small files that ask for much: zips flat, nested and overlapping, compressed
# streams, entities and depths of XML, JSON, YAML and RTF, PDFs that never close
# what they open, pictures of huge dimensions, a tar of a million files. Each
# ends, soon and in little memory, and is accounted for.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin

check "bombs are made" python3 "$TOP/tests/scenario/bombs.py" "$S"
scanned() {
	/usr/bin/time -q -f '%M %U' -o "$W/cost" timeout 300 trawl scan \
	    --types card_visa --format jsonl --limit seconds=60 \
	    --coverage "$W/ledger" "$S" >"$W/found" 2>"$W/said"
}
check "a scan of them ends" scanned
check "every one is accounted for" adds_up
cheap() {
	tail -n 1 "$W/cost"
	tail -n 1 "$W/cost" | awk '{ exit !($1 <= 512 * 1024 && $2 < 60) }'
}
check "in a minute and 512 MiB" cheap
check "none crashed a worker or ran out of time" eval \
    '! jq_any "any(.notes[]?; .reason == \"crashed\" or .reason == \"time\")" "$W/ledger"'
for f in flat.zip nested.zip overlap.zip flat.gz twice.gz flat.bz2 flat.xz \
    flat.tar.xz deep.gz deep.eml million.tar.gz filters.pdf entities.docx \
    deep.docx; do
	check "$f is said to be partly read" eval '! full "$f"'
done
scenario_end
