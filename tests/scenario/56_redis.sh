#!/usr/bin/env bash
# 56_redis: every key of a real Redis is read, whatever type it has; what is
# found has its database, key and field, a server that goes away half-way is
# taken up again, and nothing on it is changed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
scenario_begin
KEYS=${KEYS:-$([ -n "${TORTURE:-}" ] && echo 1000000 || echo 20000)}
MIB=${MIB:-$([ -n "${TORTURE:-}" ] && echo 100 || echo 8)}
HEAVY=${HEAVY:-200}
host=127.0.0.1
port=$(free_port)
tls=$(free_port)
other=$(free_port)
R=$W/redis
secret='a made-up one'
export REDISCLI_AUTH=$secret
mkdir "$R"

make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj '/CN=a test' -addext "subjectAltName=IP:$host" -days 2 \
	    -keyout "$R/key.pem" -out "$R/cert.pem" 2>"$R/openssl.log"
}

configure() {
	cat >"$R/conf" <<-END
	bind $host
	port $port
	tls-port $tls
	tls-cert-file $R/cert.pem
	tls-key-file $R/key.pem
	tls-auth-clients no
	dir $R
	save ""
	requirepass "$secret"
	user clerk on ">a clerk's own" ~public:* +@read +@connection +info +dbsize
	enable-debug-command yes
	acllog-max-len 100
	logfile $R/log
	END
}

cli() { redis-cli -h "$host" -p "$port" "$@"; }
answers() { [ "$(cli ping 2>/dev/null)" = PONG ]; }
serve() {
	redis-server "$R/conf" >"$R/out" 2>&1 &
	PIDS[redis]=$!
	wait_for 20 answers
}

# Commands in the server's own form, for redis-cli --pipe.
fill() {
	python3 - "$KEYS" "$MIB" <<-'END' | cli --pipe >"$R/fill.log"
	import io, sys, zipfile
	keys, mib = int(sys.argv[1]), int(sys.argv[2])
	out = sys.stdout.buffer
	def say(*words):
	    parts = [b"*%d\r\n" % len(words)]
	    for w in words:
	        w = w if isinstance(w, bytes) else str(w).encode()
	        parts.append(b"$%d\r\n%s\r\n" % (len(w), w))
	    out.write(b"".join(parts))
	def zipped(name, text):
	    f = io.BytesIO()
	    with zipfile.ZipFile(f, "w", zipfile.ZIP_DEFLATED) as z:
	        z.writestr(name, text)
	    return f.getvalue()
	word = ('<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/'
	    'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Card 4111 1111 1111 1111'
	    '</w:t></w:r></w:p></w:body></w:document>')
	for n in range(keys - 20):
	    say("SET", "session:%d" % n, "nothing %d" % n)
	say("SET", "public:note", "card 4111111111111111")
	say("SET", "a key / with ? and \xe4".encode("latin-1"), "card 5555555555554444")
	say("SET", "files:a.zip", zipped("q3.csv", "name,card\nAnna,4111111111111111\n"))
	say("SET", "large", b"words that say nothing " * (mib * 45000) + b" card 378282246310005")
	say("SET", "short-lived", "card 6011111111111117", "EX", 3600)
	say("HSET", "user:17", "name", "Anna", "card", "4111 1111 1111 1111", "photo",
	    zipped("x.txt", "card: 378282246310005\n"), "empty", "")
	for n in range(0, 5000, 50):
	    say("HSET", "big:hash", *[w for m in range(n, n + 50) for w in ("f%d" % m, "v%d" % m)])
	say("HSET", "big:hash", "late", "card 5555555555554444")
	say("HSET", "long:name", "n" * 3000 + " card 4111111111111111", "x", "plain", "y")
	say("HSET", "wide", "text", b"words that say nothing " * 100000 + b"card 4111111111111111")
	for n in range(0, 6000, 100):
	    say("RPUSH", "queue", *["job %d" % m for m in range(n, n + 100)])
	say("RPUSH", "queue", "card 4111111111111111")
	for n in range(0, 3000, 100):
	    say("SADD", "cards", *["member-%d" % m for m in range(n, n + 100)])
	say("SADD", "cards", "4111 1111 1111 1111")
	say("ZADD", "scores", 1, "nothing", 2, "card 5555555555554444")
	for n in range(1000):
	    say("XADD", "orders", "%d-0" % (n + 1), "note", "nothing")
	say("XADD", "orders", "2000-7", "card", "4111111111111111")
	say("SELECT", 3)
	say("SET", "elsewhere", "card 4111111111111111")
	END
}

credential() {
	jq -n --arg u "$1" --arg p "$2" --rawfile ca "$R/cert.pem" \
	    '{user: $u, password: $p, ca: $ca}' >"$W/login.json"
	chmod 600 "$W/login.json"
}

scan() {
	trawl scan --format jsonl --jobs 1 --types 'card_*' \
	    --credential "$W/login.json" --coverage "$W/coverage.jsonl" \
	    "$@" >"$W/found.jsonl" 2>"$W/said"
}
# Members of sets have no order that stays.
summary() { jq -r '[.path, .type, .match] | @tsv' "$W/found.jsonl" | sort; }
total() { jq -r "select(.totals) | .totals.$1" "$W/coverage.jsonl"; }
found() { jq -s -e --arg p "$1" --arg w "$2" --arg t "$3" \
	'any(.[]; .path == $p and .place == $w and .type == $t)' \
	"$W/found.jsonl" >/dev/null; }
