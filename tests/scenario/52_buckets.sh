#!/bin/bash
# Buckets of S3 in a real OpenStack Swift on loopback, which checks signatures:
# pages of a list, odd keys, prefixes, large objects, old versions, wrong keys.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
. "$(dirname "$0")/swift.sh"
scenario_begin
PATH=$PATH:/usr/sbin
S3_PAGE=20 swift_start "$W/swift"
S=http://127.0.0.1:$SWIFT_PORT
MANY=140 BOUND=120 MIB=${MIB:-150}
[ -z "${TORTURE:-}" ] || MANY=10000 BOUND=1800

# ---- what it holds: put there by its own API ----
cat >"$W/put.py" <<'P'
import sys, threading, time, urllib.error, urllib.parse, urllib.request
site = sys.argv[1]
def ask(method, url, head, body=None):
    for n in range(40):
        try:
            return urllib.request.urlopen(urllib.request.Request(
                url, data=body, headers=head, method=method), timeout=20)
        except urllib.error.URLError:
            if n == 39: raise
            time.sleep(0.25)
r = ask("GET", site + "/auth/v1.0",
        {"X-Auth-User": "test:tester", "X-Auth-Key": "testing"})
head = {"X-Auth-Token": r.headers["X-Auth-Token"]}
at = r.headers["X-Storage-Url"] + "/cards"
ask("PUT", at, head)
vast = r.headers["X-Storage-Url"] + "/vast"
ask("PUT", vast, head)
ask("PUT", vast + "/large.txt", head, b"nothing to see in this line of a large object\n"
    * (22795 * int(sys.argv[3])) + b"visa 4111 1111 1111 1111\n")
card = b"visa 4111 1111 1111 1111\n"
large = b"nothing to see in this line of a large object\n" * 100000
put = {"odd/a b+c&d=%25\u00e9.txt": card, "odd/'quo\"te'.txt": card,
       "large.txt": large + card, "empty": b"", "one": card, "one.more": card}
for i in range(int(sys.argv[2])):
    put["many/%05d.txt" % i] = card
todo = list(put.items())
def work():
    while True:
        try: key, body = todo.pop()
        except IndexError: return
        ask("PUT", at + "/" + urllib.parse.quote(key), head, body)
all = [threading.Thread(target=work) for _ in range(6)]
[t.start() for t in all]
[t.join() for t in all]
# Objects from before there were versions; of the last of their page there are
# older ones. Then a key whose versions are two pages, and what is gone.
def put_old():
    aged = r.headers["X-Storage-Url"] + "/aged/"
    def keep(yes): ask("POST", aged, {**head, "X-Versions-Enabled": yes})
    def one(key, body): ask("PUT", aged + urllib.parse.quote(key), head, body)
    ask("PUT", aged, head)
    for i in range(19): one("early/%02d" % i, b"")
    keep("true")
    one("early/19", card)
    for n in range(30): one("mid/a+b %41", card if n in (0, 9, 29) else b"")
    for key in "old", "gone": one(key, card)
    one("old", b"nothing")
    ask("DELETE", aged + "gone", head)
    keep("false")
    one("early/19", b"")
    keep("true")
put_old()
r = ask("HEAD", at, head)    # what the server counts itself
print(r.headers["X-Container-Object-Count"],
      r.headers["X-Container-Bytes-Used"])
P
read -r COUNT BYTES < <(timeout "$BOUND" python3 "$W/put.py" "$S" "$MANY" "$MIB") ||
	echo 'the objects could not be put' >&2

cred() { printf '%s' "$2" >"$W/$1.json"; chmod 600 "$W/$1.json"; }
cred right '{"user":"test:tester","password":"testing"}'
cred wrong '{"user":"test:tester","password":"Wrong-Horse-8"}'
scan() { # NAME CREDENTIAL TARGET
	timeout "$BOUND" trawl scan --coverage "$W/$1.cov" --credential "$W/$2.json" \
		--option tries=2 "$3" >"$W/$1" 2>"$W/$1.err"
}
Q="endpoint=$S&region=made-up-1"

scan all right "s3://cards?$Q"
check 'every object of every page is read once' eval '
	[ "$(jq -r .path "$W/all" | sort -u | wc -l)" -eq $((MANY + 5)) ] &&
	[ "$(wc -l <"$W/all")" -eq $((MANY + 5)) ]'
check 'as many objects and bytes as the server counts, in full' \
	tallied "$W/all.cov" "whole $COUNT $COUNT 0 0 0 $BYTES"
check 'which are those that were put' test "$COUNT" -eq $((MANY + 6))
check 'odd keys are shown as they can be given again' eval '
	p=$(jq -r .path "$W/all" | grep "odd/a b") &&
	scan odd right "$p" && [ "$(jq -r .path "$W/odd")" = "$p" ]'
check 'a large object is read to its end' \
	grep -q 'cards/large.txt' "$W/all"
check 'a prefix is read alone' eval '
	scan many right "s3://cards/many/0001?$Q" &&
	[ "$(wc -l <"$W/many")" -eq 10 ]'
check 'a whole key is that object alone' eval '
	scan one right "s3://cards/one?$Q" && [ "$(wc -l <"$W/one")" -eq 1 ]'
scan wrong wrong "s3://cards?$Q"
check 'a wrong secret key is said' grep -q 'SignatureDoesNotMatch' "$W/wrong.err"
scan none right "s3://nothing-here?$Q"
check 'a bucket that is not there is said' grep -q 'NoSuchBucket' "$W/none.err"
scan where right "s3://cards/many/000?endpoint=$S&region=elsewhere-2"
check 'a region that is wrong is put right' \
	test "$(wc -l <"$W/where")" -eq 100
for i in 1 2; do
	timeout "$BOUND" trawl scan --skip-unchanged --types card_amex \
		--coverage "$W/twice$i.cov" --credential "$W/right.json" \
		"s3://cards/many/000?$Q" >"$W/twice$i" 2>"$W/twice$i.err"
done
check 'an object of the same ETag is not read again' eval '
	tallied "$W/twice1.cov" "whole 100 100 0 0 0" &&
	tallied "$W/twice2.cov" "cut 100 0 100 0 0"'

# ---- versions: 20 of early/, 1 below the last of them, 30 of mid/, 3 more ----
paths() { jq -r .path "$W/$1" | sed 's/[?&]versions=yes//'; }
scan now right "s3://aged?$Q"
check 'without versions the newest of each key is all' eval '
	tallied "$W/now.cov" "whole 22 22 0 0 0" && [ "$(wc -l <"$W/now")" -eq 1 ]'
scan aged right "s3://aged?$Q&versions=yes"
check 'every version of every page is read once, no marker of a deletion' \
	tallied "$W/aged.cov" 'whole 54 54 0 0 0 157'
check 'a value is found that only stands in an old version, which is named' eval '
	[ "$(paths aged | wc -l)" -eq 6 ] &&
	[ "$(paths aged | grep -cE "[?&]version=[0-9.]+")" -eq 6 ] &&
	[ "$(paths aged | grep -c aged/old)" -eq 1 ]'
check 'and so it is read again' eval '
	p=$(jq -r .path "$W/aged" | grep aged/old) && scan old right "$p" &&
	[ "$(jq -r .path "$W/old")" = "$p" ]'

traced --credential "$W/right.json" "s3://vast?$Q"
check "an object of $MIB MiB is read to its end" grep -q vast/large.txt "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1
check 'no secret in what is written' \
	eval '! grep -rqE "testing|Wrong-Horse" "$W"/*.err "$W"/*.cov'
scenario_end
