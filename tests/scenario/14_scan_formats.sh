#!/bin/bash
# Every format tells the same of the same folder, whatever its names are, and
# what could not be printed is no success.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/in
mkdir "$D"
card='card 4111 1111 1111 1111'
python3 - "$D" "$card" <<'P'
import os, sys, zipfile
names = [b"plain", b"new\nline", b'quote"s', b"a,b;c", b"=1+1", b"+1", b"-1",
         b"@x", b"\ttab", b"\xff\xfe", b"esc\x1b[31m", b"back\\slash",
         b"per%cent", b"{0}", b"[x](y)", "\u00e4\u202egnp".encode(), b" "]
for n in names:
    with open(os.fsencode(sys.argv[1]) + b"/" + n, "w") as f:
        f.write(sys.argv[2] + "\n")
with zipfile.ZipFile(sys.argv[1] + "/z.zip", "w") as z:
    z.writestr('in"side,\n=.txt', sys.argv[2])
P

formats_agree() {
	python3 - "$W" "$D" <<'P'
import csv, json, os, sys
from urllib.parse import unquote_to_bytes
w, d = sys.argv[1:]
rows = [json.loads(l) for l in open(w + "/jsonl", newline="\n")]
assert len(rows) == 18, len(rows)

# CSV: the same cells, but for the apostrophe and types that are none
for row in rows:
    row.setdefault("also", [])
keys = list(rows[0])
lines = list(csv.reader(open(w + "/csv", newline="")))
assert lines[0] == keys, lines[0]
assert len(lines) == 1 + len(rows)
for line, row in zip(lines[1:], rows):
    row = dict(row, reasons="; ".join(row["reasons"]),
               also="; ".join(row["also"]))
    for cell, key in zip(line, keys, strict=True):
        want = str(row[key])
        if want[:1] and want[0] in "=+-@\t\r\n":
            want = "'" + want
        assert cell == want, (cell, want)

# SARIF 2.1.0: what it must have, and the path as bytes
s = json.load(open(w + "/sarif"))
assert s["version"] == "2.1.0" and "sarif-2.1.0" in s["$schema"]
(run,) = s["runs"]
assert run["tool"]["driver"]["name"] == "trawl"
assert len(run["results"]) == len(rows)
for r, row in zip(run["results"], rows):
    assert r["ruleId"] == row["type"]
    assert r["level"] in ("none", "note", "warning", "error")
    assert r["message"]["text"].startswith(row["type"] + ": ")
    (place,) = r["locations"]
    place = place["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    assert uri.startswith("file:///") and uri.isascii() and " " not in uri
    assert os.path.isfile(unquote_to_bytes(uri[7:])), uri
    if row["place"] == "":
        assert place["region"] == {"byteOffset": row["offset"],
                                   "byteLength": row["length"]}
    else:
        assert "region" not in place
    assert r["properties"]["confidence"] == row["confidence"]

# a table: a heading for each object and nothing that a terminal obeys
t = open(w + "/table", "rb").read().decode()
assert not any(ord(c) < 32 and c != "\n" or 0x7f <= ord(c) < 0xa0
               or c == "\u202e" for c in t)
assert len([l for l in t.split("\n") if l.startswith("/")]) == len(rows)
P
}

for format in jsonl csv sarif table; do
	trawl scan --types card_visa --format "$format" "$D" \
		>"$W/$format" 2>"$W/$format.err"
	check "$format is printed" test $? -eq 0
done
check "the formats agree" formats_agree

exits() { # STATUS WORDS COMMAND...: that status, these words on stderr
	local want=$1 words=$2 got
	shift 2
	"$@" 2>"$W/said"
	got=$?
	[ "$got" -eq "$want" ] && grep -q -- "$words" "$W/said" && return 0
	echo "exit $got: $(cat "$W/said")"
	return 1
}
full() { "$@" >/dev/full; }

check "findings on a full disk are an error" exits 1 "cannot write findings" \
	full trawl scan "$D/plain"
check "so is a list of types" exits 1 "cannot write to standard output" \
	full trawl types
check "and the help" exits 1 "cannot write" full trawl help
check "a command that is not known" exits 2 'no command "sacn"' trawl sacn "$D"
check "no command" exits 2 "usage:" trawl
check "the version" eval 'trawl --version | grep -q "^trawl [0-9]"'

scenario_end
