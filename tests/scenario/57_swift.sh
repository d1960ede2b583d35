#!/bin/bash
# Containers of a real OpenStack Swift on loopback by its own API: pages, odd
# keys, large objects of both kinds and their segments, a token that runs out,
# wrong keys; and a sign-in by Keystone, or by Rackspace's API key, which a small
# server plays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trace.sh"
. "$(dirname "$0")/swift.sh"
scenario_begin
PATH=$PATH:/usr/sbin
swift_start "$W/swift"
S=http://127.0.0.1:$SWIFT_PORT
KEYSTONE=$(free_port)
MANY=60 BOUND=120 MIB=${MIB:-192}
[ -z "${TORTURE:-}" ] || MANY=10000 BOUND=1800

# ---- what it holds ----
cat >"$W/put.py" <<'P'
import io, json, sys, threading, time, urllib.error, urllib.parse
import urllib.request, zipfile
site, many = sys.argv[1], int(sys.argv[2])
def ask(method, url, head, body=None):
    for n in range(60):
        try:
            return urllib.request.urlopen(urllib.request.Request(
                url, data=body, headers=head, method=method), timeout=20)
        except urllib.error.URLError:
            if n == 59: raise
            time.sleep(0.25)
r = ask("GET", site + "/auth/v1.0",
        {"X-Auth-User": "test:tester", "X-Auth-Key": "testing"})
head = {"X-Auth-Token": r.headers["X-Auth-Token"]}
root = r.headers["X-Storage-Url"]
print(root)
card = b"visa 4111 1111 1111 1111\n"
pack = io.BytesIO()
with zipfile.ZipFile(pack, "w") as z: z.writestr("in.txt", card)
if sys.argv[3:] == ["edit"]: # as long as it was
    ask("PUT", f"{root}/cards/one", head, card.replace(b"v", b"V"))
    sys.exit()
