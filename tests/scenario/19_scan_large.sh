#!/bin/bash
# One mailbox and one database of SQLite, each far larger than a worker may be:
# what stands behind all of it is found, it is read in full, and needs no more
# memory than an eighth of it does.
#   MIB=64   of each; 1024 in `make torture`
. "$(dirname "$0")/lib.sh"
scenario_begin
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 1024 || echo 64)}
MOST=$((128 * 1024)) # KiB, of any process of a scan
MORE=$((16 * 1024))  # KiB, than for an eighth

make_large() { # KIND MIB
	python3 - "$W/$2.$1" "$1" "$2" <<-'P'
		import sqlite3, sys
		path, kind, mib = sys.argv[1], sys.argv[2], int(sys.argv[3])
		line = "words that say nothing at all, and then some more of them\n"
		head = ("From a@b.example Thu Jan  1 00:00:00 2026\n"
		        "From: a@b.example\nTo: c@d.example\nSubject: %d\n\n")
		card = "card number 378282246310005\n"
		def mbox():
		    with open(path, "w") as f:
		        n = 0
		        while f.tell() < mib << 20:
		            f.write(head % n + line * 500 + "\n")
		            n += 1
		        f.write(head % n + card)
		def db():
		    rows = (mib << 20) // 240 # of the text and what is about it
		    d = sqlite3.connect(path)
		    d.execute("create table t(id integer primary key, a, n)")
		    d.executemany("insert into t(a, n) values(?, ?)",
		                  ((line * 4, n) for n in range(rows)))
		    d.execute("insert into t(a) values(?)", (card,))
		    d.commit()
		{"mbox": mbox, "db": db}[kind]()
	P
}
read_large() { # KIND MIB
	make_large "$1" "$2" &&
		/usr/bin/time -q -f %M -o "$W/rss" trawl scan --format jsonl \
		    --types 'card_*' --coverage "$W/ledger" "$W/$2.$1" \
		    >"$W/out" 2>"$W/err"
	eval "$1$2=\$(tail -n 1 \"\$W/rss\")"
	echo "  $(stat -c %s "$W/$2.$1") bytes of $1: peak $(tail -n 1 "$W/rss") KiB"
	rm "$W/$2.$1"
	[ "$(jq -r .type "$W/out")" = card_amex ] &&
		jq -s -e '.[-1].totals | .whole and .full == 1' "$W/ledger" \
		    >"$W/told" || { cat "$W/out" "$W/err" "$W/ledger"; false; }
}
steady() { # KIND
	local small=$1$((MIB / 8)) large=$1$MIB
	[ "${!large}" -le "$MOST" ] && [ "${!large}" -le $((${!small} + MORE)) ]
}
for kind in mbox db; do
	check "$kind: an eighth of $MIB MiB is read to its end" \
		read_large $kind $((MIB / 8))
	check "$kind: $MIB MiB are read to their end" read_large $kind "$MIB"
	check "$kind: in memory that does not grow with it" steady $kind
done
scenario_end
