#!/usr/bin/env bash
# 56_mongo: collections are read from a server of ours that speaks MongoDB's
# protocol with libmongoc: documents, files and what they hold are found with
# their _id and the way to the field; a cut is taken up behind the last one.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
DOCUMENTS=${DOCUMENTS:-$([ -n "${TORTURE:-}" ] && echo 200000 || echo 5000)}
host=127.0.0.1
port=$(free_port)
tls=$(free_port)
cut=$(free_port)
chosen=$(free_port)
other=$(free_port)
vast=$(free_port)
MIB=${MIB:-132}

make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj '/CN=a test' -addext "subjectAltName=IP:$host" -days 2 \
	    -keyout "$W/key.pem" -out "$W/cert.pem" 2>"$W/openssl.log"
}

listens() { (exec 3<>"/dev/tcp/$host/$1") 2>/dev/null; }
serve() {
	python3 "$(dirname "$0")/mongod.py" "$1" "$W/$1.log" "$DOCUMENTS" \
	    "${@:2}" 2>"$W/$1.err" &
	PIDS[$1]=$!
	wait_for 15 listens "$1"
}

credential() {
	jq -n --arg p "$1" --rawfile ca "$W/cert.pem" \
	    '{user: "clerk", password: $p, ca: $ca}' >"$W/login.json"
	chmod 600 "$W/login.json"
}
scan() {
	trawl scan --format jsonl --jobs 1 --types 'card_*' \
	    --credential "$W/login.json" --coverage "$W/coverage.jsonl" \
	    "$@" >"$W/found.jsonl" 2>"$W/said"
}
found() { jq -s -e --arg p "$1" --arg w "$2" --arg t "$3" \
	'any(.[]; .path == $p and .place == $w and .type == $t)' \
	"$W/found.jsonl" >/dev/null; }
total() { jq -r "select(.totals) | .totals.$1" "$W/coverage.jsonl"; }
told() { grep -q -e "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$db" && told "$1"; }
# What was found, wherever the server is.
summary() {
	jq -r '[(.path | sub("^[a-z]*://[^/]*"; "")), .place, .type, .match] | @tsv' \
	    "$W/found.jsonl" | sort
}

make_certificate && serve "$port" || { cat "$W/$port.err"; exit 1; }
serve "$tls" "$W/cert.pem" "$W/key.pem" || exit 1
DROP_AFTER=20 serve "$cut" || exit 1
db=mongodb://$host:$port
credential "a clerk's own"
check 'all collections are read' scan "$db"
check 'one field of a document has its way and _id' \
    found "$db/shop/people" 'anna, address.cards[1].number' card_visa
check 'an _id that the server made is said as such' \
    found "$db/shop/people" 'ObjectId(64b1f0a2c3d4e5f601234567), note' card_mastercard
check 'a file in a document is opened' found "$db/shop/people" \
    'ObjectId(64b1f0a2c3d4e5f601234567), photo → x.csv → row 2 card' card_visa
check 'a large text is read to its end' found "$db/shop/people" 'large, text' card_amex
check 'an _id that could be a card is not said' \
    bash -c "jq -r .place '$W/found.jsonl' | grep -q '^record [0-9]*, card\$'"
check 'a file of GridFS is read as what it is' \
    found "$db/shop/fs.files" '1, q3.csv → row 50002 card' card_visa
check 'and its pieces are not read again' \
    bash -c "! grep -q fs.chunks '$W/coverage.jsonl' '$W/found.jsonl'"
check 'another database, too' found "$db/other/things" '1, card' card_visa
check 'but not what the server keeps for itself' \
    bash -c "! grep -q /local/ '$W/found.jsonl'"
check 'documents read are those that the server counts' \
    bash -c "! grep -q '\"reason\":\"changed\"' '$W/coverage.jsonl'"
check 'a collection that may not be read is named' \
    told 'shop/vault.*"reason":"denied".*not authorized'
check 'and nothing was asked but what reads' \
    test -z "$(sort -u "$W/$port.log" | grep -vxE \
    'hello|isMaster|ismaster|saslStart|saslContinue|connectionStatus|listDatabases|listCollections|count|find|getMore|killCursors|endSessions')"
summary >"$W/all"

