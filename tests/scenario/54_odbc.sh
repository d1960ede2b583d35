#!/usr/bin/env bash
# 54_odbc: what a vendor's driver reads: the same code with two real drivers and
# the servers that they are for. What a driver says is what its server has: every
# row, keys of two columns, large cells, odd names.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
ROWS=${ROWS:-$([ -n "${TORTURE:-}" ] && echo 300000 || echo 12000)}
host=127.0.0.1
export HOME=$W # no settings of whoever runs this

# ---- PostgreSQL ------------------------------------------------------------

pg_port=$(free_port)
P=$W/pg
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=postgres --regid=postgres --clear-groups)

make_pg() {
	mkdir "$P"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$P"
	echo 'a }made-up; one' >"$W/password"
	chmod 644 "$W/password"
	"${as[@]}" "$bin/initdb" -D "$P/data" -A scram-sha-256 -U anna \
	    --pwfile="$W/password" -E UTF8 --locale=C >"$W/initdb.log" 2>&1
}

serve_pg() {
	"${as[@]}" "$bin/postgres" -D "$P/data" -p "$pg_port" \
	    -c "listen_addresses=$host" -c "unix_socket_directories=$P" \
	    -c fsync=off >"$W/pg.log" 2>&1 &
	PIDS[postgres]=$!
}

pg() { PGPASSWORD='a }made-up; one' psql -q -v ON_ERROR_STOP=1 -h "$host" \
	-p "$pg_port" -U anna -d postgres "$@"; }

fill_pg() {
	pg <<-END
	create schema "Old ""Shop""";
	create table "Old ""Shop"""."Kunden ü"(id int primary key, "Card Number" text);
	insert into "Old ""Shop"""."Kunden ü" values (42, '4111 1111 1111 1111 für Jörg'), (43, null);
	create table orders(region text, id int, note text, card text, at timestamp default now(), primary key (region, id));
	insert into orders select 'r' || n % 7, n, 'nothing ' || n, null from generate_series(1, $ROWS) n;
	update orders set card = '5555555555554444' where id = 5000;
	create table orderx(card text);
	create table bare(a text, b text);
	insert into bare select 'x' || n, 'y' from generate_series(1, 3000) n;
	insert into bare values ('card number', '378282246310005');
	create table files(id int primary key, file bytea, words text);
	insert into files values (1, convert_to('name,card' || E'\\nAnna,4111111111111111\\n', 'UTF8'), null);
	insert into files values (2, null, repeat('words that say nothing ', 400000) || ' card 6011111111111117');
	create table scans(id int primary key, file bytea, note text);
	insert into scans select 7, convert_to('card 4111111111111111' || f || E'\\ncard 5555555555554444\\n' || f ||
	    E'\\ncard 6011111111111117\\n', 'UTF8'), 'card 378282246310005'
	    from (select repeat('words that say nothing' || E'\\n', 650000) as f) words;
	insert into scans values (8, 'card 3530111333300000', null);
	END
}

# Of three large cells the second one loses a part of itself on the disk.
tear_pg() {
	pg -v ON_ERROR_STOP=1 <<-END
	create extension pg_surgery;
	create schema torn;
	create table torn.papers(id int primary key, file bytea, note text);
	alter table torn.papers alter column file set storage external;
	insert into torn.papers select n, convert_to(repeat('words that say nothing' || E'\\n', 60000 * n) || 'card 4111111111111111', 'UTF8'), 'n' from generate_series(1, 3) n;
	select reltoastrelid::regclass as toast from pg_class where oid = 'torn.papers'::regclass \gset
	select ctid as part from :toast where chunk_seq = 1000 order by chunk_id limit 1 \gset
	select heap_force_kill(:'toast'::regclass, array[:'part'::tid]);
	END
}

# ---- MariaDB ---------------------------------------------------------------

my_port=$(free_port)
M=$W/maria
my=()
[ "$(id -u)" -ne 0 ] || my=(--user=mysql)

make_maria() {
	mkdir "$M"
	[ "$(id -u)" -ne 0 ] || chown mysql: "$M"
	mariadb-install-db --no-defaults "${my[@]}" --datadir="$M/data" \
	    --auth-root-authentication-method=normal >"$W/maria-init.log" 2>&1
}

serve_maria() {
	mariadbd --no-defaults "${my[@]}" --datadir="$M/data" --port="$my_port" \
	    --bind-address="$host" --socket="$M/s" --pid-file="$M/pid" \
	    --innodb-flush-log-at-trx-commit=0 >"$W/maria.log" 2>&1 &
	PIDS[mariadb]=$!
}

maria() { mariadb --no-defaults -u root -S "$M/s" "$@"; }

fill_maria() {
	maria <<-END
	create database shop character set utf8mb4;
	create user bert@'127.0.0.1' identified by 'his own';
	grant select on shop.* to bert@'127.0.0.1';
	use shop;
	create table customers(region varchar(8), id int, card varchar(40), primary key (region, id));
	insert into customers select concat('r', seq % 7), seq, null from seq_1_to_$ROWS;
	update customers set card = '4111 1111 1111 1111' where id = 77;
	create table papers(id int primary key, words longtext, scan longblob);
	insert into papers values (1, concat(repeat('nothing at all ', 200000), ' card 5555555555554444'), null);
	insert into papers values (2, null, 'card\n378282246310005\n');
	END
}

