#!/bin/bash
# Every nesting of two formats: one file of each kind, with one card in it, in
# each kind of what holds files. Each card is found at its place, and all
# bytes are read. The makers are those of others where Debian has one.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/formats.sh"
formats_begin
need /usr/bin/python3 7zz ar bsdtar bzip2 cpio dpkg-deb exiftool gcab genisoimage \
    gsf gzip iconv jlha lz4 openssl qpdf rpmbuild soffice sqlite3 ssconvert \
    uuencode xz zip zstd

mkdir "$W/kinds" "$W/work"
inner() {
	/usr/bin/python3 "$TOP/tests/scenario/nested_inner.py" "$W/kinds" \
	    "$W/work" >"$W/places"
}
outer() {
	/usr/bin/python3 "$TOP/tests/scenario/nested_outer.py" "$W/kinds" \
	    "$W/work" "$S" <"$W/places" >"$W/wanted"
}
check "a file of each kind is made" inner
check "and put into what holds files" outer
# by themselves as well
kept() {
	cp -r "$W/kinds" "$S/kinds" &&
	    awk -F '\t' '{ print "kinds/" $1 "\t" $2 }' "$W/places" >>"$W/wanted"
}
check "and beside" kept
many() {
	local kinds
	kinds=$(wc -l <"$W/places")
	echo "$kinds kinds, $(find "$S" -type f | wc -l) files," \
	    "$(wc -l <"$W/wanted") cards"
	[ "$kinds" -ge 170 ] && [ "$(wc -l <"$W/wanted")" -ge $((kinds * 44)) ]
}
check "none is left out" many
check "each card is found where it is, and nowhere else" found_all
check "every object is accounted for" adds_up
# what is said in a sound nobody wrote down
all_read() { ! jq_any 'any(.notes[]?; .reason != "media")' "$W/ledger"; }
check "and all of it is read" all_read

# What was stored as rar by hand, a reader of others takes as well.
rar_is_one() {
	local f
	for f in 4 5; do
		bsdtar tf "$W/kinds/inner.v$f.rar" | grep -qx a.txt || return 1
	done
}
check "others read what is stored as rar" rar_is_one
scenario_end
