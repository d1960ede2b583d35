#!/bin/bash
# Mutants of samples of every kind, through a scan from end to end: it always
# completes, every object ends as one of full, partly and not read, each loss is
# named with its parser, no worker dies, none needs more than 512 MiB.
#   MUTANTS=20        of a kind; 2000 when TORTURE is set
#   MUTANT_SEED=1
#   MUTANT_KINDS=     "ole-xls office-docx": only these
# The samples are the seeds of the fuzz targets, documents by python-docx,
# openpyxl and LibreOffice, and under TORTURE all that the scenarios make.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
: "${MUTANTS:=${TORTURE:+2000}}" "${MUTANT_SEED:=1}"
: "${MUTANTS:=20}"
K=$W/kinds
mkdir "$K"
echo "seed $MUTANT_SEED, $MUTANTS mutants of a kind"

# sample ROOM FILE: it is one of the samples of its kind
sample() {
	local name=${2##*/} kind
	kind=$1-${name##*.}
	kind=${kind//[0-9]/}
	[ -s "$2" ] && [ "$(stat -c %s "$2")" -lt 300000 ] || return 0
	mkdir -p "$K/$kind"
	cp "$2" "$K/$kind/$name"
}

seeds() {
	local room f
	for room in access archive gzip zip rpm rtf mail pst ole pdf picture sqlite \
	    data track text; do
		for f in "$TOP/tests/fuzz/seeds/$room"/*; do
			sample "$room" "$f"
		done
	done
}

documents() {
	python3 "$TOP/tests/scenario/office.py" "$W/in" "$CARD" || return 1
	rm -f "$W/in/bomb.docx"
	local f
	for f in "$W"/in/*.*; do sample office "$f"; done
}

# What the scenarios of formats make of each kind; archives are all seeds.
scenarios() {
	local s f room
	for s in "$TOP"/tests/scenario/16_formats_{data,image,mail,office,ole,pdf}.sh; do
		room=$(basename "$s" .sh)
		room=${room#16_formats_}
		mkdir -p "$W/of/$room"
		SCENARIO_DIR=$W/of/$room TRAWL_RESULTS=/dev/null TORTURE='' \
		    "$s" >"$W/of/$room.log" 2>&1
		while read -r f; do
			sample "$room" "$f"
		done < <(find "$W/of/$room" -type f -path '*/samples/*' -o \
		    -type f -path '*/data/in/*' | sort)
		rm -r "$W/of/$room"
	done
}

ends_well() {
	/usr/bin/time -q -f %M -o "$W/rss" trawl scan --types card_visa \
	    --format jsonl --limit seconds=20 --coverage "$W/ledger" "$S" \
	    >/dev/null 2>"$W/said"
}
named() {
	! jq_any '.notes? != null and (.notes | length == 0 or
	    any(.parser == null or .parser == ""))' "$W/ledger" &&
	    ! jq_any '.coverage? != null and .notes == null' "$W/ledger"
}
alive() {
	! jq_any 'any(.notes[]?; .reason == "crashed" or .reason == "time")' \
	    "$W/ledger"
}
little() { [ "$(tail -n 1 "$W/rss")" -le $((512 * 1024)) ]; }

# scanned NAME: what fails keeps its mutants
scanned() {
	local failed=
	ends_well || failed+=' scan'
	adds_up || failed+=' sum'
	named || failed+=' names'
	alive || failed+=' dead'
	little || failed+=" memory:$(tail -n 1 "$W/rss")"
	if [ -z "$failed" ]; then
		rm -r "$S"
		return
	fi
	echo "$1:$failed"
	mv "$S" "$W/failed-$1"
	cp "$W/ledger" "$W/failed-$1.ledger"
	return 1
}

mutants() {
	mkdir -p "$S/$1"
	python3 "$TOP/tests/scenario/mutate.py" "$MUTANT_SEED" "$MUTANTS" "$S/$1" \
	    "$K/$1"/*
}
of_one_kind() { mutants "$1" && scanned "$1"; }

together() {
	local kind
	for kind in $(ls "$K"); do mutants "$kind" || return 1; done
	scanned together
}

check "seeds are there" seeds
check "documents are made" documents
if [ -n "${TORTURE:-}${MUTANT_KINDS:-}" ]; then
	[ -z "${TORTURE:-}" ] || check "samples of scenarios are made" scenarios
	for kind in ${MUTANT_KINDS:-$(ls "$K")}; do
		check "mutants of $kind" of_one_kind "$kind"
	done
else
	check "mutants of all kinds" together
fi
scenario_end
