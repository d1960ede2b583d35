#!/bin/bash
# Cards in every encoding, passports by words of every page of characters: each is
# found once, at its original bytes; what is encoded twice is not.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/in
python3 "$TOP/tests/data/encodings.py" "$D" || exit 1
trawl scan --format jsonl --types 'card_*,*_passport' "$D" >"$W/out" 2>"$W/err"
check "the scan ends well" test $? -eq 0

python3 - "$W/out" "$D.truth" >"$W/verdicts" <<'P'
import json, os, sys
found, truth = {}, {}
for line in open(sys.argv[1]):
    j = json.loads(line)
    found.setdefault(os.path.basename(j["path"]), []).append(
        (j["type"], j["offset"], j["length"]))
for line in open(sys.argv[2]):
    name, kind, offset, length = line.split("\t")
    truth.setdefault(name, []).append((kind, int(offset), int(length)))
for name in sorted(os.listdir(sys.argv[2][:-len(".truth")])):
    ok = sorted(found.get(name, [])) == sorted(truth.get(name, []))
    print("true" if ok else "false", name)
    if not ok:
        print(name, "found", found.get(name), "not", truth.get(name), file=sys.stderr)
P
check "there are verdicts" test -s "$W/verdicts"
while read -r verdict name; do
	check "$name: once, where it stands" "$verdict"
done <"$W/verdicts"
scenario_end
