#!/bin/bash
# What a scan read in full and found nothing in is not even opened by the next
# one like it; what held something, and what changed, is read; and who closes
# the pipe hears no word.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/in
mkdir "$D"
for i in $(seq 1 300); do echo "plain text of file $i" >"$D/plain$i.txt"; done
echo 'card 4111 1111 1111 1111' >"$D/card.txt"
export TRAWL_CACHE=$W/cache

# again N: the scan, and in $W/opened how many of the files it opened
again() {
	strace -f -qq -e trace=open,openat,openat2 -o "$W/calls" \
	    trawl scan --types card_visa --skip-unchanged --format jsonl \
	    --coverage "$W/ledger" "$D" >"$W/found" 2>"$W/said" || return 1
	grep -oE '"(plain[0-9]+|card)\.txt"' "$W/calls" | sort -u >"$W/opened"
	[ "$(wc -l <"$W/opened")" = "$1" ] && [ "$(wc -l <"$W/found")" = "$2" ]
}

settled() { # the last of them is more than two seconds old
	[ "$(date +%s)" -gt $(($(stat -c %Z "$D/card.txt") + 3)) ]
}
wait_for 10 settled
check "the first reads all" again 301 1
check "the second opens what held something, and nothing else" again 1 1
check "and says so" tallied "$W/ledger" "cut 301 1 300 0 0"
echo 'card 4111 1111 1111 1111' >>"$D/plain7.txt"
check "what changed is read" again 2 2
check "and read again: it holds something" again 2 2

# ---- whoever reads has enough
for i in $(seq 1 40); do
	seq -f 'card 4111 1111 1111 1111 row %.0f' 2000 >"$D/many$i.txt"
done
quiet() {
	"$@" 2>"$W/said" | head -1 >"$W/first"
	[ "${PIPESTATUS[0]}" -ne 0 ] && [ -s "$W/first" ] && ! [ -s "$W/said" ]
}
for format in table jsonl csv; do
	check "a scan in $format whose reader left says nothing" \
	    quiet trawl scan --types card_visa --format $format "$D"
done
check "nor does extract" quiet trawl extract "$D"/many*.txt
scenario_end