# ---- scans -----------------------------------------------------------------

scan() {
	timeout 120 trawl scan --format jsonl --jobs 1 --credential "$W/login.json" \
	    --coverage "$W/coverage.jsonl" "$@" >"$W/found.jsonl" 2>"$W/said"
}

credential() {
	jq -n --arg u "$1" --arg p "$2" '{user: $u, password: $p}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

found() { jq -s -e --arg p "$1" --arg w "$2" --arg t "$3" \
	'any(.[]; .path == $p and .place == $w and .type == $t)' \
	"$W/found.jsonl" >/dev/null; }
place() { jq -r .place "$W/found.jsonl" | grep -q "$1"; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$@" && told "$words"; }
# N tables, each as many rows as its server counts, else it would be partly read
complete() { jq -s -e --argjson n "$1" '.[-1].totals |
	.whole and .objects == $n and .full == $n' "$W/coverage.jsonl" >/dev/null; }
no_word() { ! grep -rqF "$1" "$W/said" "$W/coverage.jsonl" "$W/found.jsonl"; }

make_maria &
maker=$!
make_pg || { cat "$W/initdb.log"; exit 1; }
serve_pg
wait "$maker" || { cat "$W/maria-init.log"; exit 1; }
serve_maria
wait_for 15 "$bin/pg_isready" -q -h "$host" -p "$pg_port"
fill_pg && tear_pg >"$W/torn.log" 2>&1 || { tail "$W/pg.log"; exit 1; }
wait_for 20 maria -e 'select 1' 2>/dev/null
fill_maria || exit 1

db=odbc://$host:$pg_port/postgres
driver='driver=PostgreSQL Unicode'
credential anna 'a }made-up; one'
check 'a PostgreSQL is read by its driver' scan "$db" --option 'exclude=torn/*' --option "$driver" \
    --option 'connect=DRIVER={driver};SERVERNAME={host};PORT={port};DATABASE={database};UID={user};PWD={password};UseDeclareFetch=1;Fetch=1000;ReadOnly=1'
check 'names are what they are' found "$db/Old \"Shop\"/Kunden ü" \
    'row 1 Card Number, key 42' card_visa
check 'a card under a key of two columns has both' \
    place '^row [0-9]* card, key r2, 5000$'
check 'one in a table without a key' found "$db/public/bare" 'row 3001 b' card_amex
check 'one in a file that a row holds' place '^row 1 file, key 1 → row 2 card$'
check 'one behind a large text' place '^words, key 2'
check 'every table is read, every row that the server counts' complete 6
traced --coverage /dev/null --credential "$W/login.json" --option "$driver" "$db/public/scans"
check 'behind a driver, too, a large cell is read to its end' grep -q '"place":"file, key 7","type":"card_discover"' "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1

torn() {
	scan "$1/torn/papers" "${@:2}"
	test "$(jq -r .place "$W/found.jsonl" | sort | tr '\n' ';')" = 'file, key 1;file, key 3;' &&
		jq -s -e 'any(.[].notes[]?; .place == "file, key 2" and .reason == "io" and
		    (.detail | contains(" chunk number ")))' "$W/coverage.jsonl" >/dev/null
}
check 'a cell that the server cannot read is named, and the table goes on' torn "$db" --option "$driver"
check 'by the protocol of the server, too' torn "pgsql://$host:$pg_port/postgres"
# PostgreSQL knows the words that we have for Oracle, whose BLOB no words take
# apart: 30 MiB come as the driver gives them. This driver holds all of a row.
vast='connect=DRIVER={driver};SERVERNAME={host};PORT={port};DATABASE=postgres;UID={user};PWD={password};UseDeclareFetch=1;Fetch=1'
scan "oracle://$host:$pg_port/postgres/public/scans" --option "$driver" --option "$vast"
check 'a cell that only the driver can take apart is read from end to end' \
    test "$(jq -r 'select(.place | startswith("file, key 7")) | .type' "$W/found.jsonl" | sort | tr '\n' ' ')" = 'card_discover card_mastercard card_visa '
check 'what stands beside it and behind it, too' eval 'place "row 1 note, key 7" && place "row 2 file, key 8"'

credential anna 'another one'
words='authentication failed'
check 'a wrong password is told' refused "$db" --option "$driver"
check 'and not repeated' no_word 'another one'
words='no driver is named'
check 'that a driver is wanted is told' refused "$db"
words="[Cc]an't open lib"
check 'one that is not there is told' refused "$db" --option driver=/usr/lib/nowhere.so

db=odbc://$host:$my_port/shop
driver='driver=MariaDB Unicode'
credential bert 'his own'
check 'a MariaDB is read by its driver' scan "$db" --option "$driver" \
    --option 'connect=DRIVER={driver};SERVER={host};PORT={port};DATABASE={database};UID={user};PWD={password};FORWARDONLY=1;NO_CACHE=1'
check 'a card has its column and key' place '^row [0-9]* card, key r0, 77$'
check 'one behind a large text is found' place '^words, key 1'
check 'one in bytes' place '^row 2 scan, key 2'
check 'every row was read here, too' complete 2
scenario_end