check 'one collection alone' scan "$db/other/things"
check 'is found by its own name' found "$db/other/things" '1, card' card_visa
scan --option rate=2500 "$db/shop/people"
check 'no more documents a second than its rate' eval '
	[ "$(total whole)" = true ] &&
	jq -n -e "$(total seconds) >= ($DOCUMENTS - 626) / 2500" >/dev/null'
check 'collections are chosen' scan "$db" --option 'include=other/*'
check 'and no other is read' test "$(total objects)" = 1

# ---- fields ----
told_of() { # COLLECTION PROJECTION, and nothing else but them
	[ "$(grep projection "$W/${3:-$port}.log" | sort -u)" = "projection $1 $2" ]
}
places() { jq -r .place "$W/found.jsonl" | sort; }
: >"$W/$port.log"
scan "$db" --option 'include=shop/people/address.cards, shop/people/note'
check 'fields are chosen, with what stands below them' eval '
	[ "$(places)" = "ObjectId(64b1f0a2c3d4e5f601234567), note
anna, address.cards[1].number" ] && [ "$(total objects)" = 1 ] &&
	[ "$(total whole)" = true ]'
check 'and the server is asked for these alone' \
    told_of shop.people '{"address.cards": 1, "note": 1}'
: >"$W/$port.log"
scan "$db/shop" --option 'exclude=people/address, people/text, people/n*, vault'
check 'fields are left out, by a pattern too' eval '
	! places | grep -qE "address|text|note|number" &&
	places | grep -q "photo . x.csv" && places | grep -q ", card$" &&
	[ "$(total whole)" = true ]'
check 'and the server is not asked for those that have a name' \
    told_of shop.people '{"address": 0, "text": 0}'
: >"$W/$port.log"
scan "$db/shop/people" --option 'include=*card*' --option 'exclude=*.cards'
check 'of a collection that is the target, too' eval '
	[ "$(places | wc -l)" = 1 ] && places | grep -q "^record [0-9]*, card\$"'
check 'with what a star means chosen here' eval '! grep -q projection "$W/$port.log"'
scan "$db/shop" --option 'exclude=fs.chunks/data, people, vault'
check 'what files hold is a field of their pieces' eval '
	[ ! -s "$W/found.jsonl" ] && [ "$(total objects)" = 1 ] && [ "$(total whole)" = true ]'
DROP_AFTER=20 serve "$chosen" || exit 1
scan "mongodb://$host:$chosen/shop" --option 'include=people/address'
check 'a connection that is cut does not change what is chosen' eval '
	[ "$(places)" = "anna, address.cards[1].number" ] &&
	[ "$(total whole)" = true ] &&
	told_of shop.people "{\"address\": 1}" "$chosen" &&
	[ "$(grep -c connectionStatus "$W/$chosen.log")" = 2 ]'

scan "$db/shop" --option views=yes
check 'a view is read when asked for' found "$db/shop/seen" 'anna, address.cards[1].number' card_visa
check 'it is read over TLS, too' scan "mongodb://$host:$tls/other" --option tls=yes
check 'with the same result' found "mongodb://$host:$tls/other/things" '1, card' card_visa

scan "mongodb://$host:$cut"
summary >"$W/again"
check 'a connection that is cut is taken up behind the last document' cmp "$W/all" "$W/again"
check 'and no document is read twice or left out' \
    bash -c "! grep -q '\"reason\":\"changed\"' '$W/coverage.jsonl'"
check 'though it was cut' test "$(grep -c connectionStatus "$W/$cut.log")" = 2

HEAVY=$MIB serve "$vast" || exit 1
traced --credential "$W/login.json" "mongodb://$host:$vast"
check "a file of $MIB MiB is read to its end" grep -q 'vast/fs.files.*card_amex' "$W/traced.out"
check 'and documents that are as large as there are' grep -q '"place":"2, text".*card_visa' "$W/traced.out"
check 'in little memory, and nothing of them touches the disk' sparing 1

: >"$W/$port.log"
credential 'another one'
check 'a wrong password is told' refused 'Authentication failed'
check 'and was tried once' test "$(grep -c refused "$W/$port.log")" = 1
credential "a clerk's own"
db=mongodb://$host:$port/shop/nothing
check 'a collection that is not there is told' refused 'no such collection'
db=mongodb://$host:$other
check 'a server that is not there is told' refused 'connection\|suitable servers'
scenario_end