told() { grep -q "$1" "$W/said" "$W/coverage.jsonl"; }
refused() { ! scan "$db" && told "$1"; }

# What is there, when it ends, and how often something was changed.
state() {
	cli debug digest
	cli pttl session:1
	cli info persistence | grep rdb_changes_since_last_save
}
calls() { cli info commandstats | sed -n "s/^cmdstat_$1:calls=\([0-9]*\),.*/\1/p"; }
called() { [ "$(calls "$1")" -ge "$2" ] 2>/dev/null; }

make_certificate && configure && serve || { cat "$R/out" "$R/log"; exit 1; }
fill || exit 1
db=redis://$host:$port
credential '' "$secret"
size=$(cli dbsize)
state >"$W/before"
check 'all keys of all databases are read' scan "$db"
state >"$W/after"
check 'nothing on the server is changed' cmp "$W/before" "$W/after"
check 'as many as the server counts' \
    test "$(total objects)" = "$((size + 1))"
check 'and all of them fully' test "$(total full)" = "$((size + 1))"
check 'a string is found by its key' found "$db/0/public:note" '' card_visa
check 'whatever bytes its key has' \
    bash -c "jq -r .path '$W/found.jsonl' | grep -q '/0/a key / with %3F and '"
check 'what a string holds is read as what it is' \
    found "$db/0/files:a.zip" 'q3.csv → row 2 card' card_visa
check 'a large one to its end' found "$db/0/large" '' card_amex
check 'a field of a hash has its name' found "$db/0/user:17" card card_visa
check 'a file in a hash is opened' found "$db/0/user:17" 'photo → x.txt' card_amex
check 'a large hash is read to its end' found "$db/0/big:hash" late card_mastercard
check 'a long name is read as a value' \
    bash -c "jq -r 'select(.path|endswith(\"/long:name\")) | .place' '$W/found.jsonl' | grep -q '^name of value [12]\$'"
check 'a large value of a hash' found "$db/0/wide" text card_visa
check 'an element of a list has its number' found "$db/0/queue" '[6000]' card_visa
check 'a member of a set is found' \
    bash -c "jq -r 'select(.path|endswith(\"/0/cards\")) | .place' '$W/found.jsonl' | grep -q '^member [0-9]*\$'"
check 'one of a sorted set' found "$db/0/scores" 'member 2' card_mastercard
check 'an entry of a stream has its id' found "$db/0/orders" '2000-7, card' card_visa
check 'and what is in another database' found "$db/3/elsewhere" '' card_visa
summary >"$W/all.jsonl"

check 'one database alone' scan "$db/3"
check 'holds no more' test "$(jq -r .path "$W/found.jsonl")" = "$db/3/elsewhere"
check 'one key alone' scan "$db/0/user:17"
check 'is found by its own name' found "$db/0/user:17" card card_visa
check 'keys are chosen by name' scan "$db/0" --option 'include=public:*'
check 'and others are left out' test "$(jq -r .path "$W/found.jsonl")" = "$db/0/public:note"
check 'it is read over TLS, too' scan "rediss://$host:$tls/3"
check 'with the same result' found "rediss://$host:$tls/3/elsewhere" '' card_visa

credential clerk "a clerk's own"
check 'a user reads what he may' scan "$db/0"
check 'and what he may not is named' told '"reason":"denied".*NOPERM'
check 'what he may is found' found "$db/0/public:note" '' card_visa

# The server goes away when a third was read, and comes back.
cli save >"$R/saved"
credential '' "$secret"
cli config resetstat >"$R/reset"
scan "$db" &
PIDS[scan]=$!
wait_for 20 called type $((KEYS / 3))
kill -9 "${PIDS[redis]}"
wait "${PIDS[redis]}" 2>/dev/null
serve
wait "${PIDS[scan]}"
unset 'PIDS[scan]'
summary >"$W/again.jsonl"
check 'a server that went away half-way is taken up again' \
    test -z "$(comm -3 "$W/all.jsonl" "$W/again.jsonl")"
check 'and each key is there once' test "$(total objects)" = "$((size + 1))"
cp "$W/coverage.jsonl" "$W/cut.jsonl"

# One value that is larger than a session may be.
cli -n 5 eval "redis.call('SET', 'heavy', string.rep('words that say nothing ', ARGV[1]) .. 'card 378282246310005')" \
    0 $((HEAVY * 45590)) >"$R/heavy"
traced --credential "$W/login.json" "$db/5"
check "a value of $HEAVY MiB is read to its end" grep -q '/5/heavy"' "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1
cli -n 5 del heavy >"$R/heavy"

cli acl log reset >"$R/acl"
credential '' 'another one'
check 'a wrong password is told' refused 'WRONGPASS'
cli acl log >"$R/acl.log"
check 'and was tried once' test "$(grep -A1 '^count' "$R/acl.log" | tail -n 1)" = 1
credential '' ''
check 'that one is wanted is told' refused 'NOAUTH'
db=redis://$host:$other
check 'a server that is not there is told' refused 'refuses connections'
scenario_end
