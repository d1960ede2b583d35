#!/usr/bin/env bash
# 55_tds: tables behind TDS 7.4 and 5.0, of servers of our own, are read along
# their keys; an answer that is cut, also where it looks whole, is no end.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
ROWS=${ROWS:-$([ -n "${TORTURE:-}" ] && echo 1000000 || echo 50000)}
host=127.0.0.1
port=$(free_port) ase=$(free_port)
db=mssql://$host:$port

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
fails() { ! "$@"; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { fails scan "$db/" && told "$1"; }
totals() { jq -r "select(.totals).totals.$1" "$W/coverage.jsonl"; }

python3 "$(dirname "$0")/tds.py" "$port" "$ROWS" "$W/logins" >"$W/server.log" 2>&1 &
PIDS[server]=$!
wait_for 60 listening "$host:$port" || { cat "$W/server.log"; exit 1; }
credential anna 'a made-up one'

scan "$db/"
check 'tables of a server are read' test "$(totals full)" = 7
check 'one, which may not be, is told' test "$(totals unread)" = 1
check 'of one that breaks off what came is read' test "$(totals partial)" = 1
check 'a card has its column and key, whatever the names are' \
    found "$db/shop/dbo/Customers ]x" 'row 1 Card Number, key 42' card_visa
check 'one under a key of two columns, large letters or small' \
    test "$(found_in "$db/shop/dbo/orders" card_mastercard)" = 1
check 'one in a table without a key' found "$db/shop/dbo/bare" 'row 3001 b' card_amex
check 'one in a file that a row holds' \
    found "$db/shop/dbo/scans" 'row 1 file, key 1 → row 2 card' card_visa
check 'one behind a large text' found "$db/shop/dbo/scans" 'text, key 2' card_discover
check 'one behind a large text without a key' found "$db/shop/dbo/loose" text card_discover
check 'an answer that was cut is taken up again, nothing twice' \
    found "$db/shop/dbo/cut" 'row 30000 card, key 30000' card_jcb
check 'with as many rows as the server counts' fails told '"reason":"changed"'
check 'one that ends without saying so is told' grep -q '/mute.*"io"' "$W/coverage.jsonl"
check 'a table that may not be read is named' grep -q '/denied.*SELECT permission' "$W/coverage.jsonl"
check 'the server was asked for reading only' fails grep -qv 'read-only$' "$W/logins"
check 'and told that we are the one to fail, and wait ten seconds for locks at most' \
    grep -q '^SET LOCK_TIMEOUT 10000 SET DEADLOCK_PRIORITY LOW ' "$W/server.log"
traced --coverage /dev/null --credential "$W/login.json" "$db/shop"
check 'large cells need little memory, and nothing of them touches the disk' sparing 1
check 'one table alone is read alone' scan "$db/shop/dbo/bare" --option lock_timeout=1500ms
check 'with the time for locks that was asked for' grep -q '^SET LOCK_TIMEOUT 1500 ' "$W/server.log"
check 'and no other' test "$(jq -r .path "$W/found.jsonl" | sort -u)" = "$db/shop/dbo/bare"
check 'a sample is named as one' \
    bash -c "! trawl scan --credential '$W/login.json' --option sample=100 '$db/shop/dbo/orders' 2>&1 | grep -q '100 % read'"

# ---- TDS 5.0, as ASE speaks it ----
python3 "$(dirname "$0")/tds5.py" "$ase" "$W/ase.heard" >"$W/ase.log" 2>&1 &
PIDS[ase]=$!
wait_for 60 listening "$host:$ase" || { cat "$W/ase.log"; exit 1; }
ase=sybase://$host:$ase
has() { jq -r --arg p "$ase/shop/dbo/$1" --arg w "$2" 'select(.path == $p and .place == $w) | .type + " \(.offset)"' "$W/found.jsonl" | sort -k 2 -n | sed 's/ .*//' | tr '\n' ' '; }
scan "$ase/"
check 'tables of ASE are read, but one that may not be' test "$(totals full) $(totals partial) $(totals unread)" = '2 1 1'
check 'which is named' grep -q '/denied.*"denied".*SELECT permission' "$W/coverage.jsonl"
check 'one card among many rows has its key of two columns, once' \
    test "$(jq -r --arg p "$ase/shop/dbo/orders" 'select(.path == $p).place' "$W/found.jsonl")" = 'row 18334 card, key s, 5000'
check 'a text of 24 MiB is read from end to end' test "$(has papers 'words, key 1')" = 'card_visa card_mastercard card_discover '
check 'and one without a key' test "$(has loose words)" = 'card_amex card_visa card_diners '
check 'what stands beside and behind it, too' \
    test "$(has papers 'scan, key 1')$(has papers 'row 1 note, key 1')$(has papers 'row 3 words, key 3')" = 'card_amex card_amex card_jcb card_amex '
check 'an image of 36 MiB as far as FreeTDS can hold it' test "$(has papers 'scan, key 2')" = 'card_visa card_mastercard '
check 'and its cell is named, no end of the table' eval 'jq -s -e --arg p "$ase/shop/dbo/papers" "any(.[]; .path == \$p and
    any(.notes[]; .place == \"scan, key 2\" and .detail == \"no more than 32 MiB of it are read\"))" "$W/coverage.jsonl" >/dev/null'
traced --coverage /dev/null --credential "$W/login.json" "$ase/shop/dbo/papers"
check 'all that in little memory, and nothing touches the disk' sparing 1
check 'the password went under the key of the server' fails grep -q '^password in clear' "$W/ase.heard"
check 'a wrong one is told' eval 'credential anna "another one"; fails scan "$ase/" && told "Login failed"'
credential anna 'a made-up one'

logins=$(wc -l <"$W/logins")
credential anna 'another one'
check 'a wrong password is told' refused 'Login failed'
check 'and was tried once' test "$(wc -l <"$W/logins")" = $((logins + 1))
credential anna 'a made-up one'
jq '. + {ca: "none"}' "$W/login.json" >"$W/ca.json" && mv "$W/ca.json" "$W/login.json"
chmod 600 "$W/login.json"
logins=$(wc -l <"$W/logins")
check 'where a certificate is wanted, a server without TLS is not' fails scan "$db/"
check 'and gets no password' test "$(wc -l <"$W/logins")" = "$logins"

# ---- all of it over TLS, as products want it at least of the sign-in ----
make_certificate() { # NAME
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj '/CN=localhost' -addext 'subjectAltName=DNS:localhost' -days 2 \
	    -keyout "$W/$1.key" -out "$W/$1.pem" 2>"$W/openssl.log"
}
make_certificate right && make_certificate other
tls=$(free_port)
python3 "$(dirname "$0")/tds.py" "$tls" 2000 "$W/tls.logins" "$W/right.pem" \
    "$W/right.key" >"$W/tls.log" 2>&1 &
PIDS[tls]=$!
wait_for 60 listening "$host:$tls" || cat "$W/tls.log"
trust() { # NAME
	jq --rawfile ca "$W/$1.pem" '.ca = $ca' "$W/login.json" >"$W/ca.json" &&
		mv "$W/ca.json" "$W/login.json" && chmod 600 "$W/login.json"
}
db=mssql://localhost:$tls
trust right
check 'over TLS, of a server whose certificate is trusted' scan "$db/shop/dbo/bare"
check 'with the same result' found "$db/shop/dbo/bare" 'row 3001 b' card_amex
trust other
logins=$(grep -c login "$W/tls.logins")
check 'one of nobody that is trusted is not' fails scan "$db/shop/dbo/bare"
check 'nor gets it a password' test "$(grep -c login "$W/tls.logins")" = "$logins"
scenario_end
