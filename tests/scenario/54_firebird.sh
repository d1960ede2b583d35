#!/usr/bin/env bash
# 54_firebird: a database of Firebird: every row that the server counts, keys of
# two columns, large texts and bytes, odd names; a server that is killed while a
# table is read; a wrong password, which is tried once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
ROWS=${ROWS:-$([ -n "${TORTURE:-}" ] && echo 1000000 || echo 30000)}
port=$(free_port)
F=$W/firebird

# ---- the server: it listens where it is told only behind inetd ----------------

prepare() {
	local lib f
	lib=$(dirname "$(ls -d /usr/lib/*/firebird/3.0/plugins | head -n 1)")
	mkdir -p "$F/lock"
	for f in plugins intl firebird.msg plugins.conf; do ln -s "$lib/$f" "$F/"; done
	cat >"$F/firebird.conf" <<-END
	ServerMode = Classic
	SecurityDatabase = $F/security.fdb
	AuthServer = Srp256, Srp
	UserManager = Srp
	END
	echo "shop = $F/the shop.fdb" >"$F/databases.conf"
}

setting=(env "FIREBIRD=$F" "FIREBIRD_TMP=$F" "FIREBIRD_LOCK=$F/lock")

# isql says what fails, and goes on without -bail
sql() { "${setting[@]}" isql-fb -q -bail -ch UTF8 -i /dev/stdin >>"$W/isql.log" 2>&1; }

make_databases() {
	sql <<-END &&
	create database '$F/security.fdb' user 'SYSDBA' page_size 8192;
	input '/usr/share/firebird/3.0/security.sql';
	commit;
	create user SYSDBA password 'made-up-1';
	create user ANNA password 'made-up-2';
	commit;
	END
	sql <<-END
	create database '$F/the shop.fdb' user 'SYSDBA' page_size 16384 default character set utf8;
	create table customers(region varchar(8) not null, id int not null, since timestamp, card varchar(40), primary key (region, id));
	create table "Kunden ""ü"""(nr char(6) not null primary key, "Card Number" char(40));
	create table bare(a varchar(20), b varchar(40) character set none);
	create table files(id int not null primary key, words blob sub_type text, scan blob);
	create table notes(words blob sub_type text);
	create view seen as select card from customers where card is not null;
	commit;
	set term ^;
	execute block as declare i int = 0; begin
	  while (i < $ROWS) do begin
	    i = i + 1;
	    insert into customers values ('r' || mod(:i, 7), :i, timestamp '2026-01-02 03:04:05', null);
	    if (mod(i, 10) = 0) then insert into bare values ('x' || :i, null);
	  end
	end^
	set term ;^
	commit;
	update customers set card = '4111 1111 1111 1111' where id = 77;
	update customers set card = '5555555555554444' where id = $ROWS - 3;
	insert into bare values ('card number', '378282246310005');
	insert into "Kunden ""ü""" values ('k1', '6011 1111 1111 1117');
	insert into files select 1, list(rpad('nothing at all ', 7500, 'nothing at all '), '') || ' card 30569309025904', null from customers where id <= 800;
	insert into files values (2, null, 'name,card' || ascii_char(10) || 'Anna,4111111111111111' || ascii_char(10));
	insert into files values (3, null, null);
	insert into notes select list(rpad('words that say ', 7500, 'words that say '), '') || ' card 3530111333300000' from customers where id <= 400;
	insert into notes values ('card 2223003122003222');
	commit;
	grant select on customers to user anna;
	grant select on "Kunden ""ü""" to user anna;
	grant select on bare to user anna;
	grant select on files to user anna;
	grant select on notes to user anna;
	grant select on seen to user anna;
	commit;
	END
}

serve() {
	"${setting[@]}" python3 "$TOP/tests/scenario/inetd.py" "$port" "$(command -v firebird || echo /usr/sbin/firebird)" \
	    >>"$W/firebird.log" 2>&1 &
	PIDS[firebird]=$!
}

# ---- scans -------------------------------------------------------------------

base=firebird://127.0.0.1:$port