if len(sys.argv) > 3: # one of 64 segments, the same ones, and a last
    for c in ("vast", "vast-parts"): ask("PUT", f"{root}/{c}", head)
    line = b"nothing to see in this line of a large object\n"
    for n, body in ("1", line * 22795 * (int(sys.argv[3]) // 64)), ("2", card):
        ask("PUT", f"{root}/vast-parts/{n}", head, body)
    ask("PUT", f"{root}/vast/large.txt?multipart-manifest=put", head, json.dumps(
        [{"path": "/vast-parts/1"}] * 64 + [{"path": "/vast-parts/2"}]).encode())
    sys.exit()
for c in ("cards", "many", "parts"): ask("PUT", f"{root}/{c}", head)
put = {"cards/odd/a b+c&d=%25\u00e9.txt": card, "cards/empty": b"",
       "cards/one": card, "cards/one.more": card, "cards/p.zip": pack.getvalue(),
       # a value that lies across two segments
       "cards/seg/1": b"visa 4111 1111 ", "cards/seg/2": b"1111 1111\n",
       "parts/1": b"visa 4012 8888 ", "parts/2": b"8888 1881\n"}
for i in range(many): put["many/%05d" % i] = card
todo = list(put.items())
def work():
    while True:
        try: key, body = todo.pop()
        except IndexError: return
        ask("PUT", f"{root}/{urllib.parse.quote(key)}", head, body)
all = [threading.Thread(target=work) for _ in range(6)]
[t.start() for t in all]; [t.join() for t in all]
ask("PUT", f"{root}/cards/dynamic", {**head, "X-Object-Manifest": "cards/seg/"},
    b"")
ask("PUT", f"{root}/cards/static?multipart-manifest=put", head, json.dumps(
    [{"path": "/parts/1"}, {"path": "/parts/2"}]).encode())
P
ROOT=$(timeout "$BOUND" python3 "$W/put.py" "$S" "$MANY") ||
	echo 'the objects could not be put' >&2

# ---- Keystone, played: a catalogue, and a token of the store's own ----
cat >"$W/keystone.py" <<'P'
import http.server, json, sys, urllib.request
port, (site, root, log) = int(sys.argv[1]), sys.argv[2:5]
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked, old = 0, ""
    def log_message(self, *a): pass
    def out(self, code, body, head={}):
        self.send_response(code)
        for k, v in head.items(): self.send_header(k, v)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD": self.wfile.write(body)
    def do_POST(self):
        q = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v2.0/tokens": return self.rackspace(q["auth"])
        who = q["auth"]["identity"]["password"]["user"]
        if (self.path != "/v3/auth/tokens" or who["password"] != "te\"st\\ing" or
            who["domain"]["name"] != "Default" or
            q["auth"]["scope"]["project"]["name"] != "shop"):
            return self.out(401, b"{}")
        here, token = self.token()
        self.out(201, json.dumps({"token": {"catalog": [
            {"type": "compute", "endpoints": []},
            {"type": "object-store", "endpoints": [
                {"interface": "admin", "region": "here", "url": "http://no/"},
                {"interface": "public", "region": "there", "url": "http://no/"},
                {"interface": "public", "region": "here", "url": here}]}]}}
            ).encode(), {"X-Subject-Token": token})
    def rackspace(self, auth):
        who = auth.get("RAX-KSKEY:apiKeyCredentials")
        if who != {"username": "ann", "apiKey": "Made-Up-Key-5"}:
            return self.out(401, b"{}")
        here, token = self.token()
        no = lambda region: {"region": region, "publicURL": "http://no/"}
        self.out(200, json.dumps({"access": {"token": {"id": token},
            "serviceCatalog": [
                {"type": "rax:object-cdn", "endpoints": [no("DFW"), no("IAD")]},
                {"type": "object-store", "endpoints": [no("IAD"),
                    {"region": "DFW", "tenantId": "made-up",
                     "internalURL": "http://no/", "publicURL": here}]}],
            "user": {"name": "ann", "RAX-AUTH:defaultRegion": "DFW"}}}
            ).encode())
    def token(self):
        with open(log, "a") as f: f.write("sign-in\n")
        r = urllib.request.urlopen(urllib.request.Request(site + "/auth/v1.0",
            headers={"X-Auth-User": "test:tester", "X-Auth-Key": "testing"}))
        here = f"http://127.0.0.1:{port}{root[root.index('/v1/'):]}"
        # each sign-in its own token; the store's stands behind the colon
        return here, f"{len(open(log).readlines())}:{r.headers['X-Auth-Token']}"
    def do_GET(self):      # the store behind it: the first token runs out
        n, token = self.headers["X-Auth-Token"].split(":", 1)
        H.asked += 1
        if n == "1" and H.asked > 30: return self.out(401, b"")
        r = urllib.request.Request(site + self.path, headers={
            "X-Auth-Token": token}, method=self.command)
        try: r = urllib.request.urlopen(r)
        except urllib.error.HTTPError as e: r = e
        self.out(r.status, r.read(), {k: v for k, v in r.headers.items()
                                      if k in ("Etag", "X-Object-Manifest")})
    do_HEAD = do_GET
s = http.server.ThreadingHTTPServer(("127.0.0.1", port), H)
s.daemon_threads = True
s.serve_forever()
P
python3 "$W/keystone.py" "$KEYSTONE" "$S" "$ROOT" "$W/keystone.log" &
PIDS[keystone]=$!
wait_for 10 listening "127.0.0.1:$KEYSTONE"

cred() { printf '%s' "$2" >"$W/$1.json"; chmod 600 "$W/$1.json"; }
cred right '{"user":"test:tester","password":"testing"}'
cred wrong '{"user":"test:tester","password":"Wrong-Horse-8"}'
cred stone '{"user":"ann","password":"te\"st\\ing"}'
cred key '{"user":"ann","api_key":"Made-Up-Key-5"}'
cred other '{"user":"ann","api_key":"Wrong-Horse-9"}'
scan() { # NAME CREDENTIAL TARGET
	timeout "$BOUND" trawl scan --coverage "$W/$1.cov" \
		--credential "$W/$2.json" --option tries=2 "$3" \
		>"$W/$1" 2>"$W/$1.err"
}
paths() { jq -r .path "$W/$1" | LC_ALL=C sort; }
Q="?auth=$S/auth/v1.0"

scan cards right "swift://cards$Q"
LC_ALL=C sort >"$W/want" <<-W
	swift://cards/dynamic$Q
	swift://cards/odd/a b+c&d=%2525é.txt$Q
	swift://cards/one$Q
	swift://cards/one.more$Q
	swift://cards/p.zip$Q
	swift://cards/static$Q
W
check 'odd keys, a zip, large objects of both kinds, their segments not alone' \
	diff "$W/want" <(paths cards)
check 'a name is shown as it can be given again' eval '
	p=$(paths cards | grep odd) && scan odd right "$p" &&
	[ "$(paths odd)" = "$p" ]'
check 'every container, every page, segments of other containers once' eval '
	scan all right "swift:///$Q&page=25" &&
	[ "$(paths all | uniq | wc -l)" -eq $((6 + MANY)) ] &&
	[ "$(wc -l <"$W/all")" -eq $((6 + MANY)) ]'
# What the server itself counts: objects and bytes of a container.
server_counts() { # CONTAINER
	python3 - "$S" "$ROOT/$1" <<-'P'
		import sys, urllib.request as u
		r = u.urlopen(u.Request(sys.argv[1] + "/auth/v1.0", headers={
		    "X-Auth-User": "test:tester", "X-Auth-Key": "testing"}))
		r = u.urlopen(u.Request(sys.argv[2], method="HEAD", headers={
		    "X-Auth-Token": r.headers["X-Auth-Token"]}))
		n, b = (int(r.headers["X-Container-" + h])
		        for h in ("Object-Count", "Bytes-Used"))
		print("whole", n, n, 0, 0, 0, b)
	P
}
check 'read in full, segments as what they are parts of' \
	tallied "$W/cards.cov" 'whole 7 7 0 0 0 260'
check 'all of the account, too' \
	tallied "$W/all.cov" "whole $((7 + MANY)) $((7 + MANY)) 0 0 0 $((260 + 25 * MANY))"
check 'which are those that the server counts' \
	test "$(server_counts many)" = "whole $MANY $MANY 0 0 0 $((25 * MANY))"
for i in 1 2 3; do
	[ $i -lt 3 ] || python3 "$W/put.py" "$S" 0 edit >"$W/put.edit"
	timeout "$BOUND" trawl scan --skip-unchanged --types card_amex \
		--coverage "$W/twice$i.cov" --credential "$W/right.json" \
		"swift://cards$Q" >"$W/twice$i" 2>"$W/twice$i.err"
done
check 'an object of the same ETag is not read again, but one put anew or of parts' eval '
	tallied "$W/twice1.cov" "whole 7 7 0 0 0" &&
	tallied "$W/twice2.cov" "cut 7 2 5 0 0" &&
	tallied "$W/twice3.cov" "cut 7 3 4 0 0"'
check 'a whole key is that object alone' eval '
	scan one right "swift://cards/one$Q" && [ "$(wc -l <"$W/one")" -eq 1 ]'
check 'one level for who chooses' eval '
	timeout 20 trawl targets probe --credential "$W/right.json" \
		"swift://cards$Q" >"$W/probe" 2>&1 && grep -q "odd/" "$W/probe" &&
	! grep -q "c&d" "$W/probe"'
python3 "$W/put.py" "$S" 0 "$MIB" >"$W/put.vast"
traced --credential "$W/right.json" "swift://vast$Q"
check "an object of $MIB MiB is read to its end" grep -q vast/large.txt "$W/traced.out"
check 'in little memory, and nothing of it touches the disk' sparing 1
scan wrong wrong "swift://cards$Q"
check 'a wrong key is said' grep -q 'refused this user' "$W/wrong.err"
scan none right "swift://nothing-here$Q"
check 'a container that is not there is said' \
	grep -q 'no such container' "$W/none.err"
scan clear right "swift://cards?auth=http://swift.example/auth/v1.0"
check 'a password does not go to another host in clear' \
	grep -q 'in clear' "$W/clear.err"

# ---- Keystone ----
K="?auth=http://127.0.0.1:$KEYSTONE/v3&project=shop&region=here"
SOME=$((MANY < 100 ? MANY : 100))
scan stone stone "swift://many/000$K&page=25"
check 'a sign-in by Keystone, a token that runs out: all of it, nothing twice' \
	eval '[ "$(paths stone | uniq | wc -l)" -eq "$SOME" ] &&
	[ "$(wc -l <"$W/stone")" -eq "$SOME" ]'
check 'a token that runs out is told by nobody as something unread' \
	tallied "$W/stone.cov" "whole $SOME $SOME 0 0 0 $((25 * SOME))"
check 'and one new sign-in' test "$(wc -l <"$W/keystone.log")" -eq 2
scan refused wrong "swift://many$K"
check 'what Keystone refuses is said' \
	grep -q 'refused this user' "$W/refused.err"

# ---- Rackspace ----
K="?auth=http://127.0.0.1:$KEYSTONE/v2.0"
RAX='tallied "$W/$r.cov" "whole $SOME $SOME 0 0 0 $((25 * SOME))"'
check 'an API key opens the store of the region that is its user'"'"'s' eval '
	r=rax; scan rax key "swift://many/000$K" && eval "$RAX"'
check 'or of the region that is wanted' eval '
	r=dfw; scan dfw key "swift://many/000$K&region=DFW" && eval "$RAX"
	! scan iad key "swift://many/000$K&region=IAD" &&
	! scan ord key "swift://many/000$K&region=ORD" &&
	grep -q "are project and region right" "$W/ord.err"'
check 'a key that is not right is said' eval '
	! scan unkeyed other "swift://many$K" &&
	grep -q "refused this user, password or key" "$W/unkeyed.err"'
check 'no secret in what is written' \
	eval '! grep -rqE "Made-Up-Key|te.?\"st|testing|Wrong-Horse" "$W"/*.err "$W"/*.cov'
scenario_end
