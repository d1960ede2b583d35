#!/bin/bash
# Databases, tables and keyed text: a card is found in each of them, made by
# the tools that people make them with, at the place that people call it.
. "$(dirname "$0")/lib.sh"
scenario_begin

D=$W/in
mkdir "$D"
card='4111 1111 1111 1111'

sqlite3 "$D/shop.db" >/dev/null <<SQL
PRAGMA secure_delete=OFF;
CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT, card TEXT, n INT, f BLOB);
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<200)
INSERT INTO customers SELECT x, 'name ' || x, CASE x WHEN 88 THEN '$card' END,
  CASE x WHEN 90 THEN 4111111111111111 ELSE x END,
  CASE x WHEN 91 THEN zeroblob(20) || 'a file with card $card in it' END FROM c;
CREATE TABLE gone(x, card TEXT);
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<2000)
INSERT INTO gone SELECT x, CASE x WHEN 1500 THEN 'card 5500 0055 5555 5559' ELSE x END FROM c;
DROP TABLE gone;
SQL
sqlite3 "$D/shop.db" .dump >"$D/shop.sql"
sqlite3 -csv -header "$D/shop.db" 'SELECT id,name,card FROM customers' >"$D/shop.csv"
sqlite3 -json "$D/shop.db" 'SELECT id,name,card FROM customers' >"$D/shop.json"
sqlite3 -html -header "$D/shop.db" 'SELECT id,card FROM customers' >"$D/part.htm"
jq -c '.[]' "$D/shop.json" >"$D/shop.ndjson"
gzip -c "$D/shop.csv" >"$D/packed.csv.gz"
iconv -t UTF-16 "$D/shop.csv" >"$D/wide.csv"
sqlite3 "$D/log.db" >/dev/null <<SQL
PRAGMA journal_mode=WAL;
CREATE TABLE t(card TEXT);
PRAGMA wal_checkpoint(TRUNCATE);
INSERT INTO t VALUES('card $card');
.shell cp $D/log.db-wal $D/kept-wal
SQL
head -c 6000 "$D/shop.db" >"$D/cut.db"
python3 - "$D" "$card" <<'P'
import configparser, sys, xml.etree.ElementTree as E, yaml
d, card = sys.argv[1:]
root = E.Element("customers")
for i in range(5):
    c = E.SubElement(root, "customer", id=str(i))
    E.SubElement(c, "card", number=card if i == 3 else "none")
root.append(E.Comment("old card " + card))
E.indent(root)
E.ElementTree(root).write(d + "/shop.xml", xml_declaration=True)
data = {"customers": [{"name": "n", "cards": ["none", card]}], "other": 1}
yaml.safe_dump(data, open(d + "/shop.yaml", "w"))
ini = configparser.ConfigParser()
ini["pay"] = {"name": "x", "card": card}
ini.write(open(d + "/shop.ini", "w"))
P
/usr/bin/python3 - "$D" "$card" <<'P'
import dbf, sys
d, card = sys.argv[1:]
t = dbf.Table(d + "/shop.dbf", "name C(20); card C(20)", dbf_type="db3")
t.open(dbf.READ_WRITE)
for i in range(1, 121):
    t.append({"name": "n", "card": card if i in (88, 90) else "x"})
dbf.delete(t[87])
t.close()
P
# Databases of Access are of our own making; mdbtools must read them, too.
printf 'card: %s\n' "$card" >"$W/a.txt"
(cd "$W" && zip -q a.zip a.txt)
for kind in jet3 jet4 ace; do
	python3 "$TOP/tests/data/access.py" "$D/$kind.mdb" $kind 0 "$card" \
		"$W/a.zip"
	python3 "$TOP/tests/data/access.py" "$D/$kind-key.mdb" $kind 77777 \
		"$card" "$W/a.zip"
done

trawl scan --types 'card_*' --format jsonl --coverage "$W/unread" "$D" \
	>"$W/found" 2>/dev/null

at() {
	jq -es --arg f "$D/$1" --arg p "$2" \
		'any(.path == $f and .place == $p)' "$W/found" >/dev/null
}

check 'SQLite: a cell' at shop.db 'row 88 customers.card'
check 'SQLite: a number that is stored as one' at shop.db 'row 90 customers.n'
check 'SQLite: a file in a cell' at shop.db 'row 91 customers.f'
dropped() {
	jq -r --arg f "$D/shop.db" 'select(.path == $f) | .place' "$W/found" |
		grep -q '^rows of page [0-9]*$'
}
check 'SQLite: a table that was dropped' dropped
check 'SQLite: a log' at kept-wal 'rows of page 2'
cut_is_told() {
	jq -es --arg f "$D/cut.db" \
		'any(.path == $f and .reason == "malformed")' \
		"$W/unread" >/dev/null
}
check 'SQLite: a file that is cut says so' cut_is_told
check 'CSV: row and column' at shop.csv 'row 89 card'
check 'CSV in gzip' at packed.csv.gz 'shop.csv → row 89 card'
check 'CSV in UTF-16' at wide.csv 'row 89 card'
check 'JSON: a path' at shop.json '[87].card'
check 'NDJSON: a line and a path' at shop.ndjson 'line 88 card'
check 'XML: an attribute' at shop.xml 'line 13 customers/customer/card@number'
check 'XML: a comment' at shop.xml 'line 18 customers comment'
check 'YAML: a path' at shop.yaml 'line 4 customers[0].cards[1]'
check 'settings: section and key' at shop.ini 'line 3 pay.card'
check 'SQL dump: line and table' at shop.sql 'line 91 customers'
check 'dBase: a row' at shop.dbf 'row 90 CARD'
check 'dBase: a row that was deleted' at shop.dbf 'deleted row 88 CARD'
in_access() {
	local f place
	for f in jet3 jet4 ace jet3-key jet4-key ace-key; do
		for place in 'row 88 customers.card' 'row 89 customers.card' \
		    'row 90 customers.n' 'row 91 customers.d' \
		    'row 92 customers.notes' 'row 93 customers.notes' \
		    'row 94 customers.notes' 'row 95 customers.f → a.txt' \
		    'row 96 customers.f → a.txt' 'row 97 customers.card' \
		    'deleted row 2 customers.card' 'row 1 wide.c89' \
		    'row 1 f_1_Files.FileData → a.txt' \
		    'row 2 f_1_Files.FileData → a.txt'; do
			at "$f.mdb" "$place" || { echo "$f: $place"; return 1; }
		done
	done
}
check 'Access: cells, memos, files, rows that moved or were deleted' in_access
seen_by_mdbtools() {
	local f
	for f in "$D"/*.mdb; do
		[ "$(mdb-export "$f" customers |
			grep -acE "^(88|89|92|93|97),.*$card")" = 5 ] &&
			mdb-export "$f" wide | grep -q "$card" || return 1
	done
}
check 'Access: mdbtools reads them, too' seen_by_mdbtools
scenario_end
