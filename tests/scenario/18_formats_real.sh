#!/bin/bash
# Documents that nobody here made: what the packages of this machine ship. No
# worker dies or hangs on any, each is accounted for, and so is each byte.
#   REAL_EACH=12      of a kind, the first by name; all when TORTURE is set
#   REAL_DOCS=PATH... folders to take them from, besides those of packages
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
: "${REAL_EACH:=${TORTURE:+1000000}}"
: "${REAL_EACH:=12}"

KINDS='7z bmp bz2 class crx csv db deb dll doc docm docx dot dotx eml eps exe
fodt gif gz htm html ico iso jar jpeg jpg json mbox mdb mo mp3 msg msi odb odf
odg odp ods odt ogg otf otg otp ots ott pdf png ppt pptx pst pub pyc rar rpm rtf
sqlite sqlite3 svg tar tex tgz tif tiff ttf txt vsd war wav webp whl wmf xcf xla
xls xlsb xlsm xlsx xml xpm xz yaml yml zip zst'

# Files of each kind, one a line: those of packages do not change meanwhile.
chosen() {
	# shellcheck disable=SC2086
	find /usr/share /usr/lib ${REAL_DOCS:-} -xdev -type f -size -20000k \
	    -printf '%p\n' 2>/dev/null | LC_ALL=C sort |
	awk -v each="$REAL_EACH" -v kinds="$KINDS" -v sq="'" '
	BEGIN { n = split(kinds, k); for (i = 1; i <= n; i++) want[k[i]] = 1 }
	{ kind = tolower($0); sub(/.*\//, "", kind)
	  if (!sub(/.*\./, "", kind) || !want[kind]) next
	  if (++got[kind] <= each) print }'
}

copied() {
	local f n=0
	while read -r f; do
		n=$((n + 1))
		cp "$f" "$S/$n.${f##*.}" && printf '%s\t%s\n' "$n" "$f" >>"$W/names"
	done < <(chosen)
	echo "$n files"
	[ "$n" -gt 100 ]
}

# A program in Python of large tables: 1.5 MB that begin like UTF-16, and words.
compiled() {
	python3 - "$W/tables.py" <<'P' && mv "$W/tables.pyc" "$S"
import py_compile, sys
with open(sys.argv[1], "w") as f:
    for i in range(3700):
        f.write("t%d = {%s}\n" % (i, ", ".join("%d: %d" % (k, k * i % 4)
                                               for k in range(28))))
    f.write("word = 'card 4111 1111 1111 1111, no other'\n")
py_compile.compile(sys.argv[1], sys.argv[1] + "c", doraise=True)
P
	[ "$(stat -c %s "$S/tables.pyc")" -gt 1500000 ]
}

scanned() {
	/usr/bin/time -q -f %M -o "$W/rss" trawl scan --types card_visa \
	    --format jsonl --coverage "$W/ledger" "$S" >"$W/found" 2>"$W/said"
}
every_byte() {
	local n
	n=$(find "$S" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
	jq_any '.totals | . != null and .bytes == $n' "$W/ledger" --argjson n "$n"
}
# What was read to its end is read up to its last byte.
none_short() {
	! jq_any '.notes? != null and .read > .size' "$W/ledger"
}
dead() {
	jq -c 'select(any(.notes[]?; .reason == "crashed" or .reason == "time"))' \
	    "$W/ledger"
}
alive() {
	dead >"$W/dead"
	cat "$W/dead"
	[ ! -s "$W/dead" ]
}
named() { ! jq_any 'any(.notes[]?; (.parser // "") == "")' "$W/ledger"; }
little() { [ "$(tail -n 1 "$W/rss")" -le $((512 * 1024)) ]; }

check "documents are there" copied
check "and a large program that looks like UTF-16" compiled
check "a scan of them ends well" scanned
check "every one is accounted for" adds_up
check "and every byte" every_byte
check "none is read beyond its end" none_short
check "none crashed a worker or took too long" alive
check "words of the program are found" jq_any '.path == $p' "$W/found" \
    --arg p "$S/tables.pyc"
check "what was not read is named with its parser" named
check "512 MiB are enough" little
# by kind: parser, reason, how many
jq -r 'select(.notes) | .path as $p | .notes[] |
    [($p | sub(".*\\."; "")), .parser, .reason] | @tsv' "$W/ledger" |
	sort | uniq -c | sort -rn
scenario_end
