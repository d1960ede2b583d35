#!/usr/bin/env bash
# 53_postgres: the tables of a real PostgreSQL are read row by row, along their
# keys of any types, also while they change, when the connection, the server or
# the reader ends half-way, without a key, with large cells; what is found has
# its column and key, and what is read is as many rows as the server counts.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
ROWS=${ROWS:-$([ -n "${TORTURE:-}" ] && echo 1000000 || echo 60000)}
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 100 || echo 20)}
HEAVY=${HEAVY:-150}
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
	start
}

start() {
	"${as[@]}" "$bin/postgres" -D "$P/data" -p "$port" \
	    -c "listen_addresses=$host" -c "unix_socket_directories=$P" \
	    -c fsync=off -c log_connections=on -c log_statement=all \
	    >>"$W/server.log" 2>&1 &
	PIDS[postgres]=$!
	wait_for 30 "$bin/pg_isready" -q -h "$host" -p "$port"
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
	create type size as enum ('small', 'Large', 'none');
	create table kinds(s size, u uuid, d timestamptz, n numeric, f float8, b bytea, c char(9), card text,
	    primary key (s, u, d, n, f, b, c) include (card));
	insert into kinds select (array['small', 'Large', 'none']::size[])[1 + n % 3], md5((n % 20000)::text)::uuid,
	    '2020-01-01'::timestamptz + n * interval '1.000001 s', n / 7.0, n / 7.0::float8, decode(md5(n::text), 'hex'),
	    chr(32 + n % 90), null from generate_series(1, 23000) n;
	update kinds set card = '4012888888881881' where n = 21000 / 7.0;
	create table mixed(id text collate "en-x-icu" primary key, card text);
	insert into mixed select md5(n::text), null from generate_series(1, 9000) n;
	insert into mixed values ('a key', '3530111333300000');
	create table pairs(p orders primary key, card text);
	insert into pairs select o, '36148900647913' from orders o where id = 77;
	create table bare(a text, b text);
	insert into bare select 'x' || n, 'y' from generate_series(1, 3000) n;
	insert into bare values ('card number', '378282246310005');
	create table scans(id int primary key, file bytea, text text);
	insert into scans values (1, convert_to('name,card' || E'\\nAnna,4111111111111111\\n', 'UTF8'), null);
	insert into scans values (2, null, repeat('words that say nothing ', $MIB * 45591) || ' card 6011111111111117');
	insert into scans values (3, null, 'x' || repeat('é', 2097147) || ' 6011000990139424 ' || repeat('é', 3000000) || ' 5105105105105100');
	create table late(id int primary key, card text);
	insert into late values (1, null), (2, null);
	set default_toast_compression = 'lz4';
	alter table late add note text default repeat('nothing ', 180000) || '6011601160116611';
	reset default_toast_compression;
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
totals() { # FILTER
	jq -s -e '.[-1].totals | '"$1" "$W/coverage.jsonl" >/dev/null ||
		{ cat "$W/coverage.jsonl"; false; }
}
# Of N objects every one was read to its end, and nothing is to be said.
whole() { totals ".whole and .objects == $1 and .full == $1 and .reasons == {}"; }
planted() { # TYPE: how many of it
	jq -s --arg t "$1" '[.[] | select(.type == $t)] | length' "$W/found.jsonl"
}
at() { jq -r .place "$W/found.jsonl" | grep -q "$1"; }

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
check 'one under a key of two columns too' at '^row [0-9]* card, key r2, 5000$'
check 'one under a key of seven types, each row once' \
    bash -c "[ '$(planted card_visa)' = 3 ] && jq -r .path '$W/found.jsonl' | grep -q '/kinds$'"
check 'one under a key that no literal stands for' at '^row 1 card'
check 'one in a table without a key' found "$db/public/bare" 'row 3001 b' card_amex
check 'one in a file that a row holds' at '^row 1 file, key 1 → row 2 card$'
check 'one behind a large text' at '^text, key 2'
check 'one across the border of two pieces, and one behind a letter that was cut' \
    test "$(grep -c '"place":"text, key 3"' "$W/found.jsonl")" = 2
check 'a large cell is unpacked once, however many its pieces are' \
    test "$(grep -c 'substring(.*FROM ONLY "public"."scans"' "$W/server.log")" = 4
check 'one behind a large text that no row holds' at '^note, key 1'
check 'what is left of a table, and its count, are asked for at once' \
    grep -q 'ORDER BY t."region", t."id") TO STDOUT.*; COPY (SELECT count' "$W/server.log"
check 'all else is read to its end, as many rows as the server counted' totals \
    '.objects == 9 and .full == 8 and .unread == 1 and .reasons == {"denied": 1}'
check 'a table that may not be read is named' \
    grep -q 'public/hidden.*denied.*permission denied' "$W/coverage.jsonl"
check 'for none of it did the server compile anything' test \
    "$(grep -c 'authenticated: .*clerk' "$W/server.log")" = "$(grep -c 'SET jit = off' "$W/server.log")"
check 'one table alone is read alone' scan "$db/public/bare"
check 'and no other' test "$(jq -r .path "$W/found.jsonl" | sort -u)" = "$db/public/bare"

# What a type cannot hold is not found there, whatever its digits are and its
# name says: the same card in a column of each type. It is found where text and
# whole numbers stand, and dates of birth are.
typed() {
	sql -c 'create database typed' && DB=typed sql <<-END
	create table t(id int primary key, card_text text, card_number bigint, card_decimal numeric(19),
	    card_counter bigint generated by default as identity, card_float float8, card_amount numeric(19, 2),
	    card_issued timestamptz, phone_seen timestamp, card_uuid uuid, card_span interval, has_card bool, birth_date date);
	insert into t select n, '4012888888881881', 4012888888881881, 4012888888881881, 4012888888881881, 4222222222222,
	    4012888888881881.00, '2012-08-08 08:08:01', '4012-08-08 08:18:08.881', '40128888-8888-4188-8128-888888818810',
	    n * interval '4012888 hours', true, '1984-02-29' from generate_series(1, 300) n;
	create table s(id int primary key, card_counter bigserial);
	insert into s values (1, 4012888888881881);
	grant select on all tables in schema public to clerk;
	END
}
typed || exit 1
check 'columns of all types are read' scan "pgsql://$host:$port/typed"
check 'a card is found where its type can hold one, and nowhere else' eval '
	[ "$(jq -r ".place | split(\" \")[2] | rtrimstr(\",\")" "$W/found.jsonl" | sort | uniq -c | xargs)" = \
	"300 birth_date 300 card_decimal 300 card_number 300 card_text" ]'

# The session cannot write, whatever the account may do: a view that does is
# refused. What it is set to is a card in a view. Who waits for a lock, or for
# an answer, gives up and goes on with the next table.
strict() {
	sql -c 'create database strict' && DB=strict sql <<-END
	create table stamps(t timestamptz);
	create function stamp() returns text language sql as \$\$ insert into stamps values (now()) returning 'x' \$\$;
	create view stamped as select stamp();
	create view settings as select '4111 1111 1111 1111' card where current_setting('transaction_read_only') = 'on'
	    and current_setting('transaction_isolation') = 'repeatable read'
	    and current_setting('statement_timeout') = '1500ms' and current_setting('lock_timeout') = '1s';
	create view usual as select '4111 1111 1111 1111' card
	    where current_setting('statement_timeout') = '4h' and current_setting('lock_timeout') = '10s';
	create view slow as select pg_sleep(60)::text;
	create table held(id int primary key, card text);
	create table other(id int primary key, card text);
	insert into other values (1, '4111 1111 1111 1111');
	grant all on all tables in schema public to clerk;
	END
}
hold() { # until its connection ends
	DB=strict sql -c 'begin; lock table held in access exclusive mode' -c 'select pg_sleep(60)' >"$W/lock.log" 2>&1 &
	PIDS[lock]=$!
}
locked() { DB=strict sql -A -t -c "select 'yes' from pg_locks where mode = 'AccessExclusiveLock' and relation = 'held'::regclass and granted" | grep -q yes; }
strict || exit 1
limits=(--option statement_timeout=1500ms --option lock_timeout=1s)
s=pgsql://$host:$port/strict
hold && wait_for 10 locked
check 'a database is read in which a table is locked, a view writes and one is slow' \
    scan "$s" --option views=yes "${limits[@]}"
noted() { jq -s -e --arg p "$s/public/$1" --arg r "$2" --arg d "$3" 'any(.[]; .path == $p and .reason == $r and
	(.notes[0].detail | contains($d)))' "$W/coverage.jsonl" >/dev/null || { cat "$W/coverage.jsonl"; false; }; }
check 'a write through our session is refused' \
    noted stamped io 'cannot execute INSERT in a read-only transaction'
check 'and nothing was written' test "$(DB=strict sql -A -t -c 'select count(*) from stamps')" = 0
check 'a locked table is named, and why' \
    noted held time 'canceling statement due to lock timeout'
check 'a slow one too' noted slow time 'canceling statement due to statement timeout'
check 'all others are read' totals '.full == 4 and .unread == 3'
check 'the session is what it was told to be' found "$s/public/settings" 'row 1 card' card_visa
check 'else by its limits' scan "$s/public/usual"
check 'of four hours and ten seconds' found "$s/public/usual" 'row 1 card' card_visa
sql -c "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" \
    >"$W/killed.log"
wait "${PIDS[lock]}" 2>>"$W/killed.log"
unset "PIDS[lock]"

# A target that names no database is all of them that the user may enter; what
# of them is wanted is said down to columns.
branch() {
	sql -c 'create database branch' -c 'create database attic' && DB=branch sql <<-END
	create table cards(id int primary key, card text, secret text);
	insert into cards values (1, '4111 1111 1111 1111', '5555 5555 5555 4444');
	create table notes(id int primary key, note text);
	insert into notes values (1, '4012 8888 8888 1881');
	grant select on all tables in schema public to clerk;
	END
}
columns_of() { grep -o 'COPY (SELECT [^*]* FROM ONLY "public"."'"$1"'"' "$W/server.log" | tail -n 1; }
narrowed() { totals ".narrowed == {$1}"; }
all=pgsql://$host:$port/
branch || exit 1
check 'all databases of a server are read but those that are excluded' \
    scan "$all" --option 'exclude=attic,typed,strict,shop/public/[!b]*,**/secret'
check 'as tables of each, and the totals say so' \
    totals '.full == 4 and .narrowed.exclude == "attic,typed,strict,shop/public/[!b]*,**/secret"'
check 'the database that is excluded is not entered' \
    eval '! grep -q "database=attic.*clerk\|clerk.*database=attic" "$W/server.log"'
check 'a column that is excluded is not asked for' \
    eval '[[ $(columns_of cards) == *\"card\"* && $(columns_of cards) != *secret* ]]'
check 'and the one beside it is read' \
    found "${all}branch/public/cards" 'row 1 card, key 1' card_visa
check 'columns are chosen in any database' scan "$all" \
    --option 'include=*/*/*/card' --option exclude=strict
check 'tables without such columns are no objects' totals '.full == 6 and .unread == 1'
check 'a key that nobody wants is not asked for' \
    eval '[[ $(columns_of cards) == *SELECT\ \"card\"::text\ FROM* ]]'
check 'of a table that is named, columns are chosen by their names' \
    scan "${all}branch/public/cards" --option 'include=secret'
check 'that one alone' test "$(planted card_mastercard),$(planted card_visa)" = 1,0

# A table that is large and in disorder (here it is only said to be) is read as
# it lies.
sql_of() { grep -c "COPY (SELECT .* FROM ONLY \"public\".\"mixed\".*$1" "$W/server.log"; }
before=$(sql_of 'ORDER BY')
DB=shop sql -c 'analyze mixed' -c "update pg_class set relpages = 200000 where relname = 'mixed'"
check 'a table in disorder is read' scan "$db/public/mixed"
check 'to its end' whole 1
check 'in one go' test "$before" -gt 0 -a "$(sql_of 'ORDER BY')" = "$before"

# Half-way through a table it is held back, and something ends there.
held() { # WHAT: it is done when the table is held; then the scan ends
	rm -f "$W/held"
	relay=$(free_port)
	python3 "$(dirname "$0")/relay.py" "$relay" "$port" $((ROWS * 30)) "$W/held" &
	PIDS[relay]=$!
	wait_for 10 listening "$host:$relay" || return
	scan "pgsql://$host:$relay/shop/public/orders" &
	PIDS[scan]=$!
	wait_for 60 test -e "$W/held" && "$1" || return
	wait "${PIDS[scan]}" || return
	unset "PIDS[scan]"
	stop_one relay
}
is_all() { # ROWS: as many, the last of them last, and nothing twice
	whole 1 && [ "$(planted card_mastercard)" = 1 ] && at "^row $1 card, key zz"
}
rows_now() { DB=shop sql -A -t -c 'select count(*) from orders'; }
DB=shop sql -c "insert into orders values ('zz', 7, 'the last', '6011111111111117')"
count=$(rows_now)
cut_off() { # what comes now is not of the state that is being read
	DB=shop sql -c "insert into orders select 'zzz', n, 'x', '6011000990139424' from generate_series(1, 9) n" \
	    -c "delete from orders where id % 1000 = 1" -c "vacuum orders" \
	    -c "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clerk' and query like 'COPY%ORDER BY%'" \
	    >"$W/cut.log"
}
check 'a connection is ended while a table is read and changes' held cut_off
check 'it is read on in the state that it had, each row once' is_all "$count"
DB=shop sql -c "delete from orders where region = 'zzz'"
count=$(rows_now)
# Its memory is free for the next one when its last process has seen it.
are_gone() { ! kill -0 "$@" 2>"$W/gone.log"; }
die() {
	local its
	mapfile -t its < <(pgrep -P "${PIDS[postgres]}")
	kill -9 "${PIDS[postgres]}" && wait "${PIDS[postgres]}" 2>"$W/killed.log"
	wait_for 20 are_gone "${its[@]}" && start
}
check 'a server is killed while a table is read, and comes back' held die
check 'it is read on behind the last row, each row once' is_all "$count"
reader() { kill -9 "$(tree_pids "${PIDS[scan]}" | xargs -n 1 ps -o pid=,comm= -p | awk '/trawl-source/ { print $1 }')"; }
check 'the process that reads is killed in the middle of a table' held reader
check 'the table is read again, and nothing told twice' is_all "$count"

# One cell that is larger than a session may be.
heavy() {
	sql -c 'create database vast' && DB=vast sql <<-END
	create table heavy(id int primary key, file bytea);
	alter table heavy alter file set storage external;
	insert into heavy values (1, convert_to(repeat('words that say nothing ', $HEAVY * 45590)
	    || 'card 6011111111111117', 'UTF8'));
	grant select on heavy to clerk;
	END
}
heavy && traced --credential "$W/login.json" "pgsql://$host:$port/vast/public/heavy"
check "a cell of $HEAVY MiB is read to its end" grep -q '"place":"file, key 1"' "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1
sql -c 'drop database vast'

credential clerk 'another one'
check 'a wrong password is told' refused 'authentication failed'
check 'and was tried once' logged "$W/server.log" 'password authentication failed' 1
# What it says is ours: a library that warns of files of this host is not asked.
jq -n '{user: "clerk"}' >"$W/login.json"
check 'a password that is missing is told' refused 'no password'
check 'and no library speaks' eval '! grep -i warning "$W/said"'
credential clerk "a clerk's own"
db=pgsql://$host:$port/nowhere
check 'a database that is not there is told' refused 'does not exist'
scenario_end
