#!/usr/bin/env bash
# 54_mariadb: the tables of a real MariaDB are read along their keys, also while
# they change and when the server goes away and comes back, without a key, with
# large cells; what is read is as many rows as the server counts.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
ROWS=${ROWS:-$([ -n "${TORTURE:-}" ] && echo 1000000 || echo 50000)}
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 100 || echo 20)}
HEAVY=${HEAVY:-48}
host=127.0.0.1
port=$(free_port)
P=$W/maria
as=()
[ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=mysql --regid=mysql --clear-groups)

certify() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$host" \
	    -addext "subjectAltName=IP:$host" -keyout "$P/key.pem" \
	    -out "$P/cert.pem" >"$W/openssl.log" 2>&1
}

start() {
	"${as[@]}" mariadbd --no-defaults --datadir="$P/data" --port="$port" \
	    --bind-address=$host --socket="$P/sock" --pid-file="$P/pid" \
	    --tmpdir="$P" --skip-name-resolve --max-allowed-packet=256M \
	    --innodb-log-file-size=256M --innodb-flush-log-at-trx-commit=0 \
	    --innodb-buffer-pool-size=96M --log-warnings=2 \
	    --ssl-cert="$P/cert.pem" --ssl-key="$P/key.pem" \
	    >>"$W/server.log" 2>&1 &
	PIDS[mariadb]=$!
	wait_for 30 mariadb-admin --no-defaults -S "$P/sock" -u root ping \
	    >"$W/ping.log" 2>&1
}

serve() {
	mkdir "$P" && certify || return
	[ "$(id -u)" -ne 0 ] || chown -R mysql: "$P"
	"${as[@]}" mariadb-install-db --no-defaults --datadir="$P/data" \
	    --auth-root-authentication-method=normal --skip-test-db \
	    >"$W/install.log" 2>&1 && start
}

sql() { mariadb --no-defaults -S "$P/sock" -u root -B -N --default-character-set=utf8mb4 "$@"; }

