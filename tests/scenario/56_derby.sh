#!/usr/bin/env bash
# 56_derby: the tables of a real Apache Derby are read by DRDA, whatever types
# they have, also without a key and with large cells; what is read is as many
# rows as the server counts, and a server that goes away is told.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
DIGITS=$([ -n "${TORTURE:-}" ] && echo 6 || echo 4) # of the number of rows
host=127.0.0.1
port=$(free_port)
db=derby://$host:$port/shop

# One Java for all: the server, and behind a pipe the client that fills it.
start() {
	rm -f "$W/orders" && mkfifo "$W/orders" || return
	java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx320m \
	    -Dfile.encoding=UTF-8 -Dderby.system.home="$W/derby" \
	    -cp /usr/share/java/derby.jar:/usr/share/java/derbynet.jar:/usr/share/java/derbytools.jar \
	    org.apache.derby.tools.ij <"$W/orders" >"$W/server.log" 2>&1 &
	PIDS[derby]=$!
	exec 9>"$W/orders"
}
serve() {
	mkdir "$W/derby" || return
	cat >"$W/derby/derby.properties" <<-END
	derby.connection.requireAuthentication=true
	derby.authentication.provider=BUILTIN
	derby.user.owner=made up
	derby.user.clerk=a clerk's own
	derby.database.readOnlyAccessUsers=clerk
	derby.system.durability=test
	derby.drda.startNetworkServer=true
	derby.drda.host=$host
	derby.drda.portNumber=$port
	END
	start
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

# Crossed with itself, ten rows are as many as one likes.
many() {
	local i from='' number='' power=1
	for ((i = 1; i <= DIGITS; i++)); do
		from+=", ten t$i" number+=" + $power * t$i.d" power=$((power * 10))
	done
	echo "insert into orders select case mod(t1.d, 4) when 0 then 'n' when 1 then 'Nord' when 2 then 's' else 'ß' end,
	    ${number# + }, 'nothing to see', cast(null as varchar(40)) from ${from#, };"
}

double() { for _ in {1..7}; do echo "update $1 set $2 = $2 || $2;"; done; }

# 40 MiB of text with cards at its ends and in its middle, for an import: that
# streams, where a statement would not.
vast() {
	python3 - "$W" <<-'END'
	import sys
	def fill(name, first, middle, last):
	    half = "wörter ohne belang\n" * (20 << 20 >> 4)
	    half = half.encode()[:20 << 20].decode(errors="ignore")
	    made = f"card {first}\n{half}\ncard {middle}\n{half}\ncard {last}\n".encode()
	    open(f"{sys.argv[1]}/{name}", "wb").write(made)
	    return f'"{name}.0.{len(made)}/"'
	file = fill("vast.bin", "4111111111111111", "5555555555554444", "6011111111111117")
	text = fill("vast.txt", "378282246310005", "3530111333300000", "4012888888881881")
	small = '"vast.txt.0.64/"'
	open(sys.argv[1] + "/vast.csv", "w").write(f'1,{file},{text},"card 30569309025904"\n2,{small},{small},"card 5105105105105100"\n')
	END
}

fill() {
	local words wide
	words=$(printf 'words that say nothing %.0s' {1..600}) # 13,800 letters
	wide=$(printf "c%s_$(printf 'x%.0s' {1..115}) int, " {1..280}) # the statement is longer than a segment
	(cd "$W" && printf 'name,card\nAnna,4111111111111111\n' >in.csv &&
	    python3 -m zipfile -c in.zip in.csv) || return
	cat >&9 <<-END
	connect 'jdbc:derby:shop;create=true;user=owner;password=made up';
	autocommit off;
	create schema "Old ""Shop/1";
	create table "Old ""Shop/1"."Kunden é" (id int primary key, "Card Number" varchar(40));
	insert into "Old ""Shop/1"."Kunden é" values (42, '4111 1111 1111 1111'), (43, null);
	create schema shop; set schema shop;
	create table kinds(k1 varchar(20) not null, k2 decimal(9,3) not null, k3 char(2) for bit data not null, k4 smallint not null,
	    c1 varchar(40), c2 char(24), c3 clob, c4 blob, c5 long varchar, c6 varchar(40) for bit data, c7 char(16) for bit data,
	    c8 long varchar for bit data, c9 bigint, c10 decimal(20), c11 xml, c12 double, c13 boolean, c14 real, c15 int, c16 date, c17 time,
	    c18 timestamp, primary key (k4, k1, k2, k3));
	insert into kinds values ('naïve €''s', -0.5, X'4142', -7, '4111111111111111', '5555555555554444', '3530111333300000',
	    cast(X'$(printf '4111 1111 1111 1111 \n' | hex)' as blob), '378282246310005', X'$(printf 6011111111111117 | hex)',
	    X'$(printf 6011000990139424 | hex)', X'$(printf '30569309025904\n' | hex)', 4012888888881881, 5105105105105100,
	    xmlparse(document '<a><card>4222222222222</card></a>' preserve whitespace), 1.5e300, true, 0.1, -7,
	    '2021-02-03', '01:02:03', '2021-02-03 04:05:06.123456789');
	insert into kinds(k1, k2, k3, k4) values ('', 12345.678, X'00ff', 8);
	create table ten(d int); insert into ten values 0, 1, 2, 3, 4, 5, 6, 7, 8, 9;
	create table orders(region varchar(9) not null, id int not null, note varchar(40), card varchar(40), primary key (region, id));
	$(many)
	update orders set card = '5555555555554444' where id = 5001;
	create table bare(a char(20), b varchar(40));
	insert into bare select note, cast(null as varchar(40)) from orders where id < 3000;
	insert into bare values ('card', '378282246310005');
	create table wide(id int primary key, ${wide}file clob, card varchar(40));
	insert into wide(id, card) values (1, '3530111333300000');
	create table scans(id int not null, began time not null, file blob, text clob, primary key (began, id));
	insert into scans values (1, '01:02:03', cast(X'$(hex <"$W/in.zip")' as blob), null), (2, '01:02:03', null, '$words');
	$(double scans text)
	update scans set text = text || ' card 6011111111111117' where id = 2;
	create table loose(text clob, more clob);
	insert into loose values ('words', '$words'), ('small', null);
	$(double loose more)
	update loose set more = more || ' card 6011000990139424' where more is not null;
	create table vast(id int primary key, file blob, words clob, note varchar(40));
	call syscs_util.syscs_import_table_lobs_from_extfile('SHOP', 'VAST', '$W/vast.csv', null, null, 'UTF-8', 0);
	create view seen as select '30569309025904' as card from ten where d = 1;
	commit;
	values 'it is full';
	END
	wait_for 120 grep -q '^it is full' "$W/server.log"
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

places() { jq -r --arg p "$1" 'select(.path == $p).place' "$W/found.jsonl" | sort -V | tr '\n' ';'; }
fails() { ! "$@"; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { fails scan "$1" && told "$2"; }
totals() { jq -r "select(.totals).totals.$1" "$W/coverage.jsonl"; }

serve && vast && fill || { tail -n 20 "$W/server.log"; exit 1; }
check 'no statement that fills it failed' fails grep ERROR "$W/server.log"
credential clerk "a clerk's own"

scan "$db"
check 'all tables of a database are read, and are whole' test "$(totals full) $(totals whole)" = '9 true'
check 'a card has its column and key, whatever the names are' \
    found "$db/Old \"Shop%2F1/Kunden é" 'row 1 Card Number, key 42' card_visa
at() { printf 'row 1 C%s, key naïve €'\''s, -0.500, AB, -7;' "$@"; }
check 'cards stand in columns of each type' \
    test "$(places "$db/SHOP/KINDS")" = "$(at 1 2 3 4 5 6 7 8 9 10 11)"
check 'one among many rows is found once' test "$(places "$db/SHOP/ORDERS" | grep -c ', key Nord, 5001;$')" = 1
check 'one in a table without a key' found "$db/SHOP/BARE" 'row 3001 B' card_amex
check 'one behind a statement of many long names' found "$db/SHOP/WIDE" 'row 1 CARD, key 1' card_jcb
check 'one in a file within an archive that a row holds' \
    test "$(places "$db/SHOP/SCANS" | grep -c 'FILE, key 1, 01:02:03 → in.csv')" = 1
check 'one behind a large text under a key of two columns' \
    grep -q 'TEXT, key 2, 01:02:03' "$W/found.jsonl"
check 'one behind a large text without a key' test "$(places "$db/SHOP/LOOSE")" = 'MORE;'
has() { jq -r --arg p "$db/SHOP/VAST" --arg w "$1" 'select(.path == $p and .place == $w) | .type + " \(.offset)"' "$W/found.jsonl" | sort -k 2 -n | sed 's/ .*//' | tr '\n' ' '; }
check 'bytes of 40 MiB are read from end to end' \
    test "$(has 'FILE, key 1')" = 'card_visa card_mastercard card_discover '
check 'and such a text beside them' test "$(has 'WORDS, key 1')" = 'card_amex card_jcb card_visa '
check 'and the rest of their row, and the next one' \
    test "$(has 'row 1 NOTE, key 1')$(has 'row 2 FILE, key 2')$(has 'row 2 NOTE, key 2')" = 'card_diners card_visa card_mastercard '
check 'a view is left out' fails grep -q '/SEEN' "$W/coverage.jsonl" "$W/found.jsonl"
check 'a view that is named is read' scan "$db/SHOP/SEEN"
check 'and alone' found "$db/SHOP/SEEN" 'row 1 CARD' card_diners
traced --coverage /dev/null --credential "$W/login.json" "$db/SHOP"
check 'large cells need little memory, and nothing of them touches the disk' sparing 1
scan --option sample=100 "$db/SHOP/ORDERS"
check 'a sample is named as one' told '100 of [0-9]* rows were read'
check 'the same server is read as one of DRDA' scan "drda://$host:$port/shop/SHOP/BARE"
check 'and so is the table' found "drda://$host:$port/shop/SHOP/BARE" 'row 3001 B' card_amex
check 'a database that is not there is told' refused "derby://$host:$port/shed" 'no such database'
check 'and is not made, whatever its name asks for' \
    bash -c "! trawl scan --credential '$W/login.json' 'derby://$host:$port/shed;create=true' 2>'$W/said'"
check 'which is told, too' told "no ';'"
check 'nothing was written' test ! -e "$W/derby/shed"

credential clerk 'another one'
check 'a wrong password is told' refused "$db" 'wrong'
check 'and was tried once' logged "$W/derby/derby.log" 'DRDAConnThread.*authentication failure' 1
credential clerk "a clerk's own"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$host" \
    -keyout "$W/key.pem" -out "$W/cert.pem" >"$W/openssl.log" 2>&1
jq --rawfile ca "$W/cert.pem" '. + {ca: $ca}' "$W/login.json" >"$W/ca.json" && chmod 600 "$W/ca.json"
check 'where a certificate is wanted, a server without TLS is not' \
    fails trawl scan --credential "$W/ca.json" "$db"

# The server is killed in the middle of a table.
relay=$(free_port)
python3 "$(dirname "$0")/relay.py" "$relay" "$port" 150000 "$W/held" &
PIDS[relay]=$!
wait_for 10 listening "$host:$relay"
scan "derby://$host:$relay/shop/SHOP/ORDERS" &
PIDS[scan]=$!
check 'a server is killed while a table is read' wait_for 20 test -e "$W/held"
kill -9 "${PIDS[derby]}"
wait "${PIDS[derby]}" 2>"$W/killed.log"
unset "PIDS[derby]"
wait "${PIDS[scan]}"
unset "PIDS[scan]"
check 'that scan does not call itself whole' test "$(totals whole)" = false
check 'and names the table' grep -q '/ORDERS.*"reason":"io"' "$W/coverage.jsonl"

# It comes back, and wants no password any more, but its own substitute of one.
exec 9>&-
echo derby.drda.securityMechanism=STRONG_PASSWORD_SUBSTITUTE_SECURITY >>"$W/derby/derby.properties"
again() {
	start && echo "connect 'jdbc:derby:shop;user=owner;password=made up';" >&9 &&
		wait_for 60 listening "$host:$port"
}
again || { tail -n 20 "$W/server.log"; exit 1; }
check 'a server that wants a substitute of the password is read' scan "$db/SHOP/BARE"
check 'all of the table' found "$db/SHOP/BARE" 'row 3001 B' card_amex
credential clerk 'another one, longer'
check 'with another password it is not' refused "$db/SHOP/BARE" 'authentication failure'
check 'which is a refusal' grep -q '"reason":"denied"' "$W/coverage.jsonl"
scenario_end
