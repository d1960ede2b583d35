#!/usr/bin/env bash
# 53_postgres: the tables of a real PostgreSQL are read row by row, also while
# they change, without a key, with large cells; what is found has its column and
# key, and what is read is as many rows as the server counts.
. "$(dirname "$0")/lib.sh"
scenario_begin
ROWS=${ROWS:-$([ -n "${TORTURE:-}" ] && echo 1000000 || echo 60000)}
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 100 || echo 20)}
host=127.0.0.1
port=$(free_port)
P=$W/pg
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=postgres --regid=postgres --clear-groups)

serve() {
	mkdir "$P"
	[ "$(id -u)" -ne 0 ] || chown postgres: "$P"
	echo 'a made-up one' >"$W/password"
	chmod 644 "$W/password"
	"${as[@]}" "$bin/initdb" -D "$P/data" -A scram-sha-256 -U anna \
	    --pwfile="$W/password" -E UTF8 --locale=C >"$W/initdb.log" 2>&1 || return
	"${as[@]}" "$bin/postgres" -D "$P/data" -p "$port" \
	    -c "listen_addresses=$host" -c "unix_socket_directories=$P" \
	    -c fsync=off -c log_connections=on >"$W/server.log" 2>&1 &
	PIDS[postgres]=$!
	wait_for 15 "$bin/pg_isready" -q -h "$host" -p "$port"
}

sql() { PGPASSWORD='a made-up one' psql -q -v ON_ERROR_STOP=1 -h "$host" \
	-p "$port" -U anna -d "${DB:-postgres}" "$@"; }

fill() {
	sql -c 'create database shop' || return
	DB=shop sql <<-END
	create schema "Old ""Shop""";
	create table "Old ""Shop"""."Customers x"(id int primary key, "Card Number" text);
	insert into "Old ""Shop"""."Customers x" values (42, '4111 1111 1111 1111'), (43, null);
	create table orders(region text, id int, note text, card text, primary key (region, id));
	insert into orders select 'r' || n % 7, n, 'nothing ' || n, null from generate_series(1, $ROWS) n;
	update orders set card = '5555555555554444' where id = 5000;
	create table bare(a text, b text);
	insert into bare select 'x' || n, 'y' from generate_series(1, 3000) n;
	insert into bare values ('card number', '378282246310005');
	create table scans(id int primary key, file bytea, text text);
	insert into scans values (1, convert_to('name,card' || E'\\nAnna,4111111111111111\\n', 'UTF8'), null);
	insert into scans values (2, null, repeat('words that say nothing ', $MIB * 45000) || ' card 6011111111111117');
	create table hidden(card text);
	create role clerk login password 'a clerk''s own';
	grant usage on schema public, "Old ""Shop""" to clerk;
	grant select on all tables in schema public, "Old ""Shop""" to clerk;
	revoke select on hidden from clerk;
	END
}

scan() {
	trawl scan --format jsonl --jobs 1 --credential "$W/login.json" \
	    --coverage "$W/coverage.jsonl" "$@" >"$W/found.jsonl" 2>"$W/said"
}

credential() {
	jq -n --arg u "$1" --arg p "$2" '{user: $u, password: $p}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

found() { jq -s -e --arg p "$1" --arg w "$2" --arg t "$3" \
	'any(.[]; .path == $p and .place == $w and .type == $t)' \
	"$W/found.jsonl" >/dev/null; }

told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$db" && told "$1"; }

serve || { cat "$W/initdb.log" "$W/server.log"; exit 1; }
fill || exit 1
db=pgsql://$host:$port/shop
credential clerk "a clerk's own"

# Rows come and go, and move, while the table is read.
DB=shop sql -c "do \$\$ begin for i in 1..200 loop
	insert into orders values ('new', 10000000 + i, 'x', null);
	delete from orders where id = i; update orders set note = 'moved' where id = 5000 + i;
	commit; end loop; end \$\$" 2>"$W/changes.log" &
PIDS[changes]=$!
check 'all tables of a database are read' scan "$db"
wait "${PIDS[changes]}"
check 'a card has its column and key, whatever the names are' \
    found "$db/Old \"Shop\"/Customers x" 'row 1 Card Number, key 42' card_visa
check 'one under a key of two columns too' \
    bash -c "jq -r .place '$W/found.jsonl' | grep -q '^row [0-9]* card, key r2, 5000\$'"
check 'one in a table without a key' found "$db/public/bare" 'row 3001 b' card_amex
check 'one in a file that a row holds' \
    bash -c "jq -r .place '$W/found.jsonl' | grep -q '^row 1 file, key 1 → row 2 card\$'"
check 'one behind a large text' \
    bash -c "jq -r .place '$W/found.jsonl' | grep -q '^text, key 2'"
check 'rows read are those that the server counted' \
    bash -c "! grep -q '\"reason\":\"changed\"' '$W/coverage.jsonl'"
check 'a table that may not be read is named' \
    grep -q 'public/hidden.*denied.*permission denied' "$W/coverage.jsonl"
check 'one table alone is read alone' scan "$db/public/bare"
check 'and no other' test "$(jq -r .path "$W/found.jsonl" | sort -u)" = "$db/public/bare"

credential clerk 'another one'
check 'a wrong password is told' refused 'authentication failed'
check 'and was tried once' test "$(grep -c 'password authentication failed' "$W/server.log")" = 1
credential clerk "a clerk's own"
db=pgsql://$host:$port/nowhere
check 'a database that is not there is told' refused 'does not exist'
scenario_end