fill() {
	sql <<-END
	create database shop character set utf8mb4;
	create database \`Old "Shop/1\`;
	create user clerk identified by 'a clerk''s own';
	grant select on shop.* to clerk; grant select on \`Old "Shop/1\`.* to clerk;
	create database closed; create table closed.x(a int);
	use \`Old "Shop/1\`;
	create table \`Customers \`\`x\`(id int primary key, \`Card Number\` text);
	insert into \`Customers \`\`x\` values (42, '4111 1111 1111 1111'), (43, null);
	use shop;
	create table orders(region varchar(9) collate utf8mb4_general_ci, day datetime(3), id int,
	    note text, card text, primary key (region, day, id), key (id));
	insert into orders select elt(1 + seq % 4, 'n', 'Nord', 's', 'ß'), date_add('2020-01-01', interval seq % 900 minute),
	    seq, concat('nothing ', seq), null from seq_1_to_$ROWS;
	update orders set card = '5555555555554444' where id = 5000;
	create table cased(name varchar(20) collate utf8mb4_unicode_ci, b varbinary(9), card text, primary key (name, b));
	insert into cased select concat(elt(1 + seq % 3, 'é', 'E', 'z '), seq), unhex(concat('00ff', lpad(hex(seq), 6, '0'))), null from seq_1_to_30000;
	update cased set card = '3530111333300000' where name = 'E25000';
	create table kinds(size enum('z', 'a'), bits bit(9), price float, card text as (concat('4012', '888888881881')) stored,
	    primary key (size, bits));
	insert into kinds(size, bits, price) values ('z', b'1', 1.5), ('a', b'10', 2.5);
	create table bare(a text, b text) engine=myisam;
	insert into bare select concat('x', seq), 'y' from seq_1_to_3000;
	insert into bare values ('card number', '378282246310005');
	create table scans(id int primary key, file longblob, text longtext);
	insert into scans values (1, 'name,card\nAnna,4111111111111111\n', null);
	insert into scans values (2, null, concat(repeat('words that say nothing ', $MIB * 45591), ' card 6011111111111117'));
	create table loose(text longtext, more longtext);
	insert into loose values ('small', null), ('words', concat(repeat('words that say nothing ', 240000), ' card 6011000990139424'));
	create view seen as select concat('3056', '9309025904') card;
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

found_in() { jq -s --arg p "$1" --arg t "$2" \
	'[.[] | select(.path == $p and .type == $t)] | length' "$W/found.jsonl"; }
at() { jq -r .place "$W/found.jsonl" | grep -q "$1"; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$db" && told "$1"; }
fails() { ! "$@"; }
with_ca() { trawl scan --credential "$W/ca.json" "$1" >"$W/found.jsonl" 2>"$W/said"; }
whole() { ! grep -q '"reason":"\(changed\|io\|truncated\)"' "$W/coverage.jsonl"; }

serve || { cat "$W/install.log" "$W/server.log"; exit 1; }
fill || exit 1
db=mysql://$host:$port
credential clerk "a clerk's own"

# Rows come and go, and move, while the table is read.
sql shop -e "delimiter //
begin not atomic declare i int default 1; while i <= 200 do
	insert into orders values ('new', now(3), 10000000 + i, 'x', null);
	delete from orders where id = i * 7; update orders set note = 'moved' where id = 5000 + i;
	set i = i + 1; end while; end //" >"$W/changes.log" 2>&1 &
PIDS[changes]=$!
check 'all tables of a server are read' scan "$db/"
wait "${PIDS[changes]}"
unset "PIDS[changes]"
check 'a card has its column and key, whatever the names are' \
    found "$db/Old \"Shop%2F1/Customers \`x" 'row 1 Card Number, key 42' card_visa
check 'one under a key of three columns too' \
    test "$(found_in "$db/shop/orders" card_mastercard)" = 1
check 'one behind letters that the server takes for each other' \
    test "$(found_in "$db/shop/cased" card_jcb)" = 1
check 'one in a column that is made of others, under a key of an enum' \
    found "$db/shop/kinds" 'row 2 card, key a, 2' card_visa
check 'one in a table without a key' found "$db/shop/bare" 'row 3001 b' card_amex
check 'one in a file that a row holds' at '^row 1 file, key 1 → row 2 card$'
check 'one behind a large text' at '^text, key 2'
check 'one behind a large text without a key' at '^more'
check 'rows read are those that the server counted' whole
check 'nothing is read that the user may not see' \
    bash -c "! grep -q '/closed/' '$W/coverage.jsonl' '$W/found.jsonl'"
check 'a view is left out' bash -c "! grep -q '/seen' '$W/coverage.jsonl' '$W/found.jsonl'"
check 'a view that is named is read' scan "$db/shop/seen"
check 'and alone' found "$db/shop/seen" 'row 1 card' card_diners
scan --option sample=1000 "$db/shop/orders"
check 'a sample is named as one' told '1000 of [0-9]* rows were read'
check 'tables are chosen by name' scan --option include='shop/b*' "$db/"
check 'and no others are read' test "$(jq -r .path "$W/found.jsonl" | sort -u)" = "$db/shop/bare"

# What a type cannot hold is not found there, and a column that is excluded is
# not asked for.
sql <<-END
	create database typed; grant select on typed.* to clerk; use typed;
	create table t(id int primary key, card_text text, card_number bigint, card_decimal decimal(19), card_double double,
	    card_amount decimal(19, 2), card_issued datetime, phone_seen timestamp, card_uuid uuid, card_bits bit(60), birth_date date,
	    card_secret text);
	insert into t select seq, '4012888888881881', 4012888888881881, 4012888888881881, 4012888888881881, 4012888888881881.00,
	    '4012-08-08 18:18:08', '2012-08-08 08:08:01', '40128888-8888-4188-8128-888888818810', 4012888888881881, '1984-02-29',
	    '4012888888881881' from seq_1_to_300;
	create table s(card_counter bigint auto_increment primary key);
	insert into s values (4012888888881881);
	set global general_log_file = 'general.log', general_log = 1;
END
check 'columns of all types are read' scan "$db/typed" --option 'exclude=t/card_secret'
check 'a card is found where its type can hold one, and nowhere else' eval '
	[ "$(jq -r ".place | split(\" \")[2] | rtrimstr(\",\")" "$W/found.jsonl" | sort | uniq -c | xargs)" = \
	"300 birth_date 300 card_decimal 300 card_number 300 card_text" ]'
check 'a column that is excluded is not asked for' eval '
	grep -q "card_text.*FROM .typed.\..t." "$P/data/general.log" && ! grep -q card_secret "$P/data/general.log"'
sql shop -e 'create table many(id int primary key); insert into many select seq from seq_1_to_120001'
scan "$db/shop/many"
said_by() { sed -n "s/.*[[:space:]]\([0-9]*\) Query[[:space:]]SELECT $1 .shop.\..many.*/\1/p" "$P/data/general.log"; }
check 'a table of many rows is counted once, over a connection of its own' eval '
	whole && [ "$(said_by "COUNT(\*) FROM" | wc -l)" = 1 ] &&
	[ "$(said_by ".* FROM" | sort -u | wc -l)" = 2 ]'
sql -e "create user alone identified by 'his own' with max_user_connections 1; grant select on shop.* to alone"
credential alone 'his own'
check 'who may have one connection only reads it, too' scan "$db/shop/many"
check 'and has it counted behind its rows' eval 'whole && [ "$(said_by "COUNT(\*) FROM" | wc -l)" = 2 ]'
credential clerk "a clerk's own"
sql -e 'set global general_log = 0'

# The session cannot write, whatever the account may do; who waits for a lock,
# or for an answer, gives up and goes on with the next table.
sql <<-END
	create database strict; grant select, insert, execute on strict.* to clerk; use strict;
	create table stamps(n int); create table held(id int primary key, card text);
	create table other(id int primary key, card text); insert into other values (1, '4111 1111 1111 1111');
	delimiter //
	create function stamp() returns varchar(9) modifies sql data begin insert into stamps values (1); return 'x'; end //
	delimiter ;
	create view stamped as select stamp() x;
	create view slow as select sleep(60);
	create view settings as select '4111 1111 1111 1111' card from information_schema.session_variables
	    where variable_name = 'TX_READ_ONLY' and variable_value = 'ON'
	    or variable_name = 'MAX_STATEMENT_TIME' and variable_value = 1.5
	    or variable_name in ('LOCK_WAIT_TIMEOUT', 'INNODB_LOCK_WAIT_TIMEOUT') and variable_value = '1' having count(*) = 4;
END
sql strict -e 'lock tables held write; do sleep(60)' >"$W/lock.log" 2>&1 &
PIDS[lock]=$!
cited() { grep -q "$1" "$W/coverage.jsonl" || { cat "$W/coverage.jsonl"; false; }; }
locked() { sql -e "show open tables from strict like 'held'" | grep -q '[1-9]'; }
wait_for 10 locked
check 'a database is read in which a table is locked, a view writes and one is slow' \
    scan "$db/strict" --option views=yes --option statement_timeout=1500ms --option lock_timeout=1s
check 'a view that would write is not even described to our session' \
    cited 'strict/stamped".*the server tells no columns of it'
check 'and nothing was written' test "$(sql -e 'select count(*) from strict.stamps')" = 0
check 'a locked table is named, and why' grep -q 'strict/held".*"time".*Lock wait timeout exceeded' "$W/coverage.jsonl"
check 'a slow one too' grep -q 'strict/slow".*"time".*max_statement_time exceeded' "$W/coverage.jsonl"
check 'the session is what it was told to be' found "$db/strict/settings" 'row 1 card' card_visa
check 'and all others are read' found "$db/strict/other" 'row 1 card, key 1' card_visa
kill "${PIDS[lock]}" && wait "${PIDS[lock]}" 2>"$W/killed.log"
unset "PIDS[lock]"

# How long that takes, whatever else this host does; no claim.
TIMEFORMAT="  $ROWS rows: %R s; CPU %U s user, %S s system"
echo 'trawl scan of one table, and mariadb-dump of it:'
time scan "$db/shop/orders"
time mariadb-dump --no-defaults -h $host -P "$port" -u clerk -p"a clerk's own" \
    --single-transaction --skip-lock-tables shop orders >/dev/null 2>"$W/dump.log"

# The server is killed in the middle of a table, and started again.
relay=$(free_port)
python3 "$(dirname "$0")/relay.py" "$relay" "$port" 1500000 "$W/held" &
PIDS[relay]=$!
wait_for 10 listening "$host:$relay"
restart() {
	wait_for 20 test -e "$W/held" || return
	kill -9 "${PIDS[mariadb]}" || return
	wait "${PIDS[mariadb]}" 2>"$W/killed.log"
	start
}
scan "mysql://$host:$relay/shop/orders" &
PIDS[scan]=$!
check 'a server is killed while a table is read, and comes back' restart
check 'the table is read to its end' wait "${PIDS[scan]}"
unset "PIDS[scan]"
check 'with as many rows as the server counts' whole
check 'and none twice' \
    test "$(found_in "mysql://$host:$relay/shop/orders" card_mastercard)" = 1

# One cell that is larger than a session should be.
sql <<-END
	create database vast; grant select on vast.* to clerk; use vast;
	create table heavy(id int primary key, text longtext);
	insert into heavy values (1, concat(repeat('words that say nothing ', $HEAVY * 45590), 'card 6011111111111117'));
END
traced --credential "$W/login.json" "$db/vast"
check "a cell of $HEAVY MiB is read to its end" grep -q '"place":"text, key 1"' "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1

# The password and its checks.
jq --rawfile ca "$P/cert.pem" '. + {ca: $ca}' "$W/login.json" >"$W/ca.json" &&
    chmod 600 "$W/ca.json"
check 'a server with the right certificate is read' \
    with_ca "$db/shop/kinds"
check 'one with another certificate is not' fails with_ca "mysql://localhost:$port/shop/kinds"
credential clerk 'another one'
check 'a wrong password is told' refused 'Access denied'
check 'and was tried once' logged "$W/server.log" 'Access denied for user' 1
credential clerk "a clerk's own"
scenario_end
