#!/bin/bash
# Input that is not as it should be: each object is read or named with a
# reason, nothing hangs, nothing else suffers.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/in
mkdir "$D"
python3 "$TOP/tests/data/badinput.py" "$D" || exit 1

# run NAME COMMAND...: output in $W/NAME.out, coverage in $W/NAME.cov
run() {
	local name=$1
	shift
	"$@" trawl scan --format jsonl --coverage "$W/$name.cov" "$D" \
		>"$W/$name.out" 2>"$W/$name.err"
}

found() { # FILE PLACE: a card is found there
	python3 - "$W/root.out" "$D/$1" "$2" <<-'P'
	import json, sys
	rows = [json.loads(l) for l in open(sys.argv[1])]
	sys.exit(not any(r["path"] == sys.argv[2] and r["place"] == sys.argv[3]
	                 and r["type"] == "card_visa" for r in rows))
	P
}

covered() { # COVERAGE FILE REASON
	python3 - "$W/$1.cov" "$D/$2" "$3" <<-'P'
	import json, sys
	rows = [json.loads(l) for l in open(sys.argv[1])]
	sys.exit(not any(r.get("path") == sys.argv[2] and
	                 r.get("reason") == sys.argv[3] for r in rows))
	P
}

fully() { ! grep -qF "\"path\":\"$D/$1\"" "$W/root.cov"; }

check "scan as it is started ends well" run root timeout 120 env
check "plain text" found plain.txt ""
check "latin-1" found latin1.txt ""
check "utf-16 without a mark" found utf16.txt ""
check "utf-32" found utf32.txt ""
check "one byte is read" fully one-byte
check "an empty file is read" fully empty
check "10 GiB of hole are read at once" found sparse.img ""
check "holes count as read" fully sparse.img
check "a name that is not UTF-8" found 'not-utf8-\xff\xfe.txt' ""
check "a name with a newline and an escape" found $'new\nline\x1b[31m.txt' ""
check "a path longer than PATH_MAX" grep -q deep-file "$W/root.out"
check "fifo is named" covered root pipe special
check "socket is named" covered root socket special
check "link is named" covered root link link
check "link to itself is named" covered root loop link
check "gzip" found log.gz log
check "cut gzip: before the cut" found cut.gz cut
check "cut gzip is named" covered root cut.gz truncated
check "zip in zip in gzip" found nested.zip.gz "nested.zip → in.zip → c.txt"
check "cut zip: first member" found cut.zip a.txt
check "cut zip is named" covered root cut.zip truncated
check "zip that lies about sizes: content" found liar.zip liar.txt
check "zip that lies is named" covered root liar.zip malformed
check "encrypted member is named" covered root locked.zip encrypted
check "unknown method is named" covered root strange.zip unsupported
check "zip bomb is named" covered root bomb.zip ratio
check "nested bomb is named" covered root bomb2.zip ratio
check "deep nesting is named" covered root deep.gz depth
check "other files beside all that" found zzz-last.txt ""
check "no clear number without --reveal" \
	eval '! grep -qE "4111 ?1111 ?1111 ?1111" "$W"/root.out "$W"/root.cov "$W"/root.err'

trawl scan --format jsonl --reveal "$D/plain.txt" >"$W/reveal.out" 2>/dev/null
check "--reveal shows it" grep -q '"match":"4111 1111 1111 1111"' "$W/reveal.out"
for format in jsonl csv sarif table; do
	trawl scan --format $format "$D/plain.txt" >"$W/format.out" 2>/dev/null
	check "$format names the type" grep -q card_visa "$W/format.out"
done
trawl scan --format sarif "$D" >"$W/sarif.out" 2>/dev/null
check "sarif is one JSON document" python3 -m json.tool "$W/sarif.out" /dev/null

trawl scan "$D/plain.txt" "$D/missing" >"$W/out" 2>"$W/err"
check "a missing path is an error" test $? -eq 1
check "a missing path is named" grep -q missing "$W/err"
check "the other path is scanned" grep -q card_visa "$W/out"
trawl scan --nonsense "$D" >/dev/null 2>&1
check "a wrong option is a usage error" test $? -eq 2
trawl scan --fail-on-findings "$D/plain.txt" >/dev/null 2>&1
check "--fail-on-findings" test $? -eq 3
trawl scan --types 'us_*' --fail-on-findings "$D/plain.txt" >/dev/null 2>&1
check "--types limits what is looked for" test $? -eq 0
trawl scan --types nonsense "$D/plain.txt" >/dev/null 2>"$W/err"
check "an unknown type is an error" test $? -eq 1
check "an unknown type is named" grep -q nonsense "$W/err"

# Standard input: its card is found whatever it comes through.
input() { # NAME COMMAND...: the command's output, or standard input, is scanned
	local name=$1
	shift
	"$@" | trawl scan --format jsonl --types card_visa - >"$W/$name.out" 2>"$W/$name.err"
	grep -q '"path":"-".*"type":"card_visa"' "$W/$name.out" &&
		grep -q "100 % read" "$W/$name.err"
}

long() { seq 3000000 && cat "$D/plain.txt"; }
pack() { gzip -c "$D/plain.txt"; }
behind() { # what a program before has left of a file
	(read -r _ && trawl scan --format jsonl -) <"$W/two" >"$W/two.out" 2>"$W/two.err"
	grep -q '"offset":8,' "$W/two.out"
}
printf '4012888888881881 first\n2 cards 4111111111111111\n' >"$W/two"
check "a pipe is scanned" input pipe cat "$D/plain.txt"
check "a long one to its end" input long long
check "what is packed in it" input pack pack
check "a file is read where it lies" input file cat <"$D/plain.txt"
check "a file that was begun, from there on" behind
echo hello | trawl extract - >"$W/out" 2>&1
check "extract reads it, too" grep -q '"path":"-".*hello' "$W/out"
trawl scan - <"$D" >/dev/null 2>"$W/err"
check "a folder is no input" grep -q "standard input" "$W/err"

if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$W" "$D"
	: >"$W/user.cov"
	chmod 666 "$W/user.cov"
	# The tree may lie where only root comes, as in root's home.
	mkdir -m 755 "$W/within"
	cp -r "$BUILD/trawl" "$TRAWL_CATALOGUE" "$W/within"
	chmod -R a+rX "$W/within"
	check "scan as a normal user ends well" run user \
		env TRAWL_CACHE= "PATH=$W/within:$PATH" "TRAWL_CATALOGUE=$W/within/${TRAWL_CATALOGUE##*/}" \
		setpriv --reuid=65534 --regid=65534 --clear-groups
	check "unreadable file is named" covered user secret denied
	check "unreadable folder is named" covered user closed denied
	check "the rest is found" grep -q zzz-last "$W/user.out"
fi
chmod -R u+rwx "$D"/closed
python3 "$TOP/tests/data/badinput.py" --remove "$D"
scenario_end