credential() {
	jq -n --arg u "$1" --arg p "$2" '{user: $u, password: $p}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

scan() {
	timeout 300 trawl scan --format jsonl --jobs 1 --credential "$W/login.json" \
	    --coverage "$W/coverage.jsonl" "$@" >"$W/found.jsonl" 2>"$W/said"
}

found() { jq -s -e --arg p "$base/$1" --arg w "$2" --arg t "$3" \
	'any(.[]; .path == $p and .place == $w and .type == $t)' \
	"$W/found.jsonl" >/dev/null; }
cards() { [ "$(jq -s '[.[] | select(.type | startswith("card_"))] | length' "$W/found.jsonl")" -eq "$1" ]; }
# N tables, each as many rows as its server counts, else it would be partly read
complete() { jq -s -e --argjson n "$1" '.[-1].totals |
	.whole and .objects == $n and .full == $n' "$W/coverage.jsonl" >/dev/null; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$@" && told "$words"; }
no_word() { ! grep -rqF "$1" "$W/said" "$W/coverage.jsonl" "$W/found.jsonl"; }

prepare
make_databases || { tail "$W/isql.log"; exit 1; }
serve
wait_for 20 listening "127.0.0.1:$port"

credential anna made-up-2
check 'a database is read by its alias' scan "$base/shop"
check 'every table is read, every row that the server counts' complete 5
check 'all cards are found, each once' cards 8
check 'one under a key of two columns has both' \
    found shop/CUSTOMERS "row 11 CARD, key r0, 77" card_visa
check 'names are what they are' \
    found 'shop/Kunden "ü"' 'row 1 Card Number, key k1' card_discover
check 'one in a table without a key' \
    found shop/BARE "row $((ROWS / 10 + 1)) B" card_amex
check 'one behind a large text' found shop/FILES 'WORDS, key 1' card_diners
check 'one in bytes, read as the file that they are' \
    found shop/FILES 'row 2 SCAN, key 2 → row 2 card' card_visa
check 'one behind a large text in a table without a key' \
    found shop/NOTES 'WORDS' card_jcb
traced --coverage /dev/null --credential "$W/login.json" "$base/shop"
check 'in little memory, and nothing of it touches the disk' sparing 1

check 'one table by its name' scan "$base/shop/BARE"
check 'is all that is read' complete 1
check 'a view is read where it is wanted' scan "$base/shop" --option views=on --option include=SEEN
check 'and it alone' complete 1
check 'by the path of its file as well' scan "$base/${F//\//%2F}%2Fthe%20shop.fdb/BARE"
check 'and all of it' complete 1

probe() { trawl targets probe --credential "$W/login.json" "$base/shop" >"$W/probe" 2>&1; }
check 'its tables can be looked through' probe
check 'a view too' grep -q 'SEEN' "$W/probe"

# ---- a server that dies --------------------------------------------------------

relay=$(free_port)
python3 "$TOP/tests/scenario/relay.py" "$relay" "$port" 300000 "$W/held" &
PIDS[relay]=$!
wait_for 10 listening "127.0.0.1:$relay"

die() {
	local child
	wait_for 20 test -e "$W/held" || return
	for child in $(pgrep -P "${PIDS[firebird]}"); do kill -9 "$child"; done
}
base=firebird://127.0.0.1:$relay
scan "$base/shop/CUSTOMERS" &
PIDS[scan]=$!
check 'a server is killed while a table is read' die
check 'the table is read to its end' wait "${PIDS[scan]}"
unset "PIDS[scan]"
base=firebird://127.0.0.1:$port
check 'with as many rows as the server counts' complete 1
check 'and what it holds is found once' cards 2

# ---- what cannot be ------------------------------------------------------------

words='user name and password are not defined'
credential anna another-one
check 'a wrong password is told' refused "$base/shop"
check 'and not repeated' no_word another-one
credential anna made-up-2
words='no database is named'
check 'that a database is wanted is told' refused "$base"
words='nowhere'
check 'one that is not there is told' refused "$base/nowhere"
words='no such table'
check 'a table that is not there is told' refused "$base/shop/NOWHERE"
scenario_end
