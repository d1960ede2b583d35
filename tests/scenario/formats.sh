# Sourced behind lib.sh by the scenarios of formats: samples that tools of
# others made, with a planted card, and where it must be found.
#
#   $I                 folder with a.txt (the card), b.txt (plain), sub/c.txt
#   $S                 folder of samples
#   want FILE PLACE    the card is to be found there; "" is the file itself
#   found_all          scans $S and compares; SCAN holds further options
#   noted FILE PLACE REASON   in the ledger of found_all
#   full FILE          it is fully read
#   need COMMAND...    they are there
CARD='4111 1111 1111 1111'

formats_begin() {
	scenario_begin
	I=$W/in
	S=$W/samples
	mkdir -p "$I/sub" "$S"
	printf 'name: A\ncard: %s\n' "$CARD" >"$I/a.txt"
	printf 'plain text\n' >"$I/b.txt"
	cp "$I/a.txt" "$I/sub/c.txt"
	: >"$W/wanted"
	SCAN=()
}

need() {
	local c
	for c; do
		check "$c is there" command -v "$c" >/dev/null
	done
}

want() { printf '%s\t%s\n' "$1" "$2" >>"$W/wanted"; }

found_all() {
	trawl scan --types card_visa --format jsonl --coverage "$W/ledger" \
	    "${SCAN[@]}" "$S" >"$W/found" 2>"$W/said" || return 1
	jq -r --arg s "$S/" '[(.path | ltrimstr($s)), .place] | @tsv' \
	    "$W/found" | sort -u >"$W/got"
	sort -u "$W/wanted" | diff - "$W/got"
}

# jq_any FILTER FILE ARGUMENT...: the filter gives true for some line
jq_any() {
	local filter=$1 file=$2
	shift 2
	jq -e -s "$@" "any(.[]; $filter)" "$file" >/dev/null
}

noted() {
	jq_any '.path == $p and any(.notes[]?; .place == $place and
	    .reason == $why)' "$W/ledger" --arg p "$S/$1" --arg place "$2" \
	    --arg why "$3"
}

full() { ! jq_any '.path == $p' "$W/ledger" --arg p "$S/$1"; }

# Every object ends as exactly one of full, partly read, not read.
adds_up() {
	local n
	n=$(find "$S" -type f | wc -l)
	jq_any '.totals | . != null and .outcome == "done" and
	    .objects == $n and .full + .partial + .unread == $n' \
	    "$W/ledger" --argjson n "$n"
}
